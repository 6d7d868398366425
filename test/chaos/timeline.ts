// What was broken when, and how the flow of acknowledgements went meanwhile.

import type { Excuses } from './faults/fault.ts';

/** A fault that struck. */
export interface Happening {
  readonly name: string;
  /** Known when it has struck. */
  what: string;
  readonly excuses: Excuses;
  /** Epoch ms: before it struck. */
  readonly at: number;
  /** When all was whole again; infinite until then. */
  untilAt: number;
  /** What it showed that should not be so; null: nothing. */
  fault: string | null;
}

/** Looked at ten times a second. */
export interface Look {
  readonly at: number;
  /** Messages with the PUBACK of the broker. */
  readonly sentCount: number;
  /** Messages with the PUBACK of a bridge. */
  readonly ackedCount: number;
}

export class Timeline {
  readonly happenings: Happening[] = [];
  readonly looks: Look[] = [];

  begins(happening: Omit<Happening, 'untilAt' | 'fault'>): Happening {
    const open = { ...happening, untilAt: Number.POSITIVE_INFINITY, fault: null };
    this.happenings.push(open);
    return open;
  }

  /** A line for each, for people. */
  render(startAt: number): readonly string[] {
    return this.happenings.map(({ name, what, at, untilAt }) => {
      const until = Number.isFinite(untilAt) ? secondsText(untilAt - startAt) : 'the end';
      return `${secondsText(at - startAt)} to ${until}: ${name}, ${what}`;
    });
  }
}

/** The longest time without a PUBACK of any bridge while a message waited for one. */
export function longestPauseMs(looks: readonly Look[]): number {
  let longest = 0;
  let [still] = looks;
  for (const look of looks) {
    const isWaiting = look.sentCount > look.ackedCount;
    if (!still || !isWaiting || look.ackedCount > still.ackedCount) still = look;
    longest = Math.max(longest, look.at - still.at);
  }
  return longest;
}

/**
 * After faults that were healed with nothing else broken: the longest time until bridges
 * acknowledged in a second 90 % of what was sent in it. What another fault cut short is left out.
 */
export function longestRecoveryMs({ happenings, looks }: Timeline): number {
  let longest = 0;
  for (const { untilAt } of happenings) {
    if (happenings.some((other) => other.at <= untilAt && untilAt < other.untilAt)) continue;
    const nextAt = Math.min(...happenings.map(({ at }) => at).filter((at) => at > untilAt));
    const after = looks.filter(({ at }) => untilAt <= at && at < nextAt);
    const recovered = after.find((look) => isFlowing(after, look));
    if (recovered) longest = Math.max(longest, recovered.at - windowMs - untilAt);
  }
  return longest;
}

/** In the second before. */
function isFlowing(looks: readonly Look[], look: Look): boolean {
  const before = looks.findLast(({ at }) => at <= look.at - windowMs);
  if (before === undefined) return false;
  return look.ackedCount - before.ackedCount >= 0.9 * (look.sentCount - before.sentCount);
}

const windowMs = 1_000;

export function secondsText(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
