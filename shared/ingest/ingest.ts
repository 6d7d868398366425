// The life of a payload: from bytes on a topic to records for Kafka and answers for the vehicle.
// Total: any bytes end as records. The bridge, the redrive and the command line all pass through
// here.

import type { Encoders } from '../avro/encoder.ts';
import type { Outcome, Reason } from '../frame/outcome.ts';
import { asBuffer } from '../telemetry/bytes.ts';
import { type Codec, kafkaTopics, type Route } from '../topics.ts';
import type { AnswerContext, AnyCodecEntry, Jt808Auth } from './codec-entry.ts';
import { codecEntries } from './codecs.ts';
import type { Ingest, Ingested, IngestedRecord } from './contract.ts';
import { type Draft, openDraft, originOf } from './draft.ts';
import { OpenFrameContext } from './frame-context.ts';
import { createHash64, frameHashOf, type HashFrame } from './frame-id.ts';
import type { PartAssembly } from './part-assembly.ts';
import { appendRecords } from './produce.ts';
import { toQuarantined } from './quarantine.ts';
import { type Addressed, createAddressBook } from './route.ts';
import {
  type SignatureOptions,
  signatureChecksMax,
  signatureFault,
  signatureStateOf,
} from './signatures.ts';
import { StraightReports } from './straight-report.ts';

/** Of all codecs, of none, or of these. */
export type AnswerChoice = boolean | readonly Codec[];

export interface IngestOptions {
  readonly routes: readonly Route[];
  readonly encoders: Encoders;
  /** Longer payloads are refused unread. */
  readonly payloadBytesMax: number;
  /** No standard asks for an answer to a report. */
  readonly answerReports: AnswerChoice;
  /** A refusal makes vehicles send the same again. */
  readonly answerRefusals: AnswerChoice;
  /** `any` where it is left out: the broker knows already who is connected. */
  readonly jt808Auth?: Jt808Auth;
  /** Nothing is checked or asked for where it is left out. */
  readonly signatures?: SignatureOptions;
  /** Joins the parts of split messages; where it is left out, parts are stored and no more. */
  readonly assembly?: PartAssembly;
}

/**
 * The one way from payload to records. A frame is one record or several, and a refused frame leaves
 * its neighbours be. The result holds no view of the payload. Keeps nothing from one message to the
 * next but what `assembly` holds.
 */
export async function createIngest(options: IngestOptions): Promise<Ingest> {
  const hash64 = await createHash64();
  const hashFrame = frameHashOf(hash64);
  const tools: Tools = { ...options, hashFrame, context: new OpenFrameContext(hashFrame) };
  const addressOf = createAddressBook(options.routes);
  const reports = new StraightReports(options.encoders, hash64);
  // The straight way answers nothing and knows no signatures.
  const isStraight =
    !answers(options.answerReports, 'gb32960') &&
    options.signatures?.policies['gb32960-2016'] !== 'require';
  return (message) => {
    const address = addressOf(message.mqttTopic);
    // The parts of a Buffer are Buffers, as records want them; so each is made only once.
    const payload = asBuffer(message.payload);
    if (isStraight && address.kind === 'addressed' && payload.length <= options.payloadBytesMax) {
      const record = reports.recordOf(payload, address, message);
      if (record !== null) return storedAs(record, address.codec);
    }
    const draft = openDraft(message, address);
    if (address.kind === 'unaddressed') {
      const { code, detail } = address;
      refuse(tools, draft, { code, offset: 0, detail }, payload);
    } else if (payload.length > options.payloadBytesMax) {
      refuse(tools, draft, oversize(payload, options.payloadBytesMax), payload);
    } else {
      takeAll(tools, draft, address, payload);
    }
    return draft.ingested;
  };
}

const none: readonly never[] = Object.freeze([]);

/** Of a message that is one report, and nothing else. */
function storedAs(record: IngestedRecord, codec: Codec): Ingested {
  return {
    codec,
    frameCount: 1,
    quarantinedCount: 0,
    quarantineReasons: none,
    records: [record],
    answers: none,
  };
}

interface Tools extends IngestOptions {
  readonly hashFrame: HashFrame;
  readonly context: OpenFrameContext;
}

type DecodedFrame = Outcome<unknown>;
type ReadFrame = Exclude<DecodedFrame, { readonly kind: 'reject' }>;

function takeAll(tools: Tools, draft: Draft, address: Addressed, payload: Buffer): void {
  const entry = codecEntries[address.codec];
  const { context } = tools;
  context.vehicleId = address.vehicleId;
  context.identity = address.identity;
  context.hashPrefix = address.hashPrefix;
  context.receivedAt = draft.message.receivedAt;
  for (const outcome of entry.decode(payload)) {
    take(tools, draft, entry, outcome);
    draft.ingested.frameCount += 1;
  }
}

