// What is in Kafka more than once, and whether something that was broken explains each copy.

import type { Happening } from '../timeline.ts';
import type { Delivery } from '../witness/mqtt-witness.ts';
import type { Breach } from './breach.ts';
import type { Fate } from './fates.ts';
import { originText } from './lost.ts';

export interface Duplicates {
  /** The same bridge sent its batch again: the same origin. */
  sentAgain: number;
  /** The broker delivered it again after a connection had ended: another origin. */
  deliveredAgain: number;
  /** The car sent it again, since it had no PUBACK. */
  publishedAgain: number;
  unexplained: number;
}

/** After a fault is healed, what it has broken may still come to light: time-outs run out. */
const afterMs = 20_000;

export function duplicatesOf(
  fates: readonly Fate[],
  happenings: readonly Happening[],
  breaches: Breach[],
): Duplicates {
  const found = { sentAgain: 0, deliveredAgain: 0, publishedAgain: 0, unexplained: 0 };
  for (const fate of fates) {
    const { sends, copies, vehicleId } = fate;
    if (copies.length <= sends.length) continue;
    const cause = causesOf(fate, happenings);
    let extra = copies.length - sends.length;
    for (const kind of ['sentAgain', 'deliveredAgain', 'publishedAgain'] as const) {
      const count = Math.min(extra, cause[kind]);
      found[kind] += count;
      extra -= count;
    }
    found.unexplained += extra;
    if (extra === 0) continue;
    breaches.push({
      promise: 'stored twice without a cause',
      found: `${fate.expected.kind} by ${copies.map(originText).join(', ')}`,
      vehicleId,
      messageNo: (sends[0] as Fate['sends'][number]).message.messageNo,
    });
  }
  return found;
}

/** How many further copies each cause can explain. */
function causesOf({ sends, copies, deliveries }: Fate, happenings: readonly Happening[]) {
  const origins = new Set<string>();
  let sentAgain = 0;
  for (const copy of [...copies].sort((a, b) => a.offset - b.offset)) {
    const origin = originText(copy);
    const isRepeat = origins.has(origin);
    origins.add(origin);
    if (isRepeat && isDuring(happenings, 'sentAgain', copy.appendedAt)) sentAgain += 1;
  }
  return {
    sentAgain,
    deliveredAgain: deliveries.filter((one) => isReturned(one, happenings)).length,
    publishedAgain: sends.reduce((sum, { message }) => sum + message.attempts - 1, 0),
  };
}

/** Its connection ended, by a fault, before the bridge had acknowledged it. */
function isReturned(
  { session: { closedAt }, ackedAt }: Delivery,
  happenings: readonly Happening[],
): boolean {
  if (closedAt === null || (ackedAt !== null && ackedAt <= closedAt)) {
    // What was acknowledged while the broker died may never have been heard.
    return ackedAt !== null && isDuring(happenings, 'connectionsEnd', ackedAt, 0);
  }
  return isDuring(happenings, 'connectionsEnd', closedAt);
}

/** Something with this excuse lasted then, or had ended not long before. */
export function isDuring(
  happenings: readonly Happening[],
  excuse: keyof Happening['excuses'],
  at: number,
  laterMs = afterMs,
): boolean {
  return happenings.some(
    ({ excuses, at: beginAt, untilAt }) =>
      excuses[excuse] === true && beginAt <= at && at <= untilAt + laterMs,
  );
}
