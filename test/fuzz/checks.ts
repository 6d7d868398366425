// What must hold of any payload: it comes to outcomes with all its bytes, each by a name that is
// known, and the work is in proportion to its length.

import { getHeapStatistics } from 'node:v8';
import { createEncoders, headerBytes, type SchemaIds } from '#shared/avro/encoder.ts';
import { ownSchemas } from '#shared/avro/schemas.ts';
import type { Explained } from '#shared/frame/explained.ts';
import { keptReasons } from '#shared/frame/kept-reasons.ts';
import type { Outcome } from '#shared/frame/outcome.ts';
import { refusedReasons } from '#shared/frame/refused-reasons.ts';
import type { Ingested, IngestedRecord } from '#shared/ingest/contract.ts';
import { createIngest } from '#shared/ingest/ingest.ts';
import { PartAssembly } from '#shared/ingest/part-assembly.ts';
import { defaultRoutes, kafkaTopics, topicSpecs } from '#shared/topics.ts';
import { type FuzzCodec, payloadBytesMax } from './fuzz-codec.ts';
import { count, type Tally } from './tally.ts';

export interface Checked {
  readonly codec: FuzzCodec;
  readonly payload: Buffer;
  readonly index: number;
  readonly tally: Tally;
}

/** What is looked at only in some payloads takes longer than all the rest. */
const closeLookEvery = 16;

/** Throws where a promise does not hold. */
export function checkPayload(checked: Checked): void {
  const { codec, payload, index, tally } = checked;
  tally.payloadCount += 1;
  tally.byteCount += payload.length;
  const before = Buffer.from(payload);
  const outcomes = codec.decode(payload);
  const topic = topicOf(codec, outcomes);
  const work = () => pass(payload, topic);
  const startedAt = performance.now();
  work();
  const micros = (performance.now() - startedAt) * 1000;
  noteTime(checked, { work, micros, frames: outcomes.length });
  const ingested = pass(payload, topic);
  want(payload.equals(before), 'the payload is left as it was');
  checkBytes(codec, payload, outcomes);
  for (const outcome of outcomes) checkOutcome(codec, outcome, tally);
  checkIngested(ingested, outcomes, tally);
  const { records } = ingested;
  noteWork(payload, { outcomes, records }, tally);
  if (payload.length > longBytes && index % closeLookEvery < 4) noteAllocated(checked);
  if (index % closeLookEvery !== 0) return;
  for (const record of records) readBack(record);
  want(JSON.stringify(codec.describe(payload)).length > 0, 'a description');
  if (codec.explain) checkExplained(payload, codec.explain(payload));
}

const schemaIds = Object.fromEntries(topicSpecs.map(({ topic }) => [topic, 1])) as SchemaIds;
const ingest = await createIngest({
  routes: defaultRoutes,
  encoders: createEncoders(schemaIds),
  payloadBytesMax,
  answerReports: true,
  answerRefusals: true,
  assembly: new PartAssembly({
    ageMs: 60_000,
    partsMax: 16,
    vehicleBytesMax: 65_536,
    bytesMax: 262_144,
  }),
});
const receivedAt = Date.UTC(2026, 5, 15, 4);
const origin = { bridge: 'fuzz', epoch: 1, sequence: 1 };

function pass(payload: Buffer, mqttTopic: string): Ingested {
  return ingest({ mqttTopic, payload, receivedAt, origin });
}

/** Frames come from the vehicle that they name, where a topic can have its name. */
function topicOf(codec: FuzzCodec, outcomes: readonly Outcome<unknown>[]): string {
  const named = codec.vehicleIdOf(outcomes) ?? '';
  return `v1/up/${/^[A-Za-z0-9]{1,20}$/.test(named) ? named : 'FUZZ'}/${codec.name}`;
}

/**
 * A payload that looks slow is passed again, and what counts is the least time, or the CPU time of
 * this thread where that is less: neither others who use the machine nor the collector are blamed
 * on it.
 */
