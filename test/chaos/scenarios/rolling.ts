// A rolling restart of all bridges under load: 0 lost and 0 stored twice.

import assert from 'node:assert/strict';
import type { Figures, ProofStage } from '../../proof/proof.ts';
import { bridgesRolled } from '../faults/bridges-rolled.ts';
import { secondsText } from '../timeline.ts';
import { stageRound } from './stage-round.ts';

export interface RollingOptions {
  readonly bridges: number;
  readonly vehicles: number;
  /** Of each vehicle. */
  readonly messagesPerSecond: number;
  /** One after the other. */
  readonly restarts: number;
}

/** For one bridge, with the load that goes on meanwhile. */
const restartMs = 6_000;

export async function rollAll(stage: ProofStage, options: RollingOptions): Promise<Figures> {
  const { restarts, bridges, ...load } = options;
  const roundMs = restartMs * bridges;
  const appointments = Array.from({ length: restarts }, (_, at) => {
    return { fault: bridgesRolled, atMs: 1_000 + at * roundMs, durationMs: 0, seed: at + 1 };
  });
  const loadMs = 2_000 + restarts * roundMs;
  const own = { brokers: 1 as const, bridges, seed: 81, appointments, loadMs };
  const { verdict, longestPauseMs } = await stageRound(stage, { ...own, ...load });
  const { lost, duplicates } = verdict;
  const lostCount = Object.values(lost).reduce((sum, count) => sum + count, 0);
  const twiceCount = Object.values(duplicates).reduce((sum, count) => sum + count, 0);
  assert.deepEqual({ lostCount, twiceCount }, { lostCount: 0, twiceCount: 0 });
  return {
    frames: verdict.frames,
    'bridges restarted': bridges * restarts,
    lost: lostCount,
    'stored twice': twiceCount,
    'out of order': verdict.inversions,
    'longest pause': secondsText(longestPauseMs),
  };
}
