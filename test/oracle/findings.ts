// What a run has left behind, against the oracle: Redis, the state topic, the quarantine.

import type { Decoded, Decoder } from '#shared/avro/decoder.ts';
import type { VehicleState } from '#shared/avro/types.generated.ts';
import type { KafkaClient } from '#shared/kafka/client.ts';
import { type ReadRecord, readAll } from '#shared/kafka/reader.ts';
import type { StreamRecord } from '#shared/stream/processor.ts';
import type { StateStore } from '#shared/stream/store.ts';
import { recordOfStored } from '#shared/stream/stored-value.ts';
import { kafkaTopics, topicsOf } from '#shared/topics.ts';
import { type ExpectedState, expectedState, type StateLimits } from './expected-state.ts';
import { stateDifferences, storyLines } from './state-differences.ts';

export interface Places {
  readonly client: KafkaClient;
  readonly decoder: Decoder;
  readonly store: StateStore;
  readonly partitionCount: number;
}

export interface Inputs {
  /** By vehicle; not decoded, since together they would not fit into memory. */
  readonly records: ReadonlyMap<string, readonly ReadRecord[]>;
  /** `topic/partition/offset` of records that nobody can read. */
  readonly unreadable: ReadonlySet<string>;
}

const inputTopics = topicsOf('bridge').filter((topic) => topic !== kafkaTopics.quarantine);

/** All that the processor was given, as Kafka has it. */
export async function readInputs({ client, decoder }: Places): Promise<Inputs> {
  const all = await readTopics(client, inputTopics);
  const unreadable = new Set<string>();
  const readable: ReadRecord[] = [];
  for (const record of all) {
    const { kind } = await decodeValue(decoder, record);
    if (kind === 'fault') unreadable.add(placeOf(record));
    else readable.push(record);
  }
  return { records: Map.groupBy(readable, vehicleOf), unreadable };
}

export interface Judgement {
  readonly nowMs: number;
  readonly limits: StateLimits;
}

export type ExpectedStates = ReadonlyMap<string, ExpectedState>;

export async function expectedStates(
  { decoder }: Places,
  { records }: Inputs,
  { nowMs, limits }: Judgement,
): Promise<ExpectedStates> {
  const states = new Map<string, ExpectedState>();
  for (const [vehicleId, own] of records) {
    const story = { vehicleId, records: await storyOf(decoder, own), nowMs, limits };
    states.set(vehicleId, expectedState(story));
  }
  return states;
}

export type FoundStates = ReadonlyMap<string, VehicleState>;

export async function statesInRedis(places: Places): Promise<FoundStates> {
  const { store, decoder, partitionCount } = places;
  const states = new Map<string, VehicleState>();
  for (let partition = 0; partition < partitionCount; partition += 1) {
    for await (const vehicles of store.scan(partition)) {
      for (const { vehicleId, value } of vehicles) {
        const decoded = await decoder.decode(recordOfStored(value) ?? Buffer.alloc(0));
        if (decoded.kind !== 'state.v1') throw new Error(`${vehicleId}: no state in Redis`);
        states.set(vehicleId, decoded.value);
      }
    }
  }
  return states;
}

/** Vehicles whose state has forgotten a record that it had. */
export function takenBack(before: FoundStates, after: FoundStates): readonly string[] {
  return [...before].flatMap(([vehicleId, { provenance }]) => {
    const now = after.get(vehicleId)?.provenance.appliedOffsets ?? [];
    const isBack = provenance.appliedOffsets.some((offset, input) => (now[input] ?? -1) < offset);
    return isBack ? [vehicleId] : [];
  });
}

export interface StateTopic {
  /** Of each vehicle the record that readers take: the highest epoch, then the latest. */
  readonly states: FoundStates;
  readonly recordCount: number;
  /** Records of an owner who had been followed by another one already: readers pass them over. */
  readonly overtakenCount: number;
  /** Such records with input that the states taken do not have: writes of a zombie that counted. */
  readonly accepted: readonly string[];
}