function noteTime({ payload, index, tally }: Checked, { work, micros, frames }: Pass): void {
  let least = micros;
  const isSlow = () => least > tally.slowest.micros || least > tally.slowestFrameMicros * frames;
  for (let again = 0; again < 3 && isSlow(); again += 1) {
    const startedAt = performance.now();
    work();
    least = Math.min(least, (performance.now() - startedAt) * 1000);
  }
  if (!isSlow()) return;
  least = Math.round(Math.min(least, cpuMicrosOf(work)));
  tally.slowestFrameMicros = Math.max(tally.slowestFrameMicros, Math.round(least / frames));
  if (least <= tally.slowest.micros) return;
  tally.slowest = { micros: least, bytes: payload.length, frames, index };
}

interface Pass {
  readonly work: () => unknown;
  /** Of the first time. */
  readonly micros: number;
  readonly frames: number;
}

/** The system brings the figure up to date each 4 ms. */
const passesOfALook = 8;

function cpuMicrosOf(work: () => unknown): number {
  const before = process.threadCpuUsage();
  for (let pass = 0; pass < passesOfALook; pass += 1) work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / passesOfALook;
}

/** Every byte is in exactly one outcome, in the order of the bytes. */
function checkBytes(
  { sharesBytes = false, between = /^$/ }: FuzzCodec,
  payload: Buffer,
  outcomes: readonly Outcome<unknown>[],
): void {
  want(outcomes.length > 0, 'an outcome');
  let at = 0;
  for (const { bytes } of outcomes) {
    want(bytes.buffer === payload.buffer, 'a view of the payload');
    const begin = bytes.byteOffset - payload.byteOffset;
    const isNext = begin === at || (sharesBytes && begin === at - 1);
    const skipped = payload.toString('latin1', at, Math.max(at, begin));
    want(isNext || (begin > at && between.test(skipped)), `an outcome that begins at ${at}`);
    at = begin + bytes.length;
  }
  want(between.test(payload.toString('latin1', at)), `outcomes of ${payload.length} bytes: ${at}`);
}

const known = new Set([...Object.keys(keptReasons), ...Object.keys(refusedReasons)]);

function checkOutcome(codec: FuzzCodec, outcome: Outcome<unknown>, tally: Tally): void {
  const { kind, reason, frame, bytes } = outcome;
  count(tally.outcomes, kind);
  want((frame === null) === (kind === 'reject'), `a frame unless rejected, in ${kind}`);
  want((reason === null) === (kind === 'accept' || kind === 'answer'), `a reason for ${kind}`);
  if (reason !== null) {
    count(tally.reasons, reason.code);
    want(known.has(reason.code), `a reason that is explained, found ${reason.code}`);
    want(reason.detail.length > 0, 'what was wanted and found');
    want(reason.offset >= 0 && reason.offset <= bytes.length, 'an offset within the frame');
  }
  codec.checkSame?.(outcome);
}

function checkIngested(
  ingested: Ingested,
  outcomes: readonly Outcome<unknown>[],
  tally: Tally,
): void {
  const { frameCount, quarantinedCount, quarantineReasons, records } = ingested;
  want(frameCount === outcomes.length, `${outcomes.length} frames, found ${frameCount}`);
  const rejected = outcomes.filter(({ kind }) => kind === 'reject').length;
  want(quarantinedCount >= rejected, `at least ${rejected} refused, found ${quarantinedCount}`);
  const inQuarantine = records.filter(({ kafkaTopic }) => kafkaTopic === kafkaTopics.quarantine);
  want(inQuarantine.length === quarantinedCount, 'a record in quarantine for each refused frame');
  want(records.length >= frameCount, 'a record for each frame');
  tally.outcomes['refused'] = (tally.outcomes['refused'] ?? 0) + quarantinedCount - rejected;
  for (const reason of quarantineReasons) {
    want(known.has(reason), `a reason that is explained, found ${reason}`);
    if (reason === 'record_refused') for (const record of inQuarantine) checkRefused(record);
  }
}

/** A record has limits, which its refusal names; any other refusal is our own mistake. */
function checkRefused({ value }: IngestedRecord): void {
  const { reason, detail } = ownSchemas['quarantine.v1'].type.fromBuffer(
    value.subarray(headerBytes),
  );
  if (reason !== 'record_refused') return;
  want(/at most \d+/.test(detail), `a record of every frame that was read, found ${detail}`);
}

/**
 * Bounds in proportion to the payload's bytes. A custom item of 3 bytes is an entry, and an alarm
 * item of 10 bytes has up to 32 names of about 20 bytes: far below these.
 */
