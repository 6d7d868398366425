// `npm run bench -- rebalance`: how long vehicles stand still while members of the state processor
// join, leave and are killed under a steady load.

import { follow, type ReadRecord } from '#shared/kafka/reader.ts';
import { delay } from '#shared/runtime/retry.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { pausesIn, type SeenReport, type SeenState, type Window, waitsOf } from './pauses.ts';
import { eventTimeOf } from './processor-contestants.ts';
import { type ProcessorStage, raiseProcessorStage } from './processor-stage.ts';
import type { Surroundings } from './processors-bench.ts';
import type { RebalanceResult } from './rebalance-table.ts';
import { StateMembers } from './state-members.ts';
import { startSteadyFleet } from './steady-fleet.ts';

export interface RebalanceBenchOptions {
  readonly vehicles: number;
  readonly seed: number;
}

const plannedLimitMs = 1_500;
const killLimitMs = 15_000;

interface Step {
  readonly name: string;
  /** Undefined: nothing is promised. */
  readonly limitMs?: number;
  /** Resolves when the partitions are shared out anew. */
  readonly take: (members: StateMembers, signal: AbortSignal) => Promise<void>;
}

const steps: readonly Step[] = [
  { name: 'steady', take: (_, signal) => delay(5_000, signal) },
  { name: 'join 1 → 3', limitMs: plannedLimitMs, take: (members) => members.join(2) },
  { name: 'leave 3 → 1', limitMs: plannedLimitMs, take: (members) => members.leave(2) },
  { name: 'join 1 → 3 again', limitMs: plannedLimitMs, take: (members) => members.join(2) },
  { name: 'kill 3 → 2', limitMs: killLimitMs, take: (members) => members.kill() },
];

export async function benchRebalance(
  options: RebalanceBenchOptions,
  { say, signal }: Surroundings,
): Promise<RebalanceResult> {
  const stage = await raiseProcessorStage({ say, signal });
  const members = new StateMembers(stage, signal);
  try {
    await members.join(1);
    return await measure({ stage, members, options, say, signal });
  } finally {
    await members.stop();
    await stage.takeDown();
  }
}

interface Run extends Surroundings {
  readonly stage: ProcessorStage;
  readonly members: StateMembers;
  readonly options: RebalanceBenchOptions;
}

/** For the first members to warm up, and between steps for all to have caught up. */
const calmMs = 4_000;

async function measure(run: Run): Promise<RebalanceResult> {
  const { stage, members, options, say, signal } = run;
  const watch = await startWatch(stage, signal);
  const fleet = startSteadyFleet({ stage, ...options });
  const windows: Window[] = [];
  try {
    await delay(calmMs, signal);
    for (const { name, take } of steps) {
      const fromAt = Date.now();
      await take(members, signal);
      const seconds = ((Date.now() - fromAt) / 1000).toFixed(1);
      await delay(calmMs, signal);
      windows.push({ fromAt, untilAt: Date.now() });
      say(`${name}: settled after ${seconds} s`);
    }
  } finally {
    await fleet.stop();
    // The last reports have their states by then, or never.
    await delay(calmMs, signal);
    await watch.stop();
  }
  const waits = waitsOf(watch.reports, watch.states);
  return {
    vehicles: options.vehicles,
    steps: steps.map(({ name, limitMs }, at) => {
      return { name, limitMs, ...pausesIn(waits, windows[at]!) };
    }),
  };
}

/** Follows reports and states from now on; resolves when every further record will be seen. */
async function startWatch(stage: ProcessorStage, signal: AbortSignal) {
  const reports: SeenReport[] = [];
  const states: SeenState[] = [];
  const onRecord = ({ topic, key, value, timestamp: appendedAt }: ReadRecord): void => {
    const vehicleId = String(key);
    if (topic === kafkaTopics.telemetry) {
      const decoded = stage.decoder.decode(value ?? Buffer.alloc(0));
      if (decoded instanceof Promise || decoded.kind !== 'telemetry.v1') return;
      reports.push({ vehicleId, eventTime: decoded.value.eventTime, appendedAt });
    } else {
      const lastEventTime = eventTimeOf(stage, value);
      if (lastEventTime !== null) states.push({ vehicleId, lastEventTime, appendedAt });
    }
  };
  const stop = new AbortController();
  const ready = Promise.withResolvers<void>();
  const following = follow({
    client: stage.client,
    topics: [kafkaTopics.telemetry, kafkaTopics.state],
    onRecord,
    from: 'end',
    signal: AbortSignal.any([stop.signal, signal]),
    onReady: ready.resolve,
  });
  await Promise.race([ready.promise, following]);
  return {
    reports,
    states,
    async stop(): Promise<void> {
      stop.abort();
      await following;
    },
  };
}
