// How odd a reading of a frame is: what tells the frame that was sent from all those that it could
// have been.

import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Explained } from '#shared/frame/explained.ts';

/** How little a reading looks like what a vehicle sends: 0 is best. */
export function oddityOf(told: readonly Explained[]): number {
  let oddity = 0;
  const lists = new Map<string, number[]>();
  for (const { name, verdict, value, meaning } of leavesOf(told)) {
    if (verdict === 'broken') oddity += 100;
    else if (verdict === 'opaque') oddity += 10;
    else if (verdict === 'out_of_range') oddity += 3;
    else if (verdict !== 'ok') oddity += 1;
    if (meaning.startsWith('As a VIN not right')) oddity += 3;
    const list = /^(.*)\[\d+\]$/.exec(name)?.[1];
    if (list === undefined || value === null) continue;
    const values = lists.get(list) ?? [];
    values.push(Number(value));
    lists.set(list, values);
  }
  for (const values of lists.values()) oddity += outlierCount(values);
  return oddity;
}

/** Cells and probes of one pack are alike: one that stands far off is odd. */
function outlierCount(values: readonly number[]): number {
  if (values.length < 4) return 0;
  const middle = medianOf(values);
  const spread = medianOf(values.map((value) => Math.abs(value - middle)));
  // One per cent of a cell's voltage are 40 mV.
  const allowed = Math.max(8 * spread, 0.01 * Math.abs(middle));
  return values.filter((value) => Math.abs(value - middle) > allowed).length;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}
