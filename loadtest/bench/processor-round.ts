// One round: the processor is frozen, its topic is filled, it is let go, and what it and its
// neighbours have used is read when every record is applied.

import { type ReadRecord, readAll, readEnds } from '#shared/kafka/reader.ts';
import { delay } from '#shared/runtime/retry.ts';
import { cpuMsOf } from './process-meter.ts';
import type { ProcessorContestant } from './processor-contestants.ts';
import { type ProcessorStage, partitionCount } from './processor-stage.ts';
import { produceAll, recordsOf } from './report-records.ts';
import type { BenchFrame } from './typical-report.ts';

export interface ProcessorRound {
  readonly recordsPerCpuSecond: number;
  readonly recordsPerSecond: number;
  readonly cpuMicrosPerRecord: number;
  readonly redisCpuMicrosPerRecord: number;
  readonly kafkaCpuMicrosPerRecord: number;
  /** Records of state written for each record read. */
  readonly statesPerRecord: number;
}

export interface ProcessorRoundOptions {
  readonly stage: ProcessorStage;
  readonly contestant: ProcessorContestant;
  /** All different, and later than those of the round before. */
  readonly frames: readonly BenchFrame[];
  readonly signal: AbortSignal;
}

// Each question costs the processor some CPU time, so there are few.
const askEveryMs = 200;
const roundMsMax = 180_000;

/** Rejects when a record is lost, applied twice or late beyond reason. */
export async function runProcessorRound(options: ProcessorRoundOptions): Promise<ProcessorRound> {
  const { stage, contestant, frames } = options;
  const { inputTopic: topic, stateTopic } = contestant;
  const plan = { ingest: stage.ingest, topic, partitions: partitionCount, receivedAt: Date.now() };
  const records = recordsOf(frames, plan);
  const ends = await readEnds(stage.client, [stateTopic]);
  const [appliedBefore, statesBefore] = [
    await contestant.appliedCount(),
    await stage.storedCount(stateTopic),
  ];
  contestant.process.signal('SIGSTOP');
  await produceAll(stage.producer, records);
  const before = usedBy(options);
  const startedAt = performance.now();
  contestant.process.signal('SIGCONT');
  await untilApplied(options, appliedBefore + frames.length);
  const ms = performance.now() - startedAt;
  const after = usedBy(options);
  const statesCount = (await stage.storedCount(stateTopic)) - statesBefore;
  await checkStates(options, ends);
  const perRecord = (used: (at: Usage) => number) =>
    ((used(after) - used(before)) * 1000) / frames.length;
  const cpuMicrosPerRecord = perRecord(({ processor }) => processor);
  return {
    recordsPerCpuSecond: 1_000_000 / cpuMicrosPerRecord,
    recordsPerSecond: (frames.length * 1000) / ms,
    cpuMicrosPerRecord,
    redisCpuMicrosPerRecord: perRecord(({ redis }) => redis),
    kafkaCpuMicrosPerRecord: perRecord(({ kafka }) => kafka),
    statesPerRecord: statesCount / frames.length,
  };
}

async function untilApplied(options: ProcessorRoundOptions, wantedCount: number): Promise<void> {
  const { contestant, frames, signal } = options;
  const giveUpAt = Date.now() + roundMsMax;
  for (;;) {
    const missing = wantedCount - (await contestant.appliedCount());
    if (missing === 0) return;
    if (missing < 0 || Date.now() > giveUpAt || !contestant.process.isAlive()) {
      const found = `${frames.length - missing}`;
      throw new Error(
        `${contestant.name}: wanted ${frames.length} records applied, found ${found}`,
      );
    }
    await delay(askEveryMs, signal);
  }
}

/** CPU ms. */
interface Usage {
  readonly processor: number;
  readonly redis: number;
  readonly kafka: number;
}

function usedBy({ stage, contestant }: ProcessorRoundOptions): Usage {
  return {
    processor: cpuMsOf(contestant.process.pid),
    redis: cpuMsOf(stage.redisPid),
    kafka: cpuMsOf(stage.kafkaPid),
  };
}

/** Every vehicle of the round has a record of state that its last report is in. */
async function checkStates(
  { stage, contestant, frames }: ProcessorRoundOptions,
  from: Awaited<ReturnType<typeof readEnds>>,
): Promise<void> {
  const wanted = new Map(frames.map(({ vehicleId, reportedAt }) => [vehicleId, reportedAt]));
  const onRecord = ({ key, value }: ReadRecord) => {
    const vehicleId = String(key);
    if (contestant.eventTimeOf(value) === wanted.get(vehicleId)) wanted.delete(vehicleId);
  };
  await readAll({ client: stage.client, topics: [contestant.stateTopic], from, onRecord });
  if (wanted.size === 0) return;
  throw new Error(`${contestant.name}: ${wanted.size} vehicles whose last report is in no state`);
}
