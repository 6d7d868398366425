// What is in Kafka more than once, and whether something that was broken explains each copy.

import type { Happening } from '../timeline.ts';
import type { Delivery } from '../witness/mqtt-witness.ts';
import type { Breach } from './breach.ts';
import type { Fate } from './fates.ts';
import { originText } from './lost.ts';

export interface Duplicates {
  /** The same bridge sent its batch again: the same origin. */
  sentAgain: number;
  /** The broker delivered it again: a connection had ended, or it repeats. Another origin. */
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
    const unexplained = explain(fate, happenings, found);
    found.unexplained += unexplained;
    if (unexplained === 0) continue;
    breaches.push({
      promise: 'stored twice without a cause',
      found: `${fate.expected.kind} by ${copies.map(originText).join(', ')}`,
      vehicleId,
      messageNo: (sends[0] as Fate['sends'][number]).message.messageNo,
    });
  }
  return found;
}

/** Counts what explains its copies; answers how many are left. */
function explain(fate: Fate, happenings: readonly Happening[], found: Duplicates): number {
  const { sends, copies, deliveries } = fate;
  const origins = new Set<string>();
  let repeats = 0;
  let sentAgain = 0;
  for (const copy of [...copies].sort((a, b) => a.offset - b.offset)) {
    const origin = originText(copy);
    const isRepeat = origins.has(origin);
    origins.add(origin);
    if (!isRepeat) continue;
    repeats += 1;
    if (isDuring(happenings, 'sentAgain', copy.appendedAt)) sentAgain += 1;
  }
  // Another origin is another delivery.
  const further = Math.max(0, origins.size - sends.length);
  const returned = deliveries.filter((one) => {
    return isReturned(one, happenings) || isRepeated(one, happenings);
  }).length;
  const deliveredAgain = Math.min(further, returned);
  const repeated = sends.reduce((sum, { message }) => sum + message.attempts - 1, 0);
  const publishedAgain = Math.min(further - deliveredAgain, repeated);
  found.sentAgain += sentAgain;
  found.deliveredAgain += deliveredAgain;
  found.publishedAgain += publishedAgain;
  return repeats - sentAgain + further - deliveredAgain - publishedAgain;
}

/** Its connection ended, by a fault, before the broker had heard that the bridge had stored it. */
function isReturned(delivery: Delivery, happenings: readonly Happening[]): boolean {
  const { closedAt } = delivery.session;
  if (closedAt === null || !isUnheard(delivery)) return false;
  return isDuring(happenings, 'connectionsEnd', closedAt);
}

/** The broker sent it once more where it had been acknowledged, and was made to do so. */
function isRepeated({ isRepeat, at }: Delivery, happenings: readonly Happening[]): boolean {
  return isRepeat === true && isDuring(happenings, 'brokerRepeats', at, onItsWayMs);
}

/**
 * What was received then had been dealt before, on a connection that ended without a PUBACK that
 * the broker heard: by a fault or a drain. The broker deals it behind what it has dealt meanwhile.
 * So it does with what it repeats.
 */
export function isSecondDeal(deliveries: readonly Delivery[], receivedAt: number): boolean {
  const dealt = deliveries.filter(({ at }) => at <= receivedAt).sort((a, b) => a.at - b.at);
  return dealt.at(-1)?.isRepeat === true || dealt.slice(0, -1).some(isUnheard);
}

/** The connection is over, and the broker does not know that the bridge had stored it. */
function isUnheard({ session: { closedAt }, ackedAt }: Delivery): boolean {
  return closedAt !== null && (ackedAt === null || ackedAt >= closedAt - onItsWayMs);
}

/** A PUBACK that was sent so long before the end may not have been heard; a repeat passes later. */
const onItsWayMs = 1_000;

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
