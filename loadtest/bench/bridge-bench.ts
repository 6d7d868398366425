// `npm run bench -- bridge`: our bridge and a hand-written one work off the same backlog from a
// real MQTT broker into a real Kafka, one after the other, in several rounds each.

import { type Round, runRound } from './backlog-round.ts';
import { type Contestant, startHandWritten, startOurs } from './contestants.ts';
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
  /** For V8's CPU profile of our bridge. */
  readonly profile?: string;
}

export interface BridgeBenchResult {
  readonly mqtt: 'artemis' | 'mosquitto';
  readonly ours: Measured;
  /** Undefined where its frames are none. */
  readonly handWritten: Measured | undefined;
}

export interface Measured {
  readonly frames: number;
  readonly rounds: readonly Round[];
  readonly rssPeakMb: number;
}

export interface Surroundings {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export async function benchBridge(
  options: BridgeBenchOptions,
  { say, signal }: Surroundings,
): Promise<BridgeBenchResult> {
  const { mqtt, frames: count, handFrames, seed, profile: profileDir } = options;
  const stage = await raiseBenchStage({ mqtt, say, signal });
  try {
    const startAt = Date.now() - 3_600_000;
    const frames = typicalReports({ count, vehicles: 500, seed, startAt });
    const run = { stage, options, say, signal };
    const ours = await measure(run, {
      frames,
      start: () => startOurs({ stage, profileDir, signal }),
    });
    if (handFrames === 0) return { mqtt, ours, handWritten: undefined };
    const handWritten = await measure(run, {
      frames: frames.slice(0, handFrames),
      start: () => startHandWritten(stage),
    });
    return { mqtt, ours, handWritten };
  } finally {
    await stage.takeDown();
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

/** The first round warms the process up and does not count. */
async function measure(run: Run, { frames, start }: Entry): Promise<Measured> {
  const { stage, options, say, signal } = run;
  const contestant = await start();
  try {
    const rounds: Round[] = [];
    for (let n = 0; n <= options.rounds; n += 1) {
      const round = await runRound({ stage, contestant, frames, signal });
      const cost = `${round.cpuMicrosPerFrame.toFixed(1)} µs CPU per frame`;
      say(`${contestant.name}, ${n === 0 ? 'warm-up' : `round ${n}`}: ${cost}`);
      if (n > 0) rounds.push(round);
    }
    const rssPeakMb = rssPeakMbOf(contestant.process.pid);
    return { frames: frames.length, rounds, rssPeakMb };
  } finally {
    await contestant.stop();
  }
}
