// What the state of a vehicle must be, worked out in the plainest way: all its records are there,
// they are sorted, the last one that says something wins. Shares no code with services/state.

import type { PositionAt, Telemetry, VehicleState } from '#shared/avro/types.generated.ts';
import type { StreamRecord, StreamTelemetry } from '#shared/stream/processor.ts';
import { type KafkaTopic, kafkaTopics } from '#shared/topics.ts';
import { expectedCompleteness } from './expected-completeness.ts';
import { expectedPresence } from './expected-presence.ts';
import { expectedEntries, expectedSection, inOrder, type Seen } from './expected-signals.ts';

export interface StateLimits {
  readonly silentAfterMs: number;
  readonly offlineAfterMs: number;
  readonly sessionGapMs: number;
}

/** Everything that Kafka holds of one vehicle, in any order; at least one record. */
export interface Story {
  readonly vehicleId: string;
  readonly records: readonly StreamRecord[];
  /** Epoch ms; all records were received before. */
  readonly nowMs: number;
  readonly limits: StateLimits;
}

export interface ExpectedState extends Omit<VehicleState, 'provenance'> {
  /** Of the vehicle's last record in each input; -1 where there is none. */
  readonly appliedOffsets: readonly number[];
}

const inputs: readonly KafkaTopic[] = [
  kafkaTopics.telemetry,
  kafkaTopics.backfill,
  kafkaTopics.lifecycle,
  kafkaTopics.heartbeat,
];

export function expectedState({ vehicleId, records, nowMs, limits }: Story): ExpectedState {
  const reports = inOrder(reportsOf(records));
  const received = records.map(({ value }) => value.receivedTime);
  return {
    vehicleId,
    codec: reports.at(-1)?.value.codec ?? '',
    firstSeenTime: received.reduce((first, at) => Math.min(first, at)),
    lastSeenTime: received.reduce((last, at) => Math.max(last, at)),
    lastEventTime: reports.at(-1)?.eventTime ?? null,
    ...expectedPresence(records, nowMs, limits),
    ...expectedCompleteness(
      reports.map(({ eventTime }) => eventTime),
      limits.sessionGapMs,
    ),
    ...expectedContent(reports),
    appliedOffsets: inputs.map((topic) => lastOffset(records, topic)),
  };
}

/** A frame that came again is no further report: only the first of each topic counts. */
function reportsOf(records: readonly StreamRecord[]): readonly Seen<Telemetry>[] {
  const known = new Set<string>();
  return records
    .filter((record): record is StreamTelemetry => record.kind === 'telemetry.v1')
    .toSorted((a, b) => a.offset - b.offset)
    .filter(({ topic, value: { frameId } }) => {
      const name = `${topic} ${frameId?.toString('hex')}`;
      const isRepeated = frameId !== null && known.has(name);
      known.add(name);
      return !isRepeated;
    })
    .map(({ offset, value }) => {
      const { eventTime, isReissued } = value;
      return { eventTime, isReissued, place: [offset, 0], value };
    });
}

type Content = Pick<
  VehicleState,
  | 'position'
  | 'lastFix'
  | 'vehicle'
  | 'motors'
  | 'fuelCell'
  | 'engine'
  | 'extremes'
  | 'alarms'
  | 'packs'
>;

function expectedContent(reports: readonly Seen<Telemetry>[]): Content {
  const positions = reports.filter(({ value }) => value.position !== null);
  const alarms = reports.findLast(({ value }) => value.alarms.length > 0);
  return {
    position: positionAt(positions.at(-1)),
    lastFix: positionAt(positions.findLast(({ value }) => value.position?.hasFix)),
    vehicle: expectedSection(reports, ({ vehicle }) => vehicle),
    motors: expectedEntries(reports, ({ motors }) => motors, ['no']),
    fuelCell: expectedSection(reports, ({ fuelCell }) => fuelCell),
    engine: expectedSection(reports, ({ engine }) => engine),
    extremes: expectedSection(reports, ({ extremes }) => extremes),
    alarms: alarms ? { items: alarms.value.alarms, eventTime: alarms.eventTime } : null,
    packs: expectedEntries(reports, ({ packs }) => packs, ['no', 'firstCell']),
  };
}

function positionAt(seen: Seen<Telemetry> | undefined): PositionAt | null {
  if (!seen?.value.position) return null;
  return { ...seen.value.position, eventTime: seen.eventTime };
}

function lastOffset(records: readonly StreamRecord[], topic: KafkaTopic): number {
  return records.reduce(
    (last, record) => (record.topic === topic ? Math.max(last, record.offset) : last),
    -1,
  );
}
