// A partition that the state store has lost: filled again from the state topic. Which records of
// the inputs must be read once more is what the records of the topic say.

import type { ReadRecord } from '../kafka/reader.ts';
import { type Abandoned, abandoned, type Hold, isOurs, isRegistryAway } from './hold.ts';
import type { LogSpan } from './logs.ts';
import type { StreamParts } from './parts.ts';
import type { DecodedState } from './processor.ts';
import { FrameRing } from './ring.ts';
import type { Claim, StoredVehicle } from './store.ts';
import { encodeStored } from './stored-value.ts';
import { offsetsOf, readHeld } from './stored-vehicles.ts';
import { spansOf } from './tenure.ts';
import { type Vehicles, vehicleOf } from './vehicles.ts';

export interface RebuildOptions<State> {
  readonly parts: StreamParts<State>;
  readonly partition: number;
  readonly epoch: number;
  readonly vehicles: Vehicles<State>;
  readonly hold: Hold;
  /** Of this partition, in the order of the inputs, asked after the claim. */
  readonly spans: readonly LogSpan[];
  /** Inputs that were made anew: no offset of before means anything. */
  readonly remade: ReadonlySet<number>;
}

/** Some hundred KiB: Redis and our loop stop for a few ms. */
const chunkVehicles = 500;

/** Resolves with the partition whole again, as a claim would find it. */
export async function rebuild<State>(
  options: RebuildOptions<State>,
): Promise<Claim | 'fenced' | 'lost' | Abandoned> {
  const { parts, partition, epoch, hold } = options;
  const { stateTopic } = parts.processor;
  const startedAt = parts.monotonicNow();
  const isNew = await isEmpty(options);
  if (isNew === abandoned) return abandoned;
  if (isNew) parts.log.info({ partition }, 'Nothing is known yet; reading the inputs whole.');
  else parts.log.warn({ partition, stateTopic }, 'Gone from Redis; rebuilding from the topic.');
  const latest = await hold('Kafka', () => readLatest(options));
  if (latest === abandoned) return abandoned;
  const begun = await hold('Redis', () => parts.store.beginRebuild(partition, epoch));
  if (begun !== 'begun') return begun;
  options.vehicles.reset(latest.replayFrom);
  parts.processor.release?.(partition);
  const filled = await fill(options, latest);
  if (filled !== 'filled') return filled;
  const offsets = latest.replayFrom.map((from) => from - 1);
  const claim = await hold('Redis', () => parts.store.finishRebuild(partition, epoch, offsets));
  if (typeof claim !== 'object') return claim;
  if (!isNew) tell(options, latest, parts.monotonicNow() - startedAt);
  return claim;
}

/** The state topic has nothing of the partition: it is new, not lost. */
async function isEmpty<State>({ parts, partition, hold }: RebuildOptions<State>) {
  const topics = [parts.processor.stateTopic];
  const spans = await hold('Kafka', () => parts.logs.spans(topics));
  if (spans === abandoned) return abandoned;
  const { low, high } = spansOf(spans, topics, partition)[0]!;
  return low >= high;
}

interface Latest {
  readonly records: Map<string, LatestRecord>;
  /** Everything before is in the topic. */
  readonly replayFrom: number[];
  unreadableCount: number;
}

interface LatestRecord {
  readonly epoch: number;
  readonly value: Buffer;
}

/**
 * Of each key the record of the highest epoch, and of those the last: a zombie's may come later. A
 * record without value clears the key. In order also where a schema must be looked up.
 */
async function readLatest<State>(options: RebuildOptions<State>): Promise<Latest> {
  const { parts, partition, spans, remade } = options;
  const { processor, logs } = parts;
  const replayFrom = processor.inputs.map(() => 0);
  const latest: Latest = { records: new Map(), replayFrom, unreadableCount: 0 };
  let lookUps: Promise<void> | null = null;
  await logs.readPartition({ topic: processor.stateTopic, partition }, (record) => {
    if (lookUps !== null) {
      lookUps = lookUps.then(async () => take(latest, record, await decoded(parts, record)));
      lookUps.catch(() => undefined);
      return;
    }
    const state = decoded(parts, record);
    if (state instanceof Promise) {
      lookUps = state.then((late) => take(latest, record, late));
      lookUps.catch(() => undefined);
    } else take(latest, record, state);
  });
  await lookUps;
  for (const [input, { low, high }] of spans.entries()) {
    // Beyond its end: the topic was made anew since.
    if (replayFrom[input]! > high || remade.has(input)) replayFrom[input] = low;
  }
  return latest;
}