const entriesPerByteBound = 4;
/** No single allocation is longer than so many times the payload. */
const largestPerByteBound = 16;
const recordBytesPerByteBound = 128;
const recordBytesBase = 4096;

interface Work {
  readonly outcomes: readonly Outcome<unknown>[];
  readonly records: readonly IngestedRecord[];
}

function noteWork(payload: Buffer, { outcomes, records }: Work, tally: Tally): void {
  const size = payload.length;
  const { entries, largestBytes } = weigh(outcomes.map(({ frame }) => frame));
  const recordBytes = records.reduce((sum, { value }) => sum + value.length, 0);
  want(largestBytes <= size * largestPerByteBound + 1024, `no part of ${largestBytes} bytes`);
  want(entries <= size * entriesPerByteBound + 64, `few entries of ${size} bytes: ${entries}`);
  const recordBound = size * recordBytesPerByteBound + recordBytesBase;
  want(recordBytes <= recordBound, `short records of ${size} bytes: ${recordBytes}`);
  if (size < 100) return;
  tally.entriesPerByteMax = Math.max(tally.entriesPerByteMax, entries / size);
  tally.recordBytesPerByteMax = Math.max(tally.recordBytesPerByteMax, recordBytes / size);
}

interface Weight {
  /** Elements of all lists, lists in lists included. */
  entries: number;
  /** Of the longest list, text or run of bytes. */
  largestBytes: number;
}

function weigh(value: unknown, weight: Weight = { entries: 0, largestBytes: 0 }): Weight {
  if (typeof value === 'string') return noteBytes(weight, value.length * 2);
  if (value instanceof Uint8Array) return noteBytes(weight, value.length);
  if (typeof value !== 'object' || value === null) return weight;
  const parts = Object.values(value);
  if (Array.isArray(value)) {
    weight.entries += parts.length;
    noteBytes(weight, parts.length * 8);
  }
  for (const part of parts) weigh(part, weight);
  return weight;
}

function noteBytes(weight: Weight, bytes: number): Weight {
  weight.largestBytes = Math.max(weight.largestBytes, bytes);
  return weight;
}

const longBytes = 20_000;
/** The engine counts what it hands out by the block of about 256 KiB. */
const decodesOfALook = 16;
/**
 * All that a decode makes, to be thrown away mostly. Measured: 113 where each item of 2 bytes (a
 * list with no entry) is an object. What is made as long as a count says, and not as the bytes do,
 * is thousands.
 */
const allocatedPerByteBound = 256;

function noteAllocated({ codec, payload, tally }: Checked): void {
  codec.decode(payload);
  const before = getHeapStatistics().total_allocated_bytes;
  for (let time = 0; time < decodesOfALook; time += 1) codec.decode(payload);
  const allocated = (getHeapStatistics().total_allocated_bytes - before) / decodesOfALook;
  const perByte = Math.round(allocated / payload.length);
  tally.allocatedPerByteMax = Math.max(tally.allocatedPerByteMax, perByte);
  want(perByte <= allocatedPerByteBound, `few bytes allocated for each, found ${perByte}`);
}

/** As a consumer does, to the last byte. */
function readBack({ kafkaTopic, value }: IngestedRecord): void {
  const spec = topicSpecs.find(({ topic }) => topic === kafkaTopic);
  want(spec !== undefined, `a schema of ${kafkaTopic}`);
  ownSchemas[spec.schema].type.fromBuffer(value.subarray(headerBytes));
}

/** Every byte is in a leaf, and in one only. */
function checkExplained(payload: Buffer, parts: readonly Explained[]): void {
  want(JSON.stringify(parts).length > 0, 'an explanation');
  const end = endOf(parts, 0);
  want(end === payload.length, `leaves of ${payload.length} bytes, found ${end}`);
}

function endOf(parts: readonly Explained[], from: number): number {
  let at = from;
  for (const { name, at: begin, end, parts: inner } of parts) {
    want(begin === at, `${name} that begins at ${at}, found ${begin}`);
    at = inner.length === 0 ? end : endOf(inner, at);
    want(at === end, `${name} that ends at ${end}, found ${at}`);
  }
  return at;
}

function want(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`want ${what}`);
}
