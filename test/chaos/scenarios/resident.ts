// How much memory bridges take at most while something goes on.

import type { Scope } from '../../integration/scope.ts';
import type { Crew } from '../crew.ts';

export const mebibyte = 1024 * 1024;
/** What a pod of the bridge is given. */
export const rssBytesMax = 400 * mebibyte;

const sampleEveryMs = 500;

export interface Most {
  /** Resident, of any bridge. */
  rssBytes: number;
  /** Held for Kafka, of any bridge. */
  heldBytes: number;
}

/** Looks until the end of the scope. */
export function watchMemory(scope: Pick<Scope, 'after'>, crew: Crew): Most {
  const most: Most = { rssBytes: 0, heldBytes: 0 };
  const sample = async () => {
    for (const place of crew.places) {
      const metrics = await crew.at(place).metrics();
      most.rssBytes = Math.max(most.rssBytes, metrics.sum('process_resident_memory_bytes'));
      most.heldBytes = Math.max(most.heldBytes, metrics.sum('held_bytes'));
    }
  };
  // One that cannot be asked just now is asked again.
  const timer = setInterval(() => void sample().catch(() => undefined), sampleEveryMs);
  scope.after(() => clearInterval(timer));
  return most;
}
