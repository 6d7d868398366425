// The plan of a tuning file, or of one processor: inputs in, answers out, or all faults at once.

import { ConfigError, type ConfigFault, type Environment } from '#shared/runtime/config.ts';
import type { Answer, Figure, PlanFault } from './answer.ts';
import { flagInputs, fleetInputs, processorInputs, readInputs } from './inputs.ts';
import { planBridge } from './plan-bridge.ts';
import { planEmqxZone } from './plan-emqx-zone.ts';
import { planProcessor } from './plan-processor.ts';

export interface Plan {
  readonly answers: readonly Answer[];
  readonly figures: readonly Figure[];
}

/** Processors whose keys the tuning file has. */
const processors = ['state'];

/** `values`: key of the tuning file → text. Throws ConfigError with all faults. */
export function planFleet(values: Environment): Plan {
  const faults: ConfigFault[] = [];
  const fleet = readInputs(fleetInputs, values, faults);
  const parts = processors.map((part) => ({
    part,
    inputs: readInputs(processorInputs(part), values, faults),
  }));
  if (fleet === null) throw new ConfigError(faults);
  const plans: Plan[] = [];
  const { baseRate, peakRate, partitions } = fleet;
  for (const { part, inputs } of parts) {
    if (inputs === null) continue;
    const plan = planProcessor({ part, baseRate, peakRate, partitions, ...inputs });
    const names = namesOf({ ...fleetInputs, ...processorInputs(part) });
    faults.push(...plan.faults.map((fault) => named(fault, names, values)));
    plans.push(plan);
  }
  const ratePerReplica = fleet.bridgeRatePerReplica;
  const ofBridge = { ratePerReplica, startSeconds: fleet.bridgeStartSeconds };
  const bridge = planBridge({ baseRate, peakRate, ...ofBridge });
  const zone = planEmqxZone({ ...fleet, ...ofBridge, bridges: bridge.min });
  const fleetNames = namesOf(fleetInputs);
  faults.push(...zone.faults.map((fault) => named(fault, fleetNames, values)));
  // A peak below the base rate is a fault of every part; once is enough.
  const texts = new Set<string>();
  const once = faults.filter(({ text }) => !texts.has(text) && texts.add(text));
  if (once.length > 0) throw new ConfigError(once);
  return joined([...plans, bridge, zone]);
}

/** `values`: option with its dashes → text. Throws ConfigError with all faults. */
export function planOneProcessor(values: Environment): Plan {
  const faults: ConfigFault[] = [];
  const inputs = readInputs(flagInputs, values, faults);
  if (inputs === null) throw new ConfigError(faults);
  const plan = planProcessor({ part: 'processor', ...inputs });
  const names = namesOf(flagInputs);
  if (plan.faults.length > 0) {
    throw new ConfigError(plan.faults.map((fault) => named(fault, names, values)));
  }
  return joined([plan]);
}

type Names = Readonly<Record<string, string>>;

function namesOf(table: Readonly<Record<string, { readonly name: string }>>): Names {
  return Object.fromEntries(Object.entries(table).map(([key, { name }]) => [key, name]));
}

function named<Inputs>(
  { input, text }: PlanFault<Inputs>,
  names: Names,
  values: Environment,
): ConfigFault {
  const name = names[String(input)]!;
  return { name, text: `${name}="${values[name] ?? ''}": ${text}` };
}

function joined(plans: readonly Plan[]): Plan {
  return {
    answers: plans.flatMap(({ answers }) => answers),
    figures: plans.flatMap(({ figures }) => figures),
  };
}
