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
  return oddity + disagreementCount(told, lists);
}

/** What a report of GB/T 32960 says twice, of a vehicle with one pack; in the unit of the field. */
const twins: readonly (readonly [name: string, twin: string, allowed: number])[] = [
  ['totalVoltage', 'ressVoltage.voltage', 20],
  ['totalCurrent', 'ressVoltage.current', 30],
  ['maxCellVoltage', 'ressVoltage.highest', 0.05],
  ['minCellVoltage', 'ressVoltage.lowest', 0.05],
  ['maxTemp', 'ressTemperature.highest', 3],
  ['minTemp', 'ressTemperature.lowest', 3],
];

/** How many of them disagree; those that a frame does not hold agree. */
function disagreementCount(
  told: readonly Explained[],
  lists: ReadonlyMap<string, readonly number[]>,
): number {
  const values = new Map<string, number>();
  for (const { name, value } of leavesOf(told)) values.set(name, Number(value ?? Number.NaN));
  for (const part of itemsOf(told)) {
    if (!part.name.endsWith(' ressVoltage')) continue;
    for (const { name, value } of leavesOf(part.parts)) {
      values.set(`ressVoltage.${name}`, Number(value ?? Number.NaN));
    }
  }
  const ends = [
    ['ressVoltage', lists.get('cellVoltages')],
    ['ressTemperature', lists.get('temps')],
  ] as const;
  for (const [item, list = []] of ends) {
    if (list.length === 0) continue;
    values.set(
      `${item}.highest`,
      list.reduce((high, one) => Math.max(high, one)),
    );
    values.set(
      `${item}.lowest`,
      list.reduce((low, one) => Math.min(low, one)),
    );
  }
  return twins.filter(([name, twin, allowed]) => {
    const difference = Math.abs((values.get(name) ?? NaN) - (values.get(twin) ?? NaN));
    return difference > allowed;
  }).length;
}

function* itemsOf(told: readonly Explained[]): Generator<Explained> {
  for (const frame of told) yield* frame.parts;
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
