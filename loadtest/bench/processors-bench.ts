// `npm run bench -- processors`: our state processor and a naive one work off the same reports
// from a real Kafka with a real Redis, in turns.

import { rssPeakMbOf } from './process-meter.ts';
import {
  type ProcessorContestant,
  startNaiveContestant,
  startStateContestant,
} from './processor-contestants.ts';
import { type ProcessorRound, runProcessorRound } from './processor-round.ts';
import { type ProcessorStage, raiseProcessorStage } from './processor-stage.ts';
import { type BenchFrame, reportPeriodMs, typicalReports } from './typical-report.ts';

export interface ProcessorsBenchOptions {
  /** Of a round of ours. */
  readonly records: number;
  /** Of a round of the naive processor, which is slow; costs are per record. 0: none. */
  readonly naiveRecords: number;
  readonly vehicles: number;
  readonly rounds: number;
  readonly seed: number;
  /** For V8's CPU profile of our processor. */
  readonly profile?: string;
}

export interface ProcessorsBenchResult {
  readonly vehicles: number;
  readonly state: MeasuredProcessor;
  /** Undefined where its records are none. */
  readonly naive: MeasuredProcessor | undefined;
}

export interface MeasuredProcessor {
  readonly records: number;
  readonly rounds: readonly ProcessorRound[];
  readonly rssPeakMb: number;
}

export interface Surroundings {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export async function benchProcessors(
  options: ProcessorsBenchOptions,
  { say, signal }: Surroundings,
): Promise<ProcessorsBenchResult> {
  const stage = await raiseProcessorStage({ say, signal });
  const contestants: ProcessorContestant[] = [];
  try {
    const { vehicles, naiveRecords, profile: profileDir } = options;
    contestants.push(await startStateContestant({ stage, profileDir, signal }));
    if (naiveRecords > 0) contestants.push(await startNaiveContestant(stage));
    const run = { stage, options, say, signal };
    const [state, naive] = await measureInTurns(run, contestants);
    return { vehicles, state: state!, naive };
  } finally {
    for (const contestant of contestants) await contestant.stop();
    await stage.takeDown();
  }
}

interface Run extends Surroundings {
  readonly stage: ProcessorStage;
  readonly options: ProcessorsBenchOptions;
}

/** The first round warms the processes up and does not count. */
async function measureInTurns(
  run: Run,
  contestants: readonly ProcessorContestant[],
): Promise<readonly MeasuredProcessor[]> {
  const { stage, options, say, signal } = run;
  const counts = [options.records, options.naiveRecords];
  const rounds: ProcessorRound[][] = contestants.map(() => []);
  const startAt = startOf(options);
  for (let n = 0; n <= options.rounds; n += 1) {
    const all = framesOf(options, startAt, n);
    for (const [at, contestant] of contestants.entries()) {
      const frames = all.slice(0, counts[at]);
      const round = await runProcessorRound({ stage, contestant, frames, signal });
      const cost = `${round.cpuMicrosPerRecord.toFixed(1)} µs CPU per record`;
      say(`${contestant.name}, ${n === 0 ? 'warm-up' : `round ${n}`}: ${cost}`);
      if (n > 0) rounds[at]!.push(round);
    }
  }
  return contestants.map(({ process }, at) => {
    return { records: counts[at]!, rounds: rounds[at]!, rssPeakMb: rssPeakMbOf(process.pid) };
  });
}

/** So that the last round ends about now, and every report is later than those before. */
function startOf(options: ProcessorsBenchOptions): number {
  return Date.now() - (options.rounds + 1) * spanMsOf(options);
}

function spanMsOf({ records, vehicles }: ProcessorsBenchOptions): number {
  return Math.ceil(records / vehicles) * reportPeriodMs;
}

function framesOf(options: ProcessorsBenchOptions, startAt: number, n: number): BenchFrame[] {
  const { records: count, vehicles, seed } = options;
  const at = startAt + n * spanMsOf(options);
  return typicalReports({ count, vehicles, seed: seed + n, startAt: at });
}
