// The sum of all rounds, and the one line that tells it.

import type { Figures } from '../proof/proof.ts';
import { figuresText } from '../proof/report.ts';
import type { RoundResult } from './round.ts';
import { secondsText } from './timeline.ts';

export interface ChaosSum {
  readonly rounds: number;
  readonly frames: number;
  readonly faults: number;
  readonly lostAfterBridge: number;
  readonly lostInBroker: number;
  readonly lostInBrokerUnexplained: number;
  readonly neverAcknowledged: number;
  readonly duplicated: number;
  readonly duplicatedUnexplained: number;
  readonly altered: number;
  readonly inversions: number;
  readonly unbalanced: number;
  readonly scrapes: number;
  readonly breaches: number;
  readonly longestPauseMs: number;
  readonly recoveryMs: number;
}

export const emptySum: ChaosSum = {
  rounds: 0,
  frames: 0,
  faults: 0,
  lostAfterBridge: 0,
  lostInBroker: 0,
  lostInBrokerUnexplained: 0,
  neverAcknowledged: 0,
  duplicated: 0,
  duplicatedUnexplained: 0,
  altered: 0,
  inversions: 0,
  unbalanced: 0,
  scrapes: 0,
  breaches: 0,
  longestPauseMs: 0,
  recoveryMs: 0,
};

export function addRound(sum: ChaosSum, { verdict, ...round }: RoundResult): ChaosSum {
  const { lost, duplicates } = verdict;
  const explained = duplicates.sentAgain + duplicates.deliveredAgain + duplicates.publishedAgain;
  return {
    rounds: sum.rounds + 1,
    frames: sum.frames + verdict.frames,
    faults: sum.faults + round.faultCount,
    lostAfterBridge: sum.lostAfterBridge + lost.afterBridge,
    lostInBroker: sum.lostInBroker + lost.inBroker,
    lostInBrokerUnexplained: sum.lostInBrokerUnexplained + lost.inBrokerUnexplained,
    neverAcknowledged: sum.neverAcknowledged + lost.beforeBroker,
    duplicated: sum.duplicated + explained + duplicates.unexplained,
    duplicatedUnexplained: sum.duplicatedUnexplained + duplicates.unexplained,
    altered: sum.altered + verdict.altered + verdict.phantom,
    inversions: sum.inversions + verdict.inversions,
    // Counted from the begin of the run.
    unbalanced: verdict.unbalanced,
    scrapes: verdict.scrapes,
    breaches: sum.breaches + verdict.breaches.length,
    longestPauseMs: Math.max(sum.longestPauseMs, round.longestPauseMs),
    recoveryMs: Math.max(sum.recoveryMs, round.recoveryMs),
  };
}

export function figuresOf(sum: ChaosSum): Figures {
  return {
    frames: sum.frames,
    faults: sum.faults,
    'lost after a bridge’s PUBACK': sum.lostAfterBridge,
    'lost in the broker': sum.lostInBroker + sum.lostInBrokerUnexplained,
    'of them unexplained': sum.lostInBrokerUnexplained,
    'never acknowledged': sum.neverAcknowledged,
    duplicated: sum.duplicated,
    'explained by a fault': sum.duplicated - sum.duplicatedUnexplained,
    altered: sum.altered,
    inversions: sum.inversions,
    'ledger breaches': `${sum.unbalanced} at ${sum.scrapes.toLocaleString('en-US')} scrapes`,
    'longest pause': secondsText(sum.longestPauseMs),
    'longest recovery': secondsText(sum.recoveryMs),
  };
}

export function lineOf(sum: ChaosSum): string {
  const verdict = sum.breaches === 0 ? 'every promise kept' : `${sum.breaches} PROMISES BROKEN`;
  return `${figuresText(figuresOf(sum))}; ${verdict}`;
}
