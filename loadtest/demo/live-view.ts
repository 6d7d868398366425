// What is seen while frames move: sent by the fleet, stored as Kafka shows it, in flight as the
// bridges say. Counts only; what is right is said by the check afterwards.

import type { Decoded, DecodedFrame } from '#shared/avro/decoder.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { type PlannedMessage, recordsOf } from '../fleet/planned.ts';

export interface Second {
  readonly sentCount: number;
  readonly storedCount: number;
  readonly quarantinedCount: number;
  /** From send to stored; null while nothing was stored. */
  readonly age: { readonly p50Ms: number; readonly p99Ms: number } | null;
}

export interface Totals {
  sentCount: number;
  storedCount: number;
  quarantinedCount: number;
  readonly quarantinedByReason: Map<string, number>;
  /** Records stored, as they name their codec. */
  readonly storedByCodec: Map<string, number>;
}

export type Sampled = DecodedFrame;

export class LiveView {
  readonly totals: Totals = {
    sentCount: 0,
    storedCount: 0,
    quarantinedCount: 0,
    quarantinedByReason: new Map(),
    storedByCodec: new Map(),
  };
  /** The first good example of each schema, of telemetry one for each codec. */
  readonly #samples = new Map<string, Sampled>();
  /** Epoch ms of the latest record. */
  lastRecordAt = Date.now();
  /** Answers that the frames sent want. */
  answersWantedCount = 0;
  /** Records that they must become: a batch is one frame and several. */
  recordsWantedCount = 0;

  readonly #sentAt = new Map<string, number>();
  #ages: number[] = [];
  #before = { sentCount: 0, storedCount: 0, quarantinedCount: 0 };

  sent({ vehicleId, frames }: PlannedMessage): void {
    this.totals.sentCount += frames.length;
    const at = Date.now();
    for (const { frameId, answer } of frames.flatMap(recordsOf)) {
      this.recordsWantedCount += 1;
      if (answer !== null) this.answersWantedCount += 1;
      if (frameId !== null) this.#sentAt.set(`${vehicleId} ${frameId}`, at);
    }
  }

  stored(kafkaTopic: string, appendedAt: number, decoded: Decoded): void {
    this.lastRecordAt = Date.now();
    if (decoded.kind === 'fault' || decoded.kind === 'state.v1') return;
    this.#observeAge(decoded, appendedAt);
    const { totals } = this;
    if (kafkaTopic === kafkaTopics.quarantine) totals.quarantinedCount += 1;
    else totals.storedCount += 1;
    if (decoded.kind === 'quarantine.v1') add(totals.quarantinedByReason, decoded.value.reason);
    else add(totals.storedByCodec, decoded.value.codec);
    const name = sampleName(decoded);
    if (!this.#samples.has(name) && isTelling(decoded)) this.#samples.set(name, decoded);
  }

  /** Reports first, by codec; then what else there is. */
  samplesInOrder(): readonly Sampled[] {
    const named = [...this.#samples].sort(
      ([a], [b]) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1),
    );
    return named.map(([, sample]) => sample);
  }

  /** What happened since the last call. */
  takeSecond(): Second {
    const { sentCount, storedCount, quarantinedCount } = this.totals;
    const before = this.#before;
    const ages = this.#ages.sort((a, b) => a - b);
    this.#before = { sentCount, storedCount, quarantinedCount };
    this.#ages = [];
    return {
      sentCount: sentCount - before.sentCount,
      storedCount: storedCount - before.storedCount,
      quarantinedCount: quarantinedCount - before.quarantinedCount,
      age: ages.length === 0 ? null : { p50Ms: quantile(ages, 0.5), p99Ms: quantile(ages, 0.99) },
    };
  }

  #observeAge({ value }: Sampled, appendedAt: number): void {
    if (value.frameId === null) return;
    const key = `${value.vehicleId} ${value.frameId.toString('hex')}`;
    const sentAt = this.#sentAt.get(key);
    if (sentAt === undefined) return;
    this.#sentAt.delete(key);
    this.#ages.push(appendedAt - sentAt);
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sampleName({ kind, value }: Sampled): string {
  return kind === 'telemetry.v1' ? `${kind} ${value.codec}` : kind;
}

const kindsInOrder: readonly Sampled['kind'][] = ['telemetry.v1', 'lifecycle.v1', 'quarantine.v1'];

function placeOf(sampleName: string): number {
  return kindsInOrder.findIndex((kind) => sampleName.startsWith(kind));
}

/** A car on the move says more than a parked one, a login more than a heartbeat. */
function isTelling(decoded: Sampled): boolean {
  switch (decoded.kind) {
    case 'telemetry.v1':
      return (decoded.value.vehicle?.speedKmh ?? 0) > 20;
    case 'lifecycle.v1':
      return decoded.value.event === 'login';
    case 'quarantine.v1':
      return decoded.value.payload.length > 30 && decoded.value.payload.length < 1000;
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}