type Readable<State> = DecodedState<State> | 'none' | 'unreadable';

function decoded<State>(
  { processor }: StreamParts<State>,
  { value }: ReadRecord,
): Readable<State> | Promise<Readable<State>> {
  if (value === null) return 'none';
  const failed = (error: unknown): 'unreadable' => {
    if (isRegistryAway(error) || isOurs(error)) throw error;
    return 'unreadable';
  };
  try {
    const state = processor.decode(value);
    return state instanceof Promise ? state.catch(failed) : state;
  } catch (error) {
    if (isRegistryAway(error)) return Promise.reject(error);
    return failed(error);
  }
}

function take<State>(latest: Latest, { key, value }: ReadRecord, state: Readable<State>): void {
  const vehicleId = key?.toString() ?? '';
  if (vehicleId === '') return;
  if (state === 'none') latest.records.delete(vehicleId);
  else if (state === 'unreadable') latest.unreadableCount += 1;
  else {
    const { epoch, replayFromOffsets } = state.provenance;
    for (let input = 0; input < latest.replayFrom.length; input += 1) {
      const from = replayFromOffsets[input] ?? 0;
      if (from > latest.replayFrom[input]!) latest.replayFrom[input] = from;
    }
    const before = latest.records.get(vehicleId);
    if (before !== undefined && before.epoch > epoch) return;
    // A copy: the record is a view of a whole fetch.
    latest.records.set(vehicleId, { epoch, value: Buffer.from(value!) });
  }
}

async function fill<State>(
  options: RebuildOptions<State>,
  { records }: Latest,
): Promise<'filled' | 'fenced' | 'lost' | Abandoned> {
  const { parts, partition, epoch, hold } = options;
  const vehicleIds = [...records.keys()];
  for (let first = 0; first < vehicleIds.length; first += chunkVehicles) {
    const chunk: StoredVehicle[] = [];
    for (const vehicleId of vehicleIds.slice(first, first + chunkVehicles)) {
      const value = await toStored(options, vehicleId, records.get(vehicleId)!.value);
      if (value === abandoned) return abandoned;
      chunk.push({ vehicleId, value });
    }
    parts.life.stepped();
    const filled = await hold('Redis', () => parts.store.fillRebuild(partition, epoch, chunk));
    if (filled !== 'filled') return filled;
  }
  return 'filled';
}

/** The ring is lost with Redis; duplicates of before are idempotent by event time. */
async function toStored<State>(
  options: RebuildOptions<State>,
  vehicleId: string,
  value: Buffer,
): Promise<Buffer | Abandoned> {
  const { parts, partition, epoch, vehicles, hold, spans } = options;
  const { processor, config } = parts;
  const read = await readHeld(() => processor.decode(value), hold);
  if (read === abandoned) return abandoned;
  const { state, provenance } = read;
  const ring = new FrameRing(config.ringFrames);
  let record = value;
  const appliedOffsets = offsetsOf(parts, provenance.appliedOffsets);
  const isOfBefore = (input: number) => {
    return options.remade.has(input) || appliedOffsets[input]! >= spans[input]!.high;
  };
  const before = processor.inputs.map((_, input) => input).filter(isOfBefore);
  if (before.some((input) => appliedOffsets[input] !== -1)) {
    // Offsets of a topic that is no more must not make records of the new one look applied.
    for (const input of before) appliedOffsets[input] = -1;
    const { replayFromOffsets } = provenance;
    record = processor.encode(state, { epoch, appliedOffsets, replayFromOffsets });
  }
  vehicles.due(vehicleId, processor.dueAt(state));
  processor.observe?.(partition, vehicleId, state);
  if (vehicles.cachedCount < parts.cachedMax()) {
    vehicles.add(vehicleOf({ vehicleId, state, ring, appliedOffsets }));
  }
  return encodeStored(ring, record);
}

function tell<State>(
  { parts, partition }: RebuildOptions<State>,
  { records, unreadableCount }: Latest,
  ms: number,
): void {
  const { counters, log } = parts;
  const vehicles = records.size;
  counters.rebuildsCount += 1;
  counters.rebuiltVehiclesCount += vehicles;
  counters.unreadableStatesCount += unreadableCount;
  const seconds = Math.round(ms) / 1000;
  const vehiclesPerSecond = Math.round(vehicles / Math.max(seconds, 0.001));
  log.info({ partition, vehicles, seconds, vehiclesPerSecond }, 'Rebuilt.');
  if (unreadableCount === 0) return;
  log.error({ partition, unreadableCount }, 'Records of the state topic cannot be read; left out.');
}
