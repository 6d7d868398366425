// A stream on fakes with a fixed clock. Its processor is small enough to see through: a state is
// the list of what was applied to it, so that nothing missed or doubled stays unseen.

import type { Decoded, Decoder } from '#shared/avro/decoder.ts';
import type { Lifecycle, Quarantined } from '#shared/avro/types.generated.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createRegistry, type MetricsRegistry } from '#shared/runtime/metrics.ts';
import type { Change, Processor, StateProvenance, StreamRecord } from '#shared/stream/processor.ts';
import { type StreamConfig, streamSettings } from '#shared/stream/settings.ts';
import { recordOfStored } from '#shared/stream/stored-value.ts';
import { createStream, type Stream } from '#shared/stream/stream.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { captureLog, type LogLine } from '#test/shared/runtime/captured-log.ts';
import { FakeConsumer } from './fake-consumer.ts';
import { FakeKafka, type Journal } from './fake-kafka.ts';
import { FakeStore } from './fake-store.ts';

export const live = { topic: kafkaTopics.telemetry, partition: 0 };
export const backfill = { topic: kafkaTopics.backfill, partition: 0 };
export const stateLog = { topic: kafkaTopics.state, partition: 0 };
export const quarantineLog = { topic: kafkaTopics.quarantine, partition: 0 };

export interface ListState {
  vehicleId: string;
  /** `input@offset` of each record applied. */
  applied: string[];
  duplicates: number;
  ticks: number[];
  dueAt: number | null;
}

/** What a test sends. */
export interface Message {
  readonly vehicleId?: string;
  readonly frameId?: string;
  readonly change?: Change;
  /** The rules throw. */
  readonly throws?: boolean;
  /** The state that the rules make of it does not fit its schema. */
  readonly unfit?: boolean;
  readonly dueAt?: number;
  readonly emits?: boolean;
}

export interface RigOptions {
  readonly config?: Partial<StreamConfig>;
  /** Shared with another rig: the same Kafka and Redis, another member. */
  readonly beside?: Rig;
}

export interface Rig {
  readonly journal: Journal;
  readonly kafka: FakeKafka;
  readonly store: FakeStore;
  readonly clock: { now: number; monotonic: number };
  readonly stream: Stream;
  readonly registry: MetricsRegistry;
  readonly calls: { applies: number; throws: number };
  readonly decoder: FakeDecoder;
  readonly troubles: readonly string[];
  /** What the latest look said of the partition counts. */
  readonly partitionTrouble: () => string | null;
  readonly consumer: FakeConsumer;
  lines(level: string): readonly LogLine[];
}

export function createRig({ config = {}, beside }: RigOptions = {}): Rig {
  const journal: Journal = beside?.journal ?? [];
  const kafka = beside?.kafka ?? new FakeKafka(journal, 1);
  const store = beside?.store ?? new FakeStore(journal, 2);
  const captured = captureLog('debug');
  const clock = beside?.clock ?? { now: 1_000_000, monotonic: 0 };
  const registry = createRegistry('test');
  const calls = { applies: 0, throws: 0 };
  const decoder = new FakeDecoder();
  const troubles: string[] = [];
  let partitionTrouble: string | null = null;
  let consumer: FakeConsumer | undefined;
  const stream: Stream = createStream({
    processor: listProcessor(calls),
    config: { ...loadConfig(streamSettings, { env: {} }), ...config },
    createConsumer: (options) => {
      consumer = new FakeConsumer(options, kafka, journal);
      return consumer;
    },
    ...{ store, producer: kafka, decoder, logs: kafka, registry, log: captured.log },
    encoders: { encodeQuarantined: (_, value) => Buffer.from(JSON.stringify(value)) },
    onTrouble: (neighbour, trouble) => troubles.push(`${neighbour}: ${trouble ?? 'back'}`),
    onPartitions: (trouble) => {
      partitionTrouble = trouble;
    },
    now: () => clock.now,
    monotonicNow: () => clock.monotonic,
  });
  const lines = (level: string) => captured.lines.filter((line) => line.level === level);
  return {
    ...{ journal, kafka, store, clock, stream, registry, calls, decoder, lines, troubles },
    partitionTrouble: () => partitionTrouble,
    consumer: consumer!,
  };
}

export function send(rig: Rig, message: Message = {}, place: typeof live | typeof backfill = live) {
  rig.kafka.nowMs = rig.clock.now;
  const vehicleId = message.vehicleId ?? 'a';
  return rig.kafka.append(place, vehicleId, Buffer.from(JSON.stringify({ vehicleId, ...message })));
}

