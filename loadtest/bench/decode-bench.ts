// `npm run bench -- decode`: CPU time per frame of each stage between payload and record, and the
// slowest frame that mutation can make.

import { createEncoders, type Encoders, type SchemaIds } from '#shared/avro/encoder.ts';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import type { Ingest } from '#shared/ingest/contract.ts';
import { createIngest } from '#shared/ingest/ingest.ts';
import { interpret } from '#shared/telemetry/gb32960.ts';
import { defaultRoutes, kafkaTopics, topicSpecs } from '#shared/topics.ts';
import { gb32960Fuzz } from '#test/fuzz/codecs/gb32960.ts';
import { payloadBytesMax } from '#test/fuzz/fuzz-codec.ts';
import { mutatedPayload } from '#test/fuzz/mutate.ts';
import { type Spread, spreadOf } from './spread.ts';
import { type BenchFrame, typicalReports } from './typical-report.ts';

export interface DecodeOptions {
  readonly rounds: number;
  /** Frames of a round. */
  readonly frames: number;
  readonly mutations: number;
  readonly seed: number;
}

export interface DecodeResult {
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
  readonly slowest: Slowest;
}

export interface Slowest {
  readonly mutations: number;
  readonly ms: number;
  readonly bytes: number;
  /** The kind of its first outcome. */
  readonly outcome: string;
}

export async function benchDecode(options: DecodeOptions): Promise<DecodeResult> {
  const { rounds, frames: count, seed } = options;
  const encoders = createEncoders(anyIds);
  const ingest = await createIngest({
    routes: defaultRoutes,
    encoders,
    payloadBytesMax,
    answerReports: false,
    answerRefusals: false,
  });
  const frames = typicalReports({ count, vehicles: 500, seed, startAt: Date.now() - 600_000 });
  const stages = { frames, encoders, ingest };
  // The compiler has settled after two rounds (measured: the third equals the tenth).
  for (let n = 0; n < 3; n += 1) measureRound(stages);
  const measured = Array.from({ length: rounds }, () => measureRound(stages));
  const of = (pick: (round: Round) => number): Spread => spreadOf(measured.map(pick));
  return {
    frameBytes: frames[0]!.payload.length,
    recordBytes: Math.round(measured[0]!.recordBytes),
    nanosPerFrame: {
      decode: of((round) => round.decode),
      toTelemetry: of((round) => round.toTelemetry),
      avro: of((round) => round.avro),
      sum: of((round) => round.decode + round.toTelemetry + round.avro),
      ingest: of((round) => round.ingest),
    },
    slowest: slowestMutation(stages, options),
  };
}

/** Encoding needs ids, no registry. */
const anyIds = Object.fromEntries(topicSpecs.map(({ topic }) => [topic, 1])) as SchemaIds;

interface Stages {
  readonly frames: readonly BenchFrame[];
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

function measureRound({ frames, encoders, ingest }: Stages): Round {
  const sum = { decode: 0, toTelemetry: 0, avro: 0, ingest: 0, recordBytes: 0 };
  const slices = Math.ceil(frames.length / sliceFrames);
  for (let n = 0; n < slices; n += 1) {
    const slice = frames.slice(n * sliceFrames, (n + 1) * sliceFrames);
    const decoded: Gb32960Frame[] = [];
    sum.decode += nanosOf(slice, ({ payload }) => decoded.push(acceptedFrame(payload)));
    const values: Telemetry[] = [];
    sum.toTelemetry += nanosOf(decoded, (frame, at) => {
      values.push(telemetryOf(frame, slice[at]!.vehicleId));
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

function telemetryOf(frame: Gb32960Frame, vehicleId: string): Telemetry {
  const interpreted = interpret(frame, null, {
    vehicleId,
    receivedAt,
    origin,
    identity: 'strict',
    signatureState: 'absent',
    hash: () => frameId,
  });
  if (interpreted.kind === 'telemetry') return interpreted.value;
  throw new Error(`telemetry wanted, found ${interpreted.kind}`);
}

function acceptedFrame(payload: Buffer): Gb32960Frame {
  const [outcome] = decodeMessage(payload);
  if (outcome?.kind !== 'accept') throw new Error(`accept wanted, found ${outcome?.kind}`);
  return outcome.frame;
}

function nanosOf<T>(values: readonly T[], work: (value: T, at: number) => unknown): number {
  const before = process.cpuUsage();
  for (let at = 0; at < values.length; at += 1) work(values[at]!, at);
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}

/**
 * By wall time, since the clock of CPU time is too coarse for one frame; what looks slow is
 * measured again and its fastest run counts, so that neither a neighbour nor the collector is
 * blamed on it.
 */
function slowestMutation({ frames, ingest }: Stages, { mutations, seed }: DecodeOptions): Slowest {
  let slowest = { ms: 0, bytes: 0, outcome: 'none' };
  for (let n = 0; n < mutations; n += 1) {
    const { mqttTopic } = frames[n % frames.length]!;
    const mutated = mutatedPayload(gb32960Fuzz, seed, n);
    const run = () => msOf(() => ingest({ mqttTopic, payload: mutated, receivedAt: 0, origin }));
    let ms = run();
    for (let again = 0; again < 4 && ms > slowest.ms; again += 1) ms = Math.min(ms, run());
    if (ms <= slowest.ms) continue;
    slowest = { ms, bytes: mutated.length, outcome: decodeMessage(mutated)[0]?.kind ?? 'none' };
  }
  return { mutations, ...slowest };
}

function msOf(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
