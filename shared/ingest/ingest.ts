// The life of a payload: from bytes on a topic to records for Kafka and answers for the vehicle.
// Pure and total. The bridge, the redrive and the command line all pass through here.

import type { Encoders } from '../avro/encoder.ts';
import { answerTo, answerToRefused } from '../frame/gb32960/answer-to.ts';
import { decodeMessage } from '../frame/gb32960/decode-message.ts';
import type { Gb32960Frame } from '../frame/gb32960/frame.ts';
import type { Outcome, Reason } from '../frame/outcome.ts';
import { asBuffer } from '../telemetry/bytes.ts';
import { interpret } from '../telemetry/gb32960.ts';
import { type Codec, kafkaTopics, type Route } from '../topics.ts';
import type {
  Answer,
  Ingest,
  Ingested,
  IngestedRecord,
  IngestMessage,
  Origin,
} from './contract.ts';
import { OpenFrameContext } from './frame-context.ts';
import { createHash64, frameHashOf, type HashFrame } from './frame-id.ts';
import { encodeRecord, recordBytesMax } from './frame-record.ts';
import { toQuarantined } from './quarantine.ts';
import { type Address, type Addressed, createAddressBook } from './route.ts';
import { StraightReports } from './straight-report.ts';

export interface IngestOptions {
  readonly routes: readonly Route[];
  readonly encoders: Encoders;
  /** Longer payloads are refused unread. */
  readonly payloadBytesMax: number;
  /** The standard asks for no answer to a report. */
  readonly answerReports: boolean;
  /** A refusal makes vehicles send the same again. */
  readonly answerRefusals: boolean;
}

/**
 * The one way from payload to records. Each frame is one record, and a refused frame leaves its
 * neighbours be. The result holds no view of the payload.
 */
export async function createIngest(options: IngestOptions): Promise<Ingest> {
  const hash64 = await createHash64();
  const hashFrame = frameHashOf(hash64);
  const tools: Tools = { ...options, hashFrame, context: new OpenFrameContext(hashFrame) };
  const addressOf = createAddressBook(options.routes);
  const reports = new StraightReports(options.encoders, hash64);
  return (message) => {
    const address = addressOf(message.mqttTopic);
    // The parts of a Buffer are Buffers, as records want them; so each is made only once.
    const payload = asBuffer(message.payload);
    if (address.kind === 'addressed' && !options.answerReports) {
      const record =
        payload.length > options.payloadBytesMax
          ? null
          : reports.recordOf(payload, address, message);
      if (record !== null) return storedAs(record, address.codec);
    }
    const draft = openDraft(message, address);
    if (address.kind === 'unaddressed') {
      const { code, detail } = address;
      quarantine(tools, draft, { code, offset: 0, detail }, payload);
    } else if (payload.length > options.payloadBytesMax) {
      quarantine(tools, draft, oversize(payload, options.payloadBytesMax), payload);
    } else {
      for (const outcome of decodeMessage(payload)) take(tools, draft, outcome, address);
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

/** What a message has become so far. */
interface Draft {
  readonly message: IngestMessage;
  readonly address: Address;
  readonly ingested: OpenIngested;
}

interface OpenIngested extends Ingested {
  frameCount: number;
  quarantinedCount: number;
  readonly quarantineReasons: string[];
  readonly records: IngestedRecord[];
  readonly answers: Answer[];
}

type DecodedFrame = Outcome<Gb32960Frame>;
type ReadFrame = Exclude<DecodedFrame, { readonly kind: 'reject' }>;

function openDraft(message: IngestMessage, address: Address): Draft {
  const ingested = {
    codec: address.kind === 'addressed' ? address.codec : ('unknown' as const),
    frameCount: 0,
    quarantinedCount: 0,
    quarantineReasons: [],
    records: [],
    answers: [],
  };
  return { message, address, ingested };
}

function take(tools: Tools, draft: Draft, outcome: DecodedFrame, address: Addressed): void {
  const refusal =
    outcome.kind === 'reject' ? outcome.reason : produce(tools, draft, outcome, address);
  if (refusal !== null) quarantine(tools, draft, refusal, asBuffer(outcome.bytes));
  const answer =
    refusal === null && outcome.kind !== 'reject'
      ? answerToGood(tools, draft, outcome.frame)
      : answerToBad(tools, draft, outcome.bytes);
  if (answer !== null) {
    draft.ingested.answers.push({ mqttTopic: address.downTopic, payload: answer });
  }
}

/** Adds the record of a frame that could be read, or says why there can be none. */
function produce(
  tools: Tools,
  draft: Draft,
  outcome: ReadFrame,
  address: Addressed,
): Reason | null {
  const { frame, reason } = outcome;
  const { context } = tools;
  context.vehicleId = address.vehicleId;
  context.hashPrefix = address.hashPrefix;
  context.receivedAt = draft.message.receivedAt;
  context.origin = originOf(draft);
  try {
    const interpreted = interpret(frame, reason, context);
    if (interpreted.kind === 'rejection') return interpreted.reason;
    const { kafkaTopic, value } = encodeRecord(tools.encoders, interpreted);
    if (value.length > recordBytesMax) return recordOversize(value);
    draft.ingested.records.push({ kafkaTopic, key: address.key, value });
    draft.ingested.frameCount += 1;
    return null;
  } catch (error) {
    // Our own mistake, yet the vehicle's bytes: they must not be lost with it.
    return { code: 'record_refused', offset: 0, detail: messageOf(error) };
  }
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
  ingested.frameCount += 1;
}

/** Of the frame at hand: the message's own, counted on. */
function originOf({ message, ingested }: Draft): Origin {
  const { bridge, epoch, sequence } = message.origin;
  return { bridge, epoch, sequence: sequence + ingested.frameCount };
}

function answerToGood(tools: Tools, draft: Draft, frame: Gb32960Frame): Buffer | null {
  if (frame.body.kind === 'report' && !tools.answerReports) return null;
  return answerTo(frame, { nowAt: draft.message.receivedAt });
}

function answerToBad(tools: Tools, draft: Draft, bytes: Uint8Array): Buffer | null {
  if (!tools.answerRefusals) return null;
  return answerToRefused(bytes, { flag: errorFlag, nowAt: draft.message.receivedAt });
}

// GB/T 32960.3-2016 table 4.
const errorFlag = 0x02;

function oversize(payload: Buffer, payloadBytesMax: number): Reason {
  const detail = `payload of at most ${payloadBytesMax} bytes wanted, found ${payload.length}`;
  return { code: 'payload_oversize', offset: payloadBytesMax, detail };
}

function recordOversize(value: Buffer): Reason {
  const detail = `record of at most ${recordBytesMax} bytes wanted, found ${value.length}`;
  return { code: 'record_refused', offset: 0, detail };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
