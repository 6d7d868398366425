// One round: the bridge is frozen, its queue is filled, it is let go, and what it and the brokers
// have used is read when every frame is in Kafka and acknowledged.

import { type ReadRecord, readAll, readEnds } from '#shared/kafka/reader.ts';
import { delay } from '#shared/runtime/retry.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { publishBacklog } from './backlog.ts';
import type { Contestant } from './contestants.ts';
import { cpuMsOf, mainThreadCpuMsOf } from './process-meter.ts';
import { quantile } from './spread.ts';
import type { BenchStage } from './stage.ts';
import type { BenchFrame } from './typical-report.ts';

export interface Round {
  readonly framesPerSecond: number;
  readonly cpuMicrosPerFrame: number;
  /** Of the one thread in which JavaScript runs. */
  readonly mainThreadMicrosPerFrame: number;
  readonly mqttCpuMicrosPerFrame: number;
  readonly kafkaCpuMicrosPerFrame: number;
  readonly storedBytesPerFrame: number;
  /** From receipt in the bridge to Kafka's append. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface RoundOptions {
  readonly stage: BenchStage;
  readonly contestant: Contestant;
  /** All different. */
  readonly frames: readonly BenchFrame[];
  readonly signal: AbortSignal;
}

const askEveryMs = 100;
const roundMsMax = 180_000;

/** Rejects when a frame is lost, doubled or late beyond reason. */
export async function runRound(options: RoundOptions): Promise<Round> {
  const { stage, contestant, frames, signal } = options;
  const ends = await readEnds(stage.client, [kafkaTopics.telemetry]);
  const [countBefore, bytesBefore] = [await stage.storedCount(), await stage.storedBytes()];
  contestant.process.signal('SIGSTOP');
  await publishBacklog(stage.mqttUrl, frames);
  const before = usedBy(options);
  const startedAt = Date.now();
  contestant.process.signal('SIGCONT');
  while ((await stage.storedCount()) - countBefore < frames.length) {
    const found = (await stage.storedCount()) - countBefore;
    if (Date.now() - startedAt > roundMsMax || !contestant.process.isAlive()) {
      throw new Error(`${contestant.name}: wanted ${frames.length} records, found ${found}`);
    }
    await delay(askEveryMs, signal);
  }
  while (!(await contestant.isAtRest())) await delay(askEveryMs, signal);
  const after = usedBy(options);
  const bytes = (await stage.storedBytes()) - bytesBefore;
  const look = new Look();
  const onRecord = (record: ReadRecord) => look.see(stage, record);
  await readAll({ client: stage.client, topics: [kafkaTopics.telemetry], from: ends, onRecord });
  look.check(frames.length, contestant.name);
  const perFrame = (used: (at: Usage) => number) =>
    ((used(after) - used(before)) * 1000) / frames.length;
  return {
    framesPerSecond: (frames.length * 1000) / (look.lastAppendAt - startedAt),
    cpuMicrosPerFrame: perFrame(({ bridge }) => bridge),
    mainThreadMicrosPerFrame: perFrame(({ bridgeMain }) => bridgeMain),
    mqttCpuMicrosPerFrame: perFrame(({ mqtt }) => mqtt),
    kafkaCpuMicrosPerFrame: perFrame(({ kafka }) => kafka),
    storedBytesPerFrame: bytes / frames.length,
    ...look.latency(),
  };
}

/** CPU ms. */
interface Usage {
  readonly bridge: number;
  readonly bridgeMain: number;
  readonly mqtt: number;
  readonly kafka: number;
}

function usedBy({ stage, contestant }: RoundOptions): Usage {
  return {
    bridge: cpuMsOf(contestant.process.pid),
    bridgeMain: mainThreadCpuMsOf(contestant.process.pid),
    mqtt: cpuMsOf(stage.mqttPid),
    kafka: cpuMsOf(stage.kafkaPid),
  };
}

/** What the stored records say. */
class Look {
  lastAppendAt = 0;
  #recordCount = 0;
  readonly #frames = new Set<string>();
  readonly #agesMs: number[] = [];

  see({ decoder }: BenchStage, { timestamp, value }: ReadRecord): void {
    const decoded = decoder.decode(value ?? Buffer.alloc(0));
    if (decoded instanceof Promise || decoded.kind !== 'telemetry.v1') return;
    const { vehicleId, frameId, receivedTime } = decoded.value;
    this.#recordCount += 1;
    this.#frames.add(`${vehicleId} ${frameId?.toString('base64')}`);
    this.#agesMs.push(timestamp - receivedTime);
    this.lastAppendAt = Math.max(this.lastAppendAt, timestamp);
  }

  check(wantedCount: number, name: string): void {
    if (this.#frames.size === wantedCount && this.#recordCount === wantedCount) return;
    const found = `${this.#frames.size} in ${this.#recordCount} records`;
    throw new Error(`${name}: each of ${wantedCount} frames once wanted, found ${found}`);
  }

  latency(): { readonly p50Ms: number; readonly p99Ms: number } {
    const sorted = this.#agesMs.sort((a, b) => a - b);
    return { p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
  }
}
