// A proof: a sentence that must hold, the act that tries to break it, and what was measured.

import { MissingPartError } from '#deploy/local/missing.ts';
import type { Scope } from '../integration/scope.ts';

export interface Proof {
  /** By which it is chosen on the command line. */
  readonly name: string;
  /** What holds when it passes. */
  readonly sentence: string;
  /** Rejects with what was found instead where the sentence does not hold. */
  run(stage: ProofStage): Promise<Figures>;
}

/** What was measured, in the order in which it reads best; a name says the unit. */
export type Figures = Readonly<Record<string, string | number>>;

export interface ProofStage extends Scope {
  /** Progress, a line each. */
  say(line: string): void;
}

export interface ProofResult {
  readonly name: string;
  readonly sentence: string;
  readonly passed: boolean;
  readonly figures: Figures;
  /** What was found instead. */
  readonly fault: string | null;
  readonly seconds: number;
}

/** Never rejects; what the proof has opened is closed, the latest first. */
export async function runProof(proof: Proof, say: (line: string) => void): Promise<ProofResult> {
  const { name, sentence } = proof;
  const steps: (() => unknown)[] = [];
  const startedAt = performance.now();
  const stage = { passed: false, say, after: (act: () => unknown) => void steps.push(act) };
  let figures: Figures = {};
  let fault: string | null = null;
  try {
    figures = await proof.run(stage);
    stage.passed = true;
  } catch (error) {
    fault = textOf(error);
  }
  for (const step of steps.reverse()) {
    try {
      await step();
    } catch (error) {
      fault ??= `at its end: ${textOf(error)}`;
    }
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return { name, sentence, passed: fault === null, figures, fault, seconds };
}

function textOf(error: unknown): string {
  // For people: it names the command that helps.
  if (error instanceof MissingPartError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
