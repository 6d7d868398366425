// Brings together what became of each message: what the fleet wrote down, what the witness saw
// between broker and bridge, and what Kafka stored.

import type { PlannedMessage } from '#loadtest/fleet/planned.ts';
import type { Ledger, SentMessage } from '#loadtest/ledger/entries.ts';
import type { StoredRecord } from '#loadtest/ledger/record-fields.ts';
import { type Send, type Slot, slotOf, slotsOf } from '#loadtest/ledger/slots.ts';
import { type Delivery, type MqttWitness, messageKey } from '../witness/mqtt-witness.ts';

export interface Evidence {
  readonly ledger: Ledger;
  /** Message 1 is the first. */
  readonly messages: readonly PlannedMessage[];
  readonly records: readonly StoredRecord[];
  readonly witness: Pick<MqttWitness, 'deliveries'>;
}

/** Frames that share an identity, with what was seen of their messages. */
export interface Fate extends Slot {
  /** Of all messages whose frames are in the slot. */
  readonly deliveries: readonly Delivery[];
  /** Of its sends, how many a bridge has acknowledged. */
  readonly bridgeAckedCount: number;
}

export class Fates {
  readonly all: readonly Fate[];
  readonly #deliveriesOf: (messageNo: number) => readonly Delivery[];

  constructor({ ledger, messages, records, witness }: Evidence) {
    const slots = slotsOf(ledger);
    for (const record of records) slotOf(slots, record)?.copies.push(record);
    const keys = messages.map(({ mqttTopic, payload }) => messageKey(mqttTopic, payload));
    const keyOf = (messageNo: number) => keys[messageNo - 1] as string;
    this.#deliveriesOf = (messageNo) => witness.deliveries.get(keyOf(messageNo)) ?? [];
    this.all = [...slots.values()].map((slot) => {
      // Messages of the same bytes cannot be told apart: their deliveries count once.
      const byKey = Map.groupBy(slot.sends, ({ message }) => keyOf(message.messageNo));
      const same = [...byKey].map(([key, sends]) => ({
        sends,
        deliveries: witness.deliveries.get(key) ?? [],
      }));
      const deliveries = same.flatMap((one) => one.deliveries);
      const bridgeAckedCount = same.reduce((sum, one) => sum + ackedCountOf(one), 0);
      return { ...slot, deliveries, bridgeAckedCount };
    });
  }

  deliveriesOf({ messageNo }: Pick<SentMessage, 'messageNo'>): readonly Delivery[] {
    return this.#deliveriesOf(messageNo);
  }
}

interface Same {
  readonly sends: readonly Send[];
  readonly deliveries: readonly Delivery[];
}

/** How many of these sends, whose bytes are equal, a bridge has acknowledged for certain. */
function ackedCountOf({ sends, deliveries }: Same): number {
  const acked = deliveries.filter(({ ackedAt }) => ackedAt !== null);
  if (sends.length === 1) return Math.min(1, acked.length);
  // One that was acknowledged too late was delivered again, and one that left twice came twice.
  const inTime = acked.filter(({ ackedAt, session: { closedAt } }) => {
    return closedAt === null || (ackedAt as number) <= closedAt;
  });
  const repeats = sends.reduce((sum, { message }) => sum + message.attempts - 1, 0);
  return Math.max(0, Math.min(sends.length, inTime.length - repeats));
}
