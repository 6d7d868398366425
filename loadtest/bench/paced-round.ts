// A bridge under a load that it need not hurry for: how long after its PUBLISH a frame is in Kafka.

import { type ReadRecord, readAll, readEnds } from '#shared/kafka/reader.ts';
import { delay } from '#shared/runtime/retry.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { publishPaced } from './backlog.ts';
import type { RoundOptions } from './backlog-round.ts';
import { quantile } from './spread.ts';

export interface PacedRound {
  /** From the first PUBLISH to the last append. */
  readonly framesPerSecond: number;
  /** From the PUBLISH of a frame, written to the broker, to Kafka's append. */
  readonly whole: Latency;
  /** Of this, from receipt in the bridge. */
  readonly bridge: Latency;
}

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface PacedOptions extends RoundOptions {
  /** Infinity: as fast as the broker takes them. */
  readonly framesPerSecond: number;
}

const askEveryMs = 100;
const roundMsMax = 180_000;

/** Rejects when a frame is lost or late beyond reason. */
export async function runPacedRound(options: PacedOptions): Promise<PacedRound> {
  const { stage, contestant, frames, framesPerSecond, signal } = options;
  const from = await readEnds(stage.client, [kafkaTopics.telemetry]);
  const countBefore = await stage.storedCount();
  const startedAt = Date.now();
  const sentAt = await publishPaced(stage.mqttUrl, frames, framesPerSecond);
  while ((await stage.storedCount()) - countBefore < frames.length) {
    if (Date.now() - startedAt > roundMsMax || !contestant.process.isAlive()) {
      throw new Error(`${contestant.name}: ${frames.length} records wanted, found fewer`);
    }
    await delay(askEveryMs, signal);
  }
  const places = new Map(frames.map((frame, at) => [keyOf(frame.vehicleId, frame.reportedAt), at]));
  const [wholeMs, bridgeMs]: [number[], number[]] = [[], []];
  let lastAppendAt = startedAt;
  const onRecord = ({ timestamp, value }: ReadRecord) => {
    const decoded = stage.decoder.decode(value ?? Buffer.alloc(0));
    if (decoded instanceof Promise || decoded.kind !== 'telemetry.v1') return;
    const { vehicleId, eventTime, receivedTime } = decoded.value;
    wholeMs.push(timestamp - sentAt[places.get(keyOf(vehicleId, eventTime))!]!);
    bridgeMs.push(timestamp - receivedTime);
    lastAppendAt = Math.max(lastAppendAt, timestamp);
  };
  await readAll({ client: stage.client, topics: [kafkaTopics.telemetry], from, onRecord });
  return {
    framesPerSecond: (frames.length * 1000) / (lastAppendAt - startedAt),
    whole: latencyOf(wholeMs),
    bridge: latencyOf(bridgeMs),
  };
}

function latencyOf(agesMs: number[]): Latency {
  const sorted = agesMs.sort((a, b) => a - b);
  return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99), maxMs: sorted.at(-1)! };
}

function keyOf(vehicleId: string, at: number): string {
  return `${vehicleId} ${at}`;
}
