// What was sent and is not in Kafka, by who had promised it last.

import type { Send } from '#loadtest/ledger/slots.ts';
import type { Happening } from '../timeline.ts';
import type { Breach } from './breach.ts';
import type { Fate } from './fates.ts';

export interface Lost {
  /** The broker never acknowledged it: nobody promised anything. */
  beforeBroker: number;
  /** The broker did, no bridge did; a fault of the broker explains it. */
  inBroker: number;
  /** The same without a fault of the broker. */
  inBrokerUnexplained: number;
  /** A bridge acknowledged it: never, whatever is broken. */
  afterBridge: number;
}

export interface LostFrames {
  readonly lost: Lost;
  /** Numbers of those with a frame that was lost in the broker. */
  readonly messagesLostInBroker: ReadonlySet<number>;
}

export function lostOf(
  fates: readonly Fate[],
  happenings: readonly Happening[],
  breaches: Breach[],
): LostFrames {
  const lost = { beforeBroker: 0, inBroker: 0, inBrokerUnexplained: 0, afterBridge: 0 };
  const messages = new Set<number>();
  for (const fate of fates) {
    for (const { send, kind } of missingOf(fate, happenings)) {
      lost[kind] += 1;
      if (kind === 'inBroker') messages.add(send.message.messageNo);
      const promise = promises[kind];
      if (promise === null) continue;
      const { vehicleId, expected } = fate;
      const { messageNo } = send.message;
      breaches.push({ promise, found: expected.kind, vehicleId, messageNo });
    }
  }
  return { lost, messagesLostInBroker: messages };
}

const promises: Readonly<Record<keyof Lost, string | null>> = {
  beforeBroker: null,
  inBroker: null,
  inBrokerUnexplained: 'lost in the broker, which nothing had hit',
  afterBridge: 'lost after the PUBACK of a bridge',
};

interface Missing {
  readonly send: Send;
  readonly kind: keyof Lost;
}

/** Of sends that look alike, those with the least promise are thought lost first. */
function missingOf(fate: Fate, happenings: readonly Happening[]): readonly Missing[] {
  const { sends, bridgeAckedCount } = fate;
  const missingCount = sends.length - new Set(fate.copies.map(originText)).size;
  if (missingCount <= 0) return [];
  const byPromise = [...sends].sort((a, b) => Number(isBrokerAcked(a)) - Number(isBrokerAcked(b)));
  return byPromise.slice(0, missingCount).map((send, at) => {
    if (at >= sends.length - bridgeAckedCount) return { send, kind: 'afterBridge' };
    if (!isBrokerAcked(send)) return { send, kind: 'beforeBroker' };
    const isHit = happenings.some(
      ({ excuses, untilAt }) => excuses.lostInBroker && send.message.at <= untilAt,
    );
    return { send, kind: isHit ? 'inBroker' : 'inBrokerUnexplained' };
  });
}

export function originText({ origin }: Fate['copies'][number]): string {
  return `${origin.bridge}/${origin.epoch}/${origin.sequence}`;
}

function isBrokerAcked({ message: { acked } }: Send): boolean {
  return acked !== null && acked.reasonCode < 0x80;
}
