// From a frame and the truth behind it to the record that must be found in Kafka.

import { createHash } from 'node:crypto';
import { createFrameHash, framePrefix, type HashFrame } from '#shared/ingest/frame-id.ts';
import { type KafkaTopic, kafkaTopics } from '#shared/topics.ts';
import { answerKeyFor } from './answer-key.ts';
import type { BadKind } from './bad-frames.ts';
import { asReceived, type ExpectedFrame, type FrameKind } from './planned.ts';
import type { Sample } from './sample.ts';

/** What the vehicle knows of a report besides its sample. */
export interface ReportFacts {
  readonly kind: FrameKind;
  readonly sample: Sample;
  readonly isReissued: boolean;
  readonly clock: ClockFacts;
  readonly partial?: PartialFacts;
  readonly signed?: SignedFacts;
}

export interface ClockFacts {
  /** Epoch ms; null where the receive time has to stand in. */
  readonly eventTime: number | null;
  readonly clockState: 'ok' | 'unusable' | 'future' | 'stale';
}

export interface SignedFacts {
  /** The frame without its signature, which is no part of a report's identity. */
  readonly plain: Buffer;
  readonly r: Buffer;
  readonly isGood: boolean;
}

export interface PartialFacts {
  readonly code: 'item_unknown' | 'item_truncated';
  readonly remainder: Buffer;
}

export interface LifecycleFacts {
  readonly kind: FrameKind;
  readonly kafkaTopic: KafkaTopic;
  readonly isAnswered: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Expectations {
  readonly codec: Edition;
  report(vehicleId: string, frame: Buffer, facts: ReportFacts): ExpectedFrame;
  lifecycle(vehicleId: string, frame: Buffer, facts: LifecycleFacts): ExpectedFrame;
  refused(vehicleId: string, bytes: Buffer, facts: RefusedFacts): ExpectedFrame;
}

export interface RefusedFacts {
  readonly kind: BadKind;
  readonly reason: string;
  readonly mqttTopic: string;
}

export type Edition = 'gb32960-2016' | 'gb32960-2025';

const family = 'gb32960';

export async function createExpectations(codec: Edition = 'gb32960-2016'): Promise<Expectations> {
  const hashFrame = await createFrameHash();
  return {
    codec,
    report: (vehicleId, frame, facts) => ({
      kind: facts.kind,
      kafkaTopic: facts.isReissued ? kafkaTopics.backfill : kafkaTopics.telemetry,
      frameId: frameIdOf(hashFrame, vehicleId, dataUnitOf(facts.signed?.plain ?? frame)),
      fields: { vehicleId, codec, ...reportFields(frame, facts) },
      answer: null,
    }),
    lifecycle: (vehicleId, frame, facts) => ({
      kind: facts.kind,
      kafkaTopic: facts.kafkaTopic,
      frameId: frameIdOf(hashFrame, vehicleId, dataUnitOf(frame)),
      fields: { vehicleId, codec, ...lifecycleFields(frame), ...facts.fields },
      answer: facts.isAnswered ? answerKeyFor(frame) : null,
    }),
    refused: (vehicleId, bytes, { kind, reason, mqttTopic }) => ({
      kind,
      kafkaTopic: kafkaTopics.quarantine,
      frameId: hashFrame(framePrefix(vehicleId, family), bytes).toString('hex'),
      fields: { vehicleId, codec: family, ...refusedFields(bytes), reason, mqttTopic },
      answer: null,
    }),
  };
}

function frameIdOf(hashFrame: HashFrame, vehicleId: string, unit: Buffer): string | null {
  if (unit.length === 0) return null;
  return hashFrame(framePrefix(vehicleId, family), unit).toString('hex');
}

const unitAt = 24;

export function dataUnitOf(frame: Buffer): Buffer {
  return frame.subarray(unitAt, -1);
}

function timeOf(frame: Buffer): string {
  return frame.toString('hex', unitAt, unitAt + 6);
}

function reportFields(frame: Buffer, facts: ReportFacts): Record<string, unknown> {
  const { sample, isReissued, clock, partial, signed } = facts;
  return {
    terminalId: null,
    isReissued,
    eventTime: clock.eventTime ?? asReceived,
    clockState: clock.clockState,
    deviceTimeRaw: timeOf(frame),
    isPartial: partial !== undefined,
    partialReason: partial?.code ?? null,
    remainder: partial?.remainder.toString('hex') ?? null,
    signatureState: signatureStateOf(signed),
    signature:
      signed === undefined ? null : { algorithm: 'RSA', r: signed.r.toString('hex'), s: '' },
    ...sample,
    custom: sample.custom.map(({ type, bytes }) => ({ type, bytes: bytes.toString('hex') })),
    trailing: null,
  };
}

function signatureStateOf(signed: SignedFacts | undefined): string {
  if (signed === undefined) return 'absent';
  return signed.isGood ? 'valid' : 'invalid';
}

/** Of a message of which nothing but its header is known; the caller's fields come on top. */
function lifecycleFields(frame: Buffer): Record<string, unknown> {
  return {
    terminalId: null,
    outcome: 'accept',
    reason: null,
    command: frame[2],
    response: frame[3],
    encryption: frame[21],
    eventTime: asReceived,
    clockState: 'absent',
    deviceTimeRaw: null,
    serial: null,
    login: null,
    platformLogin: null,
    body: null,
    trailing: null,
    remainder: null,
    parameterCount: null,
    parameterIds: [],
    parameters: [],
    control: null,
  };
}

/** The bytes themselves stay out of the ledger: their hash is enough to compare. */
export function refusedFields(bytes: Buffer): Record<string, unknown> {
  return {
    payloadLength: bytes.length,
    payload: createHash('sha256').update(bytes).digest('hex'),
    attempt: 1,
    resolution: null,
    resolves: null,
  };
}
