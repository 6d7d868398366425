// What the ledger says of the vehicles' states: who reported, and the latest event time of each.

import { kafkaTopics } from '#shared/topics.ts';
import { asReceived, recordsOf } from '../fleet/planned.ts';
import type { Ledger } from '../ledger/entries.ts';
import type { StoredRecord } from '../ledger/record-fields.ts';

/** Epoch ms of the latest report, by vehicle. */
export type LatestEventTimes = ReadonlyMap<string, number>;

const reportTopics: readonly string[] = [kafkaTopics.telemetry, kafkaTopics.backfill];

export class ExpectedStates {
  readonly #receivedAt = new Map<string, number>();

  /** Every record that is stored: where a clock failed, only it knows the time that stands in. */
  add({ kafkaTopic, vehicleId, frameId, receivedAt }: StoredRecord): void {
    const key = keyOf(vehicleId, frameId);
    // A copy that was delivered again tells nothing new: the first one was applied.
    if (reportTopics.includes(kafkaTopic) && !this.#receivedAt.has(key)) {
      this.#receivedAt.set(key, receivedAt);
    }
  }

  latest({ messages }: Ledger): LatestEventTimes {
    const times = new Map<string, number>();
    for (const { vehicleId, frames } of messages) {
      for (const { kafkaTopic, frameId, fields } of frames.flatMap(recordsOf)) {
        if (!reportTopics.includes(kafkaTopic)) continue;
        const { eventTime } = fields;
        const time =
          eventTime === asReceived
            ? this.#receivedAt.get(keyOf(vehicleId, frameId))
            : Number(eventTime);
        if (time !== undefined) times.set(vehicleId, Math.max(time, times.get(vehicleId) ?? time));
      }
    }
    return times;
  }
}

function keyOf(vehicleId: string, frameId: string | null): string {
  return `${vehicleId} ${frameId}`;
}