/** Partition 0 comes to the member; everything that follows from it has happened. */
export async function join(rig: Rig): Promise<void> {
  rig.consumer.assign([0]);
  await settled();
}

const fetchesMax = 200;

/** Fetches until there is nothing more, or nothing moves. */
export async function drive(rig: Rig): Promise<void> {
  for (let count = 0; count < fetchesMax; count += 1) {
    const hadLive = await rig.consumer.fetch(live);
    const hadBackfill = await rig.consumer.fetch(backfill);
    await settled();
    if (!hadLive && !hadBackfill) return;
  }
}

/** After it, everything that needs no timer has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function storedState({ store }: Rig, vehicleId = 'a'): ListState | null {
  const value = store.hash(0).vehicles.get(vehicleId);
  return value === undefined
    ? null
    : (JSON.parse(recordOfStored(value)!.toString()).state as ListState);
}

export interface TopicState {
  readonly state: ListState;
  readonly provenance: StateProvenance;
}

export function topicStates({ kafka }: Rig): TopicState[] {
  return kafka
    .recordsFrom(stateLog, 0)
    .map(({ value }) => JSON.parse(value!.toString()) as TopicState);
}

export function quarantined({ kafka }: Rig): Quarantined[] {
  const records = kafka.recordsFrom(quarantineLog, 0);
  return records.map(({ value }) => JSON.parse(value!.toString()) as Quarantined);
}

export async function metric({ registry }: Rig, name: string): Promise<number> {
  const text = await registry.metrics();
  const line = text.split('\n').find((each) => each.startsWith(`fleetwire_stream_${name} `));
  return Number(line?.split(' ').at(-1));
}

/** JSON instead of Avro; what is no JSON is broken. */
class FakeDecoder implements Decoder {
  isAway = false;
  isLate = false;

  decode(record: Buffer): Decoded | Promise<Decoded> {
    const decoded = this.#read(record);
    return this.isLate ? Promise.resolve(decoded) : decoded;
  }

  #read(record: Buffer): Decoded {
    const fault = { kind: 'fault', schemaId: 7 } as const;
    if (this.isAway) return { ...fault, code: 'registry_away', detail: 'as the test wants' };
    const text = record.toString();
    if (text === 'unknown') return { ...fault, code: 'schema_unknown', detail: 'no schema 7' };
    if (!text.startsWith('{')) return { ...fault, code: 'bytes_broken', detail: 'no JSON' };
    const message = JSON.parse(text) as Message;
    const frameId = message.frameId === undefined ? null : Buffer.from(message.frameId, 'hex');
    const value = { ...message, frameId, origin, codec: 'test' } as unknown as Lifecycle;
    return { kind: 'lifecycle.v1', value };
  }
}

const origin = { bridge: 'bridge-1', epoch: 1, sequence: 1 };

const inputs = [
  { topic: kafkaTopics.telemetry, urgency: 'live' },
  { topic: kafkaTopics.backfill, urgency: 'backfill' },
] as const;

function listProcessor(calls: { applies: number; throws: number }): Processor<ListState> {
  const messageOf = (record: StreamRecord) => record.value as unknown as Message;
  return {
    group: 'list',
    inputs,
    stateTopic: kafkaTopics.state,
    create: (vehicleId) => ({ vehicleId, applied: [], duplicates: 0, ticks: [], dueAt: null }),
    apply(state, record, emit) {
      const message = messageOf(record);
      calls.applies += 1;
      const input = inputs.findIndex(({ topic }) => topic === record.topic);
      state.applied.push(`${input}@${record.offset}`);
      if (message.throws) {
        calls.throws += 1;
        throw new TypeError('as the test wants');
      }
      if (message.unfit) state.applied.push('unfit');
      if (message.dueAt !== undefined) state.dueAt = message.dueAt;
      if (message.emits) emit(kafkaTopics.heartbeat, Buffer.from(state.vehicleId));
      return message.change ?? 'loud';
    },
    applyDuplicate(state) {
      state.duplicates += 1;
      return 'none';
    },
    tick(state, nowMs) {
      if (state.dueAt === null || state.dueAt > nowMs) return 'none';
      state.dueAt = null;
      state.ticks.push(nowMs);
      return 'loud';
    },
    dueAt: (state) => state.dueAt ?? Number.POSITIVE_INFINITY,
    encode(state, provenance) {
      if (state.applied.includes('unfit')) throw new Error('the state does not fit');
      return Buffer.from(JSON.stringify({ state, provenance }));
    },
    decode: (value) => JSON.parse(value.toString()) as TopicState,
  };
}
