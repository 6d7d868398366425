// Brings sent frames and stored records together: a slot holds all that share one identity. Most
// slots hold one of each; heartbeats of a vehicle have no identity of their own and share a slot.

import { type ExpectedFrame, recordsOf } from '../fleet/planned.ts';
import type { Ledger, SentMessage } from './entries.ts';
import type { RecordFields, StoredRecord } from './record-fields.ts';

export interface Slot {
  readonly expected: ExpectedFrame;
  /** The frame that the record comes from; another one where a frame has several. */
  readonly frame: ExpectedFrame;
  readonly vehicleId: string;
  readonly sends: Send[];
  readonly copies: Copy[];
}

/** One frame that left. */
export interface Send {
  readonly message: SentMessage;
  /** Rises with every frame that leaves, within a message as well. */
  readonly place: number;
}

/** What is kept of a record. */
export type Copy = Pick<
  StoredRecord,
  'kafkaTopic' | 'partition' | 'offset' | 'appendedAt' | 'receivedAt' | 'origin'
>;

const framesPerMessageMax = 10_000;

export function slotsOf(ledger: Ledger): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  for (const message of ledger.messages) {
    const { vehicleId, messageNo, frames } = message;
    for (const [at, frame] of frames.entries()) {
      for (const expected of recordsOf(frame)) {
        const key = keyOf(vehicleId, expected.frameId, expected.fields);
        const slot = slots.get(key) ?? { expected, frame, vehicleId, sends: [], copies: [] };
        slot.sends.push({ message, place: messageNo * framesPerMessageMax + at });
        slots.set(key, slot);
      }
    }
  }
  return slots;
}

export function slotOf(
  slots: ReadonlyMap<string, Slot>,
  { vehicleId, frameId, fields }: StoredRecord,
): Slot | undefined {
  return slots.get(keyOf(vehicleId, frameId, fields));
}

/**
 * A frame without body has no id: then what it is has to do. Messages that say the same, such as
 * two authentications of a terminal, are told apart by their serials where they have any.
 */
function keyOf(vehicleId: string, frameId: string | null, fields: RecordFields): string {
  const { event, serial } = fields;
  return `${vehicleId} ${frameId ?? String(event)} ${serial ?? ''}`;
}
