// Plants a mistake, plays a scenario with it, and tells whether it was caught for what it is.

import type { Finding, Plant, Played, Scenario, ScenarioStage } from './plant.ts';
import { plantTree } from './tree.ts';

export interface Trial {
  readonly plant: Plant;
  readonly scenario: Scenario;
  readonly isCaught: boolean;
  /** The first of each promise that was found broken, the wanted one or not. */
  readonly firsts: readonly Finding[];
  readonly frames: Played['frames'];
  readonly seconds: number;
}

/** What outlasts a single play. */
export type Lasting = Pick<ScenarioStage, 'atLast' | 'say'>;

/** Throws where a scenario finds a promise broken though nothing is planted. */
export async function playUnpatched(scenario: Scenario, lasting: Lasting): Promise<Played> {
  const played = await play(scenario, [], lasting);
  const { findings } = played;
  if (findings.length === 0) return played;
  const lines = findings.slice(0, 10).map(({ promise, found }) => `${promise}: ${found}`);
  throw new Error(`Without a plant “${scenario.name}” must hold, found:\n${lines.join('\n')}`);
}

export async function tryPlant(plant: Plant, scenario: Scenario, lasting: Lasting): Promise<Trial> {
  const startedAt = performance.now();
  const { findings, frames } = await play(scenario, plant.edits, lasting);
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const firsts = [...Map.groupBy(findings, ({ promise }) => promise).values()].map(
    ([first]) => first as Finding,
  );
  const isCaught = firsts.some(({ promise }) => promise === plant.broken);
  return { plant, scenario, isCaught, firsts, frames, seconds };
}

/** Every catch in one line of a table; what was found instead where it is none. */
export function trialText({ plant, scenario, isCaught, firsts, ...cost }: Trial): string {
  const others = firsts.filter(({ promise }) => promise !== plant.broken);
  const names = others.map(({ promise }) => promise).join(', ');
  const beside = others.length > 0 ? `; beside it: ${names}` : '';
  const found = others.map((other) => `${other.promise}: ${other.found}`).join('\n') || 'nothing';
  const outcome = isCaught
    ? `caught: ${plant.broken}${beside}`
    : `NOT CAUGHT, wanted: ${plant.broken}; found: ${found}`;
  return `${plant.name} | ${scenario.name} | ${outcome} | ${costText(cost)}`;
}

/** After how much it was over. */
export function costText({ frames, seconds }: Pick<Trial, 'frames' | 'seconds'>): string {
  const count = frames === null ? '' : `${frames.toLocaleString('en-US')} frames, `;
  return `${count}${seconds} s`;
}

async function play(scenario: Scenario, edits: Plant['edits'], lasting: Lasting): Promise<Played> {
  const steps: (() => unknown)[] = [];
  const stage = { ...lasting, after: (act: () => unknown) => void steps.push(act) };
  try {
    return await scenario.play(await plantTree(stage, edits), stage);
  } finally {
    for (const step of steps.reverse()) await step();
  }
}
