// `npm run bench -- decode`: CPU time per frame of each stage between payload and record, for each
// codec, and the slowest frame that mutation can make.

import { createEncoders, type Encoders, type SchemaIds } from '#shared/avro/encoder.ts';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import type { AnyCodecEntry } from '#shared/ingest/codec-entry.ts';
import { codecEntries } from '#shared/ingest/codecs.ts';
import type { Ingest } from '#shared/ingest/contract.ts';
import { createIngest } from '#shared/ingest/ingest.ts';
import { defaultRoutes, kafkaTopics, topicSpecs } from '#shared/topics.ts';
import { payloadBytesMax } from '#test/fuzz/fuzz-codec.ts';
import { type CodecFrames, decodeFrames, type PayloadOf } from './decode-frames.ts';
import { type Slowest, slowestMutations } from './slowest-mutation.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface DecodeOptions {
  readonly rounds: number;
  /** Frames of a round. */
  readonly frames: number;
  readonly mutations: number;
  readonly seed: number;
}

export interface DecodeResult {
  readonly codecs: readonly CodecResult[];
  /** Of each codec that is fuzzed. */
  readonly slowest: readonly Slowest[];
}

export interface CodecResult {
  readonly name: string;
  readonly frameBytes: number;
  readonly recordBytes: number;
  /** CPU ns per frame. The first three add up to `sum`, round by round. */
  readonly nanosPerFrame: {
    readonly decode: Spread;
    readonly toTelemetry: Spread;
    readonly avro: Spread;
    readonly sum: Spread;
    readonly ingest: Spread;
  };
}

export async function benchDecode(options: DecodeOptions): Promise<DecodeResult> {
  const encoders = createEncoders(anyIds);
  const ingest = await createIngest({
    routes: defaultRoutes,
    encoders,
    payloadBytesMax,
    answerReports: false,
    answerRefusals: false,
  });
  const plan = { count: options.frames, seed: options.seed, startAt: Date.now() - 600_000 };
  const all = await decodeFrames(plan);
  return {
    codecs: all.map((codec) =>
      benchCodec({ ...stagesOf(codec), encoders, ingest }, codec, options),
    ),
    slowest: slowestMutations(ingest, options),
  };
}

function stagesOf({ codec, frames }: CodecFrames) {
  const entry = codecEntries[codec];
  if (entry === null) throw new Error(`a decoder of ${codec} wanted, found none`);
  return { entry, frames };
}

function benchCodec(
  stages: Stages,
  { name, frames }: CodecFrames,
  { rounds }: DecodeOptions,
): CodecResult {
  // The compiler has settled after two rounds (measured: the third equals the tenth).
  for (let n = 0; n < 3; n += 1) measureRound(stages);
  const measured = Array.from({ length: rounds }, () => measureRound(stages));
  const of = (pick: (round: Round) => number): Spread => spreadOf(measured.map(pick));
  const allBytes = frames.reduce((sum, { payload }) => sum + payload.length, 0);
  return {
    name,
    frameBytes: Math.round(allBytes / frames.length),
    recordBytes: Math.round(measured[0]!.recordBytes),
    nanosPerFrame: {
      decode: of((round) => round.decode),
      toTelemetry: of((round) => round.toTelemetry),
      avro: of((round) => round.avro),
      sum: of((round) => round.decode + round.toTelemetry + round.avro),
      ingest: of((round) => round.ingest),
    },
  };
}

/** Encoding needs ids, no registry. */
const anyIds = Object.fromEntries(topicSpecs.map(({ topic }) => [topic, 1])) as SchemaIds;

interface Stages {
  readonly entry: AnyCodecEntry;
  readonly frames: readonly PayloadOf[];
  readonly encoders: Encoders;
  readonly ingest: Ingest;
}

/** Per frame; times in ns of CPU. */
interface Round {
  readonly decode: number;
  readonly toTelemetry: number;
  readonly avro: number;
  readonly ingest: number;
  readonly recordBytes: number;
}

/** So few that what a stage makes dies young, as it does in a bridge. */
const sliceFrames = 200;

function measureRound({ entry, frames, encoders, ingest }: Stages): Round {
  const sum = { decode: 0, toTelemetry: 0, avro: 0, ingest: 0, recordBytes: 0 };
  const slices = Math.ceil(frames.length / sliceFrames);
  for (let n = 0; n < slices; n += 1) {
    const slice = frames.slice(n * sliceFrames, (n + 1) * sliceFrames);
    const decoded: unknown[] = [];
    sum.decode += nanosOf(slice, ({ payload }) => decoded.push(acceptedFrame(entry, payload)));
    const values: Telemetry[] = [];
    sum.toTelemetry += nanosOf(decoded, (frame, at) => {
      values.push(telemetryOf(entry, frame, slice[at]!.vehicleId));
    });
    sum.avro += nanosOf(values, (value) => {
      sum.recordBytes += encoders.encodeTelemetry(kafkaTopics.telemetry, value).length;
    });
    sum.ingest += nanosOf(slice, ({ mqttTopic, payload }) => {
      ingest({ mqttTopic, payload, receivedAt, origin });
    });
  }
  const { length } = frames;
  return {
    decode: sum.decode / length,
    toTelemetry: sum.toTelemetry / length,
    avro: sum.avro / length,
    ingest: sum.ingest / length,
    recordBytes: sum.recordBytes / length,
  };
}

const receivedAt = Date.now();
const origin = { bridge: 'bench', epoch: 1, sequence: 1 };
const frameId = Buffer.alloc(8);

function telemetryOf(entry: AnyCodecEntry, frame: unknown, vehicleId: string): Telemetry {
  const interpreted = entry.interpret(frame, null, {
    vehicleId,
    receivedAt,
    origin,
    identity: 'strict',
    signatureState: 'absent',
    hash: () => frameId,
  });
  if ('kind' in interpreted && interpreted.kind === 'telemetry') return interpreted.value;
  throw new Error(`telemetry wanted, found ${'kind' in interpreted ? interpreted.kind : 'many'}`);
}

function acceptedFrame(entry: AnyCodecEntry, payload: Buffer): unknown {
  const [outcome] = entry.decode(payload);
  if (outcome?.kind !== 'accept') throw new Error(`accept wanted, found ${outcome?.kind}`);
  return outcome.frame;
}

function nanosOf<T>(values: readonly T[], work: (value: T, at: number) => unknown): number {
  const before = process.cpuUsage();
  for (let at = 0; at < values.length; at += 1) work(values[at]!, at);
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}
