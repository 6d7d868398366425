// Whether something that was broken on purpose explains that a frame came twice or late.

import type { FaultEntry } from './entries.ts';
import type { Send } from './slots.ts';

/**
 * A frame on its way while something broke is delivered again: sent before the fault was over, seen
 * after it had begun.
 */
export function isExplained(
  faults: readonly FaultEntry[],
  sends: readonly Send[],
  seenAt: number,
): boolean {
  return faults.some(
    (fault) => fault.at <= seenAt && sends.some(({ message }) => message.at <= fault.untilAt),
  );
}