export async function stateTopicOf({ client, decoder }: Places): Promise<StateTopic> {
  const states = new Map<string, VehicleState>();
  const overtaken: VehicleState[] = [];
  const all = await readTopics(client, [kafkaTopics.state]);
  for (const record of all) {
    const decoded = await decodeValue(decoder, record);
    if (decoded.kind !== 'state.v1') throw new Error(`${placeOf(record)}: no state of a vehicle`);
    const held = states.get(vehicleOf(record));
    if (held && held.provenance.epoch > decoded.value.provenance.epoch) {
      overtaken.push(decoded.value);
    } else states.set(vehicleOf(record), decoded.value);
  }
  const accepted = overtaken.filter((state) => {
    const { appliedOffsets } = (states.get(state.vehicleId) as VehicleState).provenance;
    return state.provenance.appliedOffsets.some((at, input) => at > (appliedOffsets[input] ?? -1));
  });
  return {
    states,
    recordCount: all.length,
    overtakenCount: overtaken.length,
    accepted: accepted.map(({ vehicleId }) => vehicleId),
  };
}

/** Where `found` is another than the oracle's: lines with the vehicle's story; empty: nowhere. */
export async function differencesOf(
  { decoder }: Places,
  { records }: Inputs,
  { expected, found }: { readonly expected: ExpectedStates; readonly found: FoundStates },
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [vehicleId, wanted] of expected) {
    const differences = stateDifferences(wanted, found.get(vehicleId));
    if (differences.length === 0) continue;
    const story = await storyOf(decoder, records.get(vehicleId) ?? []);
    const [first] = story;
    lines.push(
      `${vehicleId} of partition ${first?.partition}:`,
      ...differences.slice(0, 12),
      ...storyLines(story),
    );
  }
  const strangers = [...found.keys()].filter((vehicleId) => !expected.has(vehicleId));
  return [...lines, ...strangers.map((vehicleId) => `${vehicleId}: a state of nobody`)];
}

export interface QuarantineLook {
  readonly recordCount: number;
  /** What is there without a reason, or missing. */
  readonly faults: readonly string[];
}

export async function quarantineOf(
  { client, decoder }: Places,
  { unreadable }: Inputs,
): Promise<QuarantineLook> {
  const missing = new Set(unreadable);
  const faults: string[] = [];
  const all = await readTopics(client, [kafkaTopics.quarantine]);
  for (const record of all) {
    const decoded = await decodeValue(decoder, record);
    if (decoded.kind !== 'quarantine.v1') throw new Error(`${placeOf(record)}: not quarantined`);
    const { reason, detail, source } = decoded.value;
    const place = `${source.kafkaTopic}/${source.partition}/${source.offset}`;
    missing.delete(place);
    const isExplained = reason === 'record_undecodable' && unreadable.has(place);
    if (!isExplained) faults.push(`${place}: ${reason}, ${detail}`);
  }
  const lost = [...missing].map((place) => `${place}: not in quarantine`);
  return { recordCount: all.length, faults: [...faults, ...lost] };
}

async function storyOf(
  decoder: Decoder,
  records: readonly ReadRecord[],
): Promise<readonly StreamRecord[]> {
  const story: StreamRecord[] = [];
  for (const record of records) {
    const decoded = await decodeValue(decoder, record);
    const { topic, partition, offset } = record;
    const place = { topic, partition, offset, vehicleId: vehicleOf(record) };
    if (decoded.kind === 'telemetry.v1') story.push({ ...place, ...decoded } as StreamRecord);
    if (decoded.kind === 'lifecycle.v1') story.push({ ...place, ...decoded } as StreamRecord);
  }
  return story;
}

async function readTopics(
  client: KafkaClient,
  topics: readonly string[],
): Promise<readonly ReadRecord[]> {
  const records: ReadRecord[] = [];
  await readAll({ client, topics, onRecord: (record) => records.push(record) });
  return records;
}

async function decodeValue(decoder: Decoder, { value }: ReadRecord): Promise<Decoded> {
  return decoder.decode(value ?? Buffer.alloc(0));
}

function placeOf({ topic, partition, offset }: ReadRecord): string {
  return `${topic}/${partition}/${offset}`;
}

function vehicleOf({ key }: ReadRecord): string {
  return key?.toString() ?? '';
}
