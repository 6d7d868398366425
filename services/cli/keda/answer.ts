// What a plan says: values with reasons, figures that follow from them, inputs that do not fit.

export interface Answer {
  /** As in the tuning file: `state.maxReplicas`. */
  readonly key: string;
  /** As it stands there: ConfigMaps hold text. */
  readonly value: string;
  readonly reason: string;
  /** What goes wrong with another value, or all the same. */
  readonly traps: readonly string[];
}

/** Not set anywhere: what the answers come to. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** An input, by its property, of which no plan can be made. */
export interface PlanFault<Inputs> {
  readonly input: keyof Inputs;
  /** What is wanted, what was found, what to do. */
  readonly text: string;
}

export interface PartPlan<Inputs> {
  readonly answers: readonly Answer[];
  readonly figures: readonly Figure[];
  /** Where there are any, the answers are worth nothing. */
  readonly faults: readonly PlanFault<Inputs>[];
}

export function answer(
  key: string,
  value: number | string,
  why: { readonly reason: string; readonly traps?: readonly (string | null)[] },
): Answer {
  const traps = (why.traps ?? []).filter((trap) => trap !== null);
  return { key, value: String(value), reason: why.reason, traps };
}
