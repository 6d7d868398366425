// `npm run bench -- bridge`: our bridge and a hand-written one work off the same backlog from a
// real MQTT broker into a real Kafka, one after the other, in several rounds each.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '#shared/runtime/config.ts';
import { type Round, runRound } from './backlog-round.ts';
import { type Contestant, startHandWritten, startOurs } from './contestants.ts';
import { type CpuStage, monotonicMicros, readProfile, stageShares } from './cpu-stages.ts';
import { type PacedRound, runPacedRound } from './paced-round.ts';
import { rssPeakMbOf } from './process-meter.ts';
import { type BenchStage, raiseBenchStage } from './stage.ts';
import { type BenchFrame, typicalReports } from './typical-report.ts';

export interface BridgeBenchOptions {
  /** Of a round of ours. */
  readonly frames: number;
  /** Of a round of the hand-written bridge, which is slow; costs are per frame. */
  readonly handFrames: number;
  readonly rounds: number;
  readonly mqtt: 'artemis' | 'mosquitto';
  readonly seed: number;
  readonly partitions: number;
  readonly client: 'kafkajs' | 'platformatic';
  /** Undefined: the defaults of the bridge. */
  readonly lanes?: number;
  readonly ageMs?: number;
  /** For V8's CPU profile of our bridge; undefined: a folder that is thrown away. */
  readonly profile?: string;
}

export interface BridgeBenchResult {
  readonly mqtt: 'artemis' | 'mosquitto';
  readonly partitions: number;
  readonly client: 'kafkajs' | 'platformatic';
  readonly ours: Measured;
  /** Shares of the main thread's time, of a round of its own under the profiler. */
  readonly stages: ReadonlyMap<CpuStage, number>;
  readonly paced: Paced;
  /** Undefined where its frames are none. */
  readonly handWritten: Measured | undefined;
}

export interface Measured {
  readonly frames: number;
  readonly rounds: readonly Round[];
  readonly rssPeakMb: number;
}

export interface Paced {
  /** Sent as fast as the broker takes them: what broker, bridge and Kafka sustain together. */
  readonly unpaced: PacedRound;
  /** At 70 % of that. */
  readonly paced: PacedRound;
}

export interface Surroundings {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export async function benchBridge(
  options: BridgeBenchOptions,
  { say, signal }: Surroundings,
): Promise<BridgeBenchResult> {
  const { mqtt, frames: count, handFrames, seed, partitions, client } = options;
  const stage = await raiseBenchStage({ mqtt, partitions, say, signal });
  try {
    const startAt = Date.now() - 3_600_000;
    const frames = typicalReports({ count, vehicles: 500, seed, startAt });
    const run = { stage, options, say, signal };
    const settings = settingsOf(options);
    const start = () => startOurs({ stage, settings, signal });
    const { measured: ours, paced } = await measureOurs(run, { frames, start });
    const stages = await profile(run, { frames, settings });
    const own = { mqtt, partitions, client, ours, paced, stages };
    if (handFrames === 0) return { ...own, handWritten: undefined };
    const handWritten = await measure(run, {
      frames: frames.slice(0, handFrames),
      start: () => startHandWritten(stage),
    });
    return { ...own, handWritten };
  } finally {
    await stage.takeDown();
  }
}

function settingsOf({ client, lanes, ageMs }: BridgeBenchOptions): Environment {
  return {
    KAFKA_CLIENT: client,
    ...(lanes !== undefined && { BRIDGE_LANES: String(lanes) }),
    ...(ageMs !== undefined && { BRIDGE_BATCH_AGE_MS: String(ageMs) }),
  };
}

/** The load of which latency is told. */
const pacedShare = 0.7;

async function measureOurs(run: Run, entry: Entry) {
  let paced: Paced | undefined;
  const measured = await measure(run, entry, async (contestant) => {
    const { stage, say, signal } = run;
    const round = { stage, contestant, frames: entry.frames, signal };
    const unpaced = await runPacedRound({ ...round, framesPerSecond: Number.POSITIVE_INFINITY });
    const framesPerSecond = unpaced.framesPerSecond * pacedShare;
    say(`${contestant.name}: sustains ${unpaced.framesPerSecond.toFixed(0)} frames/s`);
    paced = { unpaced, paced: await runPacedRound({ ...round, framesPerSecond }) };
  });
  return { measured, paced: paced! };
}

interface Profiled {
  readonly frames: readonly BenchFrame[];
  readonly settings: Environment;
}

async function profile(run: Run, { frames, settings }: Profiled) {
  const { stage, options, say, signal } = run;
  const dir = options.profile ?? (await mkdtemp(join(tmpdir(), 'fleetwire-profile-')));
  const contestant = await startOurs({ stage, settings, profileDir: dir, signal });
  try {
    await runRound({ stage, contestant, frames, signal });
    const from = monotonicMicros();
    await runRound({ stage, contestant, frames, signal });
    const to = monotonicMicros();
    say(`${contestant.name}: profiled`);
    // The profile is written at its end.
    await contestant.stop();
    return stageShares(readProfile(dir), { from, to });
  } finally {
    await contestant.stop();
    if (options.profile === undefined) await rm(dir, { recursive: true });
  }
}

interface Run {
  readonly stage: BenchStage;
  readonly options: BridgeBenchOptions;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

interface Entry {
  readonly frames: readonly BenchFrame[];
  readonly start: () => Promise<Contestant>;
}

/** After the first round both still get quicker, the hand-written one by a quarter (measured). */
const warmUpRounds = 2;

/** The first rounds warm the process up and do not count. */
async function measure(
  run: Run,
  { frames, start }: Entry,
  after: (contestant: Contestant) => Promise<void> = async () => undefined,
): Promise<Measured> {
  const { stage, options, say, signal } = run;
  const contestant = await start();
  try {
    const rounds: Round[] = [];
    for (let n = 1 - warmUpRounds; n <= options.rounds; n += 1) {
      const round = await runRound({ stage, contestant, frames, signal });
      const cost = `${round.cpuMicrosPerFrame.toFixed(1)} µs CPU per frame`;
      say(`${contestant.name}, ${n < 1 ? 'warm-up' : `round ${n}`}: ${cost}`);
      if (n > 0) rounds.push(round);
    }
    const rssPeakMb = rssPeakMbOf(contestant.process.pid);
    await after(contestant);
    return { frames: frames.length, rounds, rssPeakMb };
  } finally {
    await contestant.stop();
  }
}
