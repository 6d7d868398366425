// The fuzz of the GB/T 32960 codec: mutated payloads through decode, telemetry and Avro, and what
// must hold of each. Faults are collected, not thrown, each with what makes its payload again.

import { createEncoders, headerBytes, type SchemaIds } from '#shared/avro/encoder.ts';
import { ownSchemas } from '#shared/avro/schemas.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { describeMessage } from '#shared/frame/gb32960/describe-message.ts';
import { encodeFrame } from '#shared/frame/gb32960/encode-frame.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import type { Outcome } from '#shared/frame/outcome.ts';
import { encodeRecord, type FrameRecord } from '#shared/ingest/frame-record.ts';
import { interpret } from '#shared/telemetry/gb32960.ts';
import { topicSpecs } from '#shared/topics.ts';
import { contextOf } from '#test/shared/telemetry/sample-frames.ts';
import { mutatedPayload, readCorpus } from './mutations.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Payloads. */
  readonly count: number;
  /** Called now and then with the payloads done so far. */
  readonly onProgress?: (doneCount: number) => void;
}

export interface FuzzResult {
  readonly seed: number;
  readonly count: number;
  readonly byteCount: number;
  /** Frames by outcome; `refused` are those that decode and make no record. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Empty when all promises held; at most `faultsMax`. */
  readonly faults: readonly FuzzFault[];
  readonly slowest: Slowest;
  /** The highest ratio to the bytes of a payload, among those of 100 bytes or more. */
  readonly entriesPerByteMax: number;
  readonly recordBytesPerByteMax: number;
}

export interface FuzzFault {
  readonly index: number;
  readonly detail: string;
  readonly hex: string;
}

/** The payload that took longest from bytes to records. */
export interface Slowest {
  /** CPU time. */
  readonly micros: number;
  readonly bytes: number;
  readonly index: number;
}

const faultsMax = 20;

/**
 * Mutates `count` payloads and looks at each. Never throws for what a payload does. Keeps the
 * thread until it is done: 50 to 75 µs a payload.
 */
export function fuzzGb32960({ seed, count, onProgress }: FuzzOptions): FuzzResult {
  const corpus = readCorpus();
  const tally = openTally();
  for (let index = 0; index < count && tally.faults.length < faultsMax; index += 1) {
    const payload = mutatedPayload(corpus, seed, index);
    tally.byteCount += payload.length;
    try {
      check(payload, index, tally);
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      tally.faults.push({ index, detail, hex: payload.toString('hex') });
    }
    if ((index + 1) % progressEvery === 0) onProgress?.(index + 1);
  }
  return { seed, count, ...tally };
}

const progressEvery = 10_000;

type Tally = ReturnType<typeof openTally>;

function openTally() {
  return {
    byteCount: 0,
    outcomes: {} as Record<string, number>,
    faults: [] as FuzzFault[],
    slowest: { micros: 0, bytes: 0, index: -1 } as Slowest,
    entriesPerByteMax: 0,
    recordBytesPerByteMax: 0,
  };
}

/** What is looked at only in some payloads takes longer than all the rest. */
const closeLookEvery = 16;

function check(payload: Buffer, index: number, tally: Tally): void {
  const before = Buffer.from(payload);
  const startedAt = performance.now();
  const passed = pass(payload);
  noteTime(payload, index, { tally, micros: (performance.now() - startedAt) * 1000 });
  want(payload.equals(before), 'the payload is left as it was');
  checkBytes(payload, passed.outcomes);
  for (const outcome of passed.outcomes) checkOutcome(outcome, tally);
  noteWork(payload, passed, tally);
  if (index % closeLookEvery !== 0) return;
  for (const record of passed.records) readBack(record);
  want(JSON.stringify(describeMessage(payload)).length > 0, 'a description');
}

interface Passed {
  readonly outcomes: readonly Outcome<Gb32960Frame>[];
  readonly records: readonly FrameRecord[];
  readonly markCount: number;
  readonly refusedCount: number;
}

const encoders = createEncoders(
  Object.fromEntries(topicSpecs.map(({ topic }) => [topic, 1])) as SchemaIds,
);
const receivedAt = Date.UTC(2026, 5, 15, 4);
const origin = { bridge: 'fuzz', epoch: 1, sequence: 1 };

