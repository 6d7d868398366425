// Plants a mistake, plays a scenario with it, and tells whether it was caught for what it is.

import type { Plant, Played, Scenario, ScenarioStage } from './plant.ts';
import { plantTree } from './tree.ts';

export interface Trial {
  readonly plant: Plant;
  readonly scenario: Scenario;
  readonly isCaught: boolean;
  /** Promises that were found broken, the wanted one or not. */
  readonly broken: readonly string[];
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
  const broken = [...new Set(findings.map(({ promise }) => promise))];
  return { plant, scenario, isCaught: broken.includes(plant.broken), broken, frames, seconds };
}

/** Every catch in one line of a table. */
export function trialText({ plant, scenario, isCaught, broken, frames, seconds }: Trial): string {
  const how = isCaught ? `caught: ${plant.broken}` : `NOT CAUGHT, wanted: ${plant.broken}`;
  const beside = broken.filter((promise) => promise !== plant.broken);
  const others = beside.length > 0 ? `; beside it: ${beside.join(', ')}` : '';
  return `${plant.name} | ${scenario.name} | ${how}${others} | ${costText({ frames, seconds })}`;
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
