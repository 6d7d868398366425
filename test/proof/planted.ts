// Who checks the checker: every planted mistake is caught for what it is, by each scenario that is
// named for it; and each scenario holds where nothing is planted.

import assert from 'node:assert/strict';
import { costText, playUnpatched, type Trial, trialText, tryPlant } from '../planted/judge.ts';
import { plants } from '../planted/plants/table.ts';
import { scenarios } from '../planted/scenarios/table.ts';
import type { Figures, Proof, ProofStage } from './proof.ts';

export const plantedProof: Proof = {
  name: 'planted',
  sentence:
    `${plants.length} mistakes planted into copies of the source, one at a time: each is caught` +
    ' for what it is by the scenario named for it, and no scenario finds anything without one.',
  run,
};

async function run(stage: ProofStage): Promise<Figures> {
  const lasting = { atLast: stage.after, say: () => undefined };
  const trials: Trial[] = [];
  stage.say('plant | scenario | outcome | cost');
  for (const scenario of scenarios) {
    const chosen = plants.filter(({ caughtBy }) => caughtBy.includes(scenario.name));
    const { frames } = await playUnpatched(scenario, lasting);
    stage.say(`none | ${scenario.name} | holds | ${(frames ?? 0).toLocaleString('en-US')} frames`);
    for (const plant of chosen) {
      const trial = await tryPlant(plant, scenario, lasting);
      stage.say(trialText(trial));
      trials.push(trial);
    }
  }
  const missed = trials.filter(({ isCaught }) => !isCaught).map(trialText);
  assert.deepEqual(missed, []);
  return figuresOf(trials);
}

function figuresOf(trials: readonly Trial[]): Figures {
  const byPlant = Map.groupBy(trials, ({ plant }) => plant.name);
  const outcomes = [...byPlant].map(([name, own]) => {
    const ways = own.map(({ scenario, frames, seconds }) => {
      return `by “${scenario.name}” (${costText({ frames, seconds })})`;
    });
    return [name, ways.join(' and ')] as const;
  });
  return { plants: plants.length, ...Object.fromEntries(outcomes) };
}