/** The way of a payload through the codec. Every frame comes from the vehicle that it names. */
function pass(payload: Buffer): Passed {
  const outcomes = decodeMessage(payload);
  const records: FrameRecord[] = [];
  let markCount = 0;
  let refusedCount = 0;
  for (const { frame, reason } of outcomes) {
    if (frame === null) continue;
    const context = contextOf({ vehicleId: frame.vin, receivedAt, origin });
    const interpreted = interpret(frame, reason, context);
    if (interpreted.kind === 'telemetry') markCount += interpreted.value.fieldStates.length;
    if (interpreted.kind === 'rejection') refusedCount += 1;
    else records.push(encodeRecord(encoders, interpreted));
  }
  return { outcomes, records, markCount, refusedCount };
}

/**
 * A payload that looks slow is passed again, and the least CPU time of this thread counts: neither
 * others who use the machine nor the collector are blamed on it.
 */
function noteTime(
  payload: Buffer,
  index: number,
  { tally, micros }: { readonly tally: Tally; readonly micros: number },
): void {
  let least = micros;
  for (let again = 0; again < 8 && least > tally.slowest.micros; again += 1) {
    const before = process.threadCpuUsage();
    pass(payload);
    const { user, system } = process.threadCpuUsage(before);
    least = Math.min(least, user + system);
  }
  if (least <= tally.slowest.micros) return;
  tally.slowest = { micros: Math.round(least), bytes: payload.length, index };
}

/** Every byte is in exactly one outcome, in the order of the bytes. */
function checkBytes(payload: Buffer, outcomes: readonly Outcome<Gb32960Frame>[]): void {
  want(outcomes.length > 0, 'an outcome');
  let at = 0;
  for (const { bytes } of outcomes) {
    want(bytes.buffer === payload.buffer, 'a view of the payload');
    want(bytes.byteOffset === payload.byteOffset + at, `an outcome that begins at ${at}`);
    at += bytes.length;
  }
  want(at === payload.length, `outcomes of ${payload.length} bytes, found ${at}`);
}

function checkOutcome({ kind, reason, frame, bytes }: Outcome<Gb32960Frame>, tally: Tally): void {
  tally.outcomes[kind] = (tally.outcomes[kind] ?? 0) + 1;
  want((frame === null) === (kind === 'reject'), `a frame unless rejected, in ${kind}`);
  want((reason === null) === (kind === 'accept' || kind === 'answer'), `a reason for ${kind}`);
  if (reason !== null) {
    want(reason.detail.length > 0, 'what was wanted and found');
    want(reason.offset >= 0 && reason.offset <= bytes.length, 'an offset within the frame');
  }
  if (frame !== null) want(encodeFrame(frame).equals(bytes), 'the same bytes when encoded again');
}

/**
 * Bounds in proportion to the payload's bytes. A custom item of 3 bytes is an entry and a mark, and
 * an alarm item of 10 bytes has up to 32 names of about 20 bytes: far below these.
 */
const entriesPerByteBound = 4;
const recordBytesPerByteBound = 128;
const recordBytesBase = 1024;

function noteWork(payload: Buffer, passed: Passed, tally: Tally): void {
  const { outcomes, records, markCount, refusedCount } = passed;
  tally.outcomes['refused'] = (tally.outcomes['refused'] ?? 0) + refusedCount;
  const entries = markCount + entriesIn(outcomes.map(({ frame }) => frame?.body));
  const recordBytes = records.reduce((sum, { value }) => sum + value.length, 0);
  const size = payload.length;
  want(entries <= size * entriesPerByteBound + 32, `few entries of ${size} bytes: ${entries}`);
  const recordBound = size * recordBytesPerByteBound + recordBytesBase;
  want(recordBytes <= recordBound, `short records of ${size} bytes: ${recordBytes}`);
  if (size < 100) return;
  tally.entriesPerByteMax = Math.max(tally.entriesPerByteMax, entries / size);
  tally.recordBytesPerByteMax = Math.max(tally.recordBytesPerByteMax, recordBytes / size);
}

/** Elements of all lists in a decoded value, lists in lists included. */
function entriesIn(value: unknown): number {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return 0;
  const parts = Object.values(value);
  let count = Array.isArray(value) ? parts.length : 0;
  for (const part of parts) count += entriesIn(part);
  return count;
}

/** As a consumer does, to the last byte. */
function readBack({ kafkaTopic, value }: FrameRecord): void {
  const spec = topicSpecs.find(({ topic }) => topic === kafkaTopic);
  want(spec !== undefined, `a schema of ${kafkaTopic}`);
  ownSchemas[spec.schema].type.fromBuffer(value.subarray(headerBytes));
}

function want(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`want ${what}`);
}
