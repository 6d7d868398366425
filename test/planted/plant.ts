// What a planted bug is: a mistake that somebody could make, as edits of the source, with the
// scenario that must notice it and the promise that it must find broken.

import type { SourceEdit } from './tree.ts';

export interface Plant {
  /** Unique, for the command line and the table. */
  readonly name: string;
  /** What the code does then. */
  readonly mistake: string;
  readonly edits: readonly SourceEdit[];
  /** Of the scenarios that must catch it, each by itself. */
  readonly caughtBy: readonly string[];
  /** The promise that they must find broken; they may find others broken beside it. */
  readonly broken: string;
}

/** Plays the same with any source tree and tells which promises it found broken. */
export interface Scenario {
  /** Unique. */
  readonly name: string;
  /** What happens in it. */
  readonly sentence: string;
  play(treeDir: string, stage: ScenarioStage): Promise<Played>;
}

export interface ScenarioStage {
  /** To be run when the scenario has been played once. */
  readonly after: (act: () => unknown) => void;
  /** To be run when it is played no more: brokers serve many plants, one after the other. */
  readonly atLast: (act: () => unknown) => void;
  readonly say: (line: string) => void;
}

export interface Played {
  readonly findings: readonly Finding[];
  /** Frames or records that went through; null: it broke off before they were counted. */
  readonly frames: number | null;
}

export interface Finding {
  readonly promise: string;
  readonly found: string;
}