/** One frame: its records and its answer; or its bytes in quarantine, and what that is told. */
function take(tools: Tools, draft: Draft, entry: AnyCodecEntry, outcome: DecodedFrame): void {
  if (outcome.kind === 'reject') {
    takeRefused(tools, draft, entry, outcome.reason, asBuffer(outcome.bytes));
    return;
  }
  const refusal = produce(tools, draft, entry, outcome);
  if (refusal !== null) {
    takeRefused(tools, draft, entry, refusal, asBuffer(outcome.bytes));
    return;
  }
  const whole = wholeOf(tools, draft, entry, outcome);
  if (whole !== null && !takeWhole(tools, draft, entry, whole)) return;
  const own = answerTo(tools, draft, entry, outcome.frame);
  // Each part is answered for itself; a whole only where its parts are not: a registration.
  const isOfWhole = own === null && whole !== null && whole.kind !== 'reject';
  send(draft, isOfWhole ? answerTo(tools, draft, entry, whole.frame) : own);
}

/** Goes with the part that completes it, in one frame. False: it is refused. */
function takeWhole(tools: Tools, draft: Draft, entry: AnyCodecEntry, whole: DecodedFrame): boolean {
  const refusal = whole.kind === 'reject' ? whole.reason : produce(tools, draft, entry, whole);
  if (refusal !== null) takeRefused(tools, draft, entry, refusal, asBuffer(whole.bytes));
  return refusal === null;
}

function takeRefused(
  tools: Tools,
  draft: Draft,
  entry: AnyCodecEntry,
  reason: Reason,
  bytes: Buffer,
): void {
  quarantine(tools, draft, reason, bytes);
  if (!answers(tools.answerRefusals, draft.ingested.codec)) return;
  send(draft, entry.answerRefused(bytes, reason, answerContextOf(tools, draft)));
}

function answers(choice: AnswerChoice, codec: Codec | 'unknown'): boolean {
  return typeof choice === 'boolean' ? choice : codec !== 'unknown' && choice.includes(codec);
}

function answerTo(
  tools: Tools,
  draft: Draft,
  entry: AnyCodecEntry,
  frame: unknown,
): Uint8Array | null {
  const isWanted = !entry.isReport(frame) || answers(tools.answerReports, draft.ingested.codec);
  if (!isWanted) return null;
  return entry.answer(frame, answerContextOf(tools, draft));
}

function send({ address, ingested }: Draft, payload: Uint8Array | null): void {
  if (payload === null || address.kind !== 'addressed') return;
  ingested.answers.push({ mqttTopic: address.downTopic, payload: asBuffer(payload) });
}

function answerContextOf({ context, jt808Auth = 'any' }: Tools, { message }: Draft): AnswerContext {
  return { nowAt: message.receivedAt, vehicleId: context.vehicleId, jt808Auth };
}

/** Adds the records of a frame that could be read, or says why there can be none. */
function produce(
  tools: Tools,
  draft: Draft,
  entry: AnyCodecEntry,
  { frame, reason }: ReadFrame,
): Reason | null {
  const { context, signatures } = tools;
  const recordCount = draft.ingested.records.length;
  try {
    context.origin = originOf(draft);
    context.signatureState = 'absent';
    if (entry.signed !== null && signatures !== undefined) {
      const isDear = draft.checkedCount >= signatureChecksMax;
      const options = isDear ? { ...signatures, check: null } : signatures;
      const state = signatureStateOf(entry.signed, frame, context.vehicleId, options);
      if (state === 'valid' || state === 'invalid') draft.checkedCount += 1;
      const fault = signatureFault(entry.signed, frame, state, signatures);
      if (fault !== null) return fault;
      context.signatureState = state;
    }
    const refusal = appendRecords(tools.encoders, draft, entry.interpret(frame, reason, context));
    if (refusal !== null) draft.ingested.records.length = recordCount;
    return refusal;
  } catch (error) {
    // Our own mistake, yet the vehicle's bytes: they must not be lost with it.
    draft.ingested.records.length = recordCount;
    return { code: 'record_refused', offset: 0, detail: messageOf(error) };
  }
}

/** Of a split message, when this frame was the last part that was missing; null otherwise. */
function wholeOf(
  { assembly, context }: Tools,
  draft: Draft,
  { split }: AnyCodecEntry,
  { frame, bytes }: ReadFrame,
): DecodedFrame | null {
  if (split === null || assembly === undefined) return null;
  const place = split.placeOf(frame);
  if (place === null) return null;
  const { vehicleId } = context;
  const parts = assembly.add({ vehicleId, place, bytes }, draft.message.receivedAt);
  return parts === null ? null : split.join(parts);
}

/** Of a message that is no frame of any codec. */
function refuse(tools: Tools, draft: Draft, reason: Reason, payload: Buffer): void {
  quarantine(tools, draft, reason, payload);
  draft.ingested.frameCount += 1;
}

function quarantine(tools: Tools, draft: Draft, reason: Reason, bytes: Buffer): void {
  const { message, address, ingested } = draft;
  const origin = originOf(draft);
  const frameId = tools.hashFrame(address.hashPrefix, bytes);
  const refused = toQuarantined({ message, address, origin, frameId, reason, bytes });
  const kafkaTopic = kafkaTopics.quarantine;
  const value = tools.encoders.encodeQuarantined(kafkaTopic, refused);
  ingested.records.push({ kafkaTopic, key: address.key, value });
  ingested.quarantineReasons.push(reason.code);
  ingested.quarantinedCount += 1;
}

function oversize(payload: Buffer, payloadBytesMax: number): Reason {
  const detail = `payload of at most ${payloadBytesMax} bytes wanted, found ${payload.length}`;
  return { code: 'payload_oversize', offset: payloadBytesMax, detail };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
