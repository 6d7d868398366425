// The two state processors that are measured, each a process of its own on the same Node.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OwnedProcess, spawnOwned } from '#deploy/local/own-process.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { sumOf, valuesOf } from '../demo/metric-text.ts';
import { metricsOf, whenReady } from '../demo/services.ts';
import { naiveTopics, type ProcessorStage } from './processor-stage.ts';
import { startState } from './state-members.ts';

export interface ProcessorContestant {
  readonly name: string;
  readonly process: OwnedProcess;
  readonly inputTopic: string;
  readonly stateTopic: string;
  /** Records that it has done with so far. */
  appliedCount(): Promise<number>;
  /** What a record of its state topic says of the latest report: epoch ms. */
  eventTimeOf(state: Buffer | null): number | null;
  stop(): Promise<void>;
}

export interface StateOptions {
  readonly stage: ProcessorStage;
  /** Where V8's CPU profile goes; undefined: no profile. */
  readonly profileDir?: string | undefined;
  readonly signal: AbortSignal;
}

/** The real processor with its defaults, but for the time that it may be frozen. */
export async function startStateContestant(options: StateOptions): Promise<ProcessorContestant> {
  const { stage, profileDir, signal } = options;
  const profile = profileDir && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileDir}` };
  const state = await startState(stage, 'bench-state', { ...unhurried, ...profile });
  await whenReady(state, signal);
  return {
    name: 'state',
    process: state.process,
    inputTopic: kafkaTopics.telemetry,
    stateTopic: kafkaTopics.state,
    appliedCount: async () => {
      const metrics = await metricsOf(state);
      return sumOf(valuesOf(metrics ?? '', 'fleetwire_stream_records_applied_total'));
    },
    eventTimeOf: (value) => eventTimeOf(stage, value),
    stop: async () => {
      await state.process.stop();
    },
  };
}

// It is frozen while its topic is filled: nobody may take it, or it Kafka, for dead meanwhile.
const unhurried = {
  LOG_LEVEL: 'warn',
  STREAM_SESSION_MS: '60000',
  KAFKA_REQUEST_TIMEOUT_MS: '60000',
};

const naiveFile = fileURLToPath(new URL('naive-processor.ts', import.meta.url));

/** The one that people write: its records of state are one for each record, so they are counted. */
export async function startNaiveContestant(stage: ProcessorStage): Promise<ProcessorContestant> {
  const ready = Promise.withResolvers<void>();
  const process_ = await spawnOwned({
    command: process.execPath,
    args: [naiveFile, naiveTopics.telemetry, naiveTopics.state],
    env: { ...stage.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    onLine: (line) => (line === 'ready' ? ready.resolve() : stage.note(`naive: ${line}`)),
  });
  const ended = process_.exited.then(({ code, signal }): never => {
    const log = join(stage.dir, 'bench.log');
    throw new Error(`the naive processor ended with ${signal ?? code}; see ${log}`);
  });
  ended.catch(() => undefined);
  await Promise.race([ready.promise, ended]);
  return {
    name: 'naive',
    process: process_,
    inputTopic: naiveTopics.telemetry,
    stateTopic: naiveTopics.state,
    appliedCount: () => stage.storedCount(naiveTopics.state),
    eventTimeOf: (value) => JSON.parse(String(value)).eventTime,
    stop: async () => {
      await process_.kill();
    },
  };
}

/** Of a record of `vehicle.state.v1`; null where it is none, or no report is in it. */
export function eventTimeOf({ decoder }: ProcessorStage, value: Buffer | null): number | null {
  const decoded = decoder.decode(value ?? Buffer.alloc(0));
  if (decoded instanceof Promise || decoded.kind !== 'state.v1') return null;
  return decoded.value.lastEventTime;
}
