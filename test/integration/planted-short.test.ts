// Who checks the checker: four mistakes planted into copies of the source are caught for what they
// are, by scenarios that hold without them. All plants: `npm run prove -- planted`.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { playUnpatched, trialText, tryPlant } from '../planted/judge.ts';
import { plants } from '../planted/plants/table.ts';
import { scenarioOf } from '../planted/scenarios/table.ts';

const chosen = [
  ['acknowledged before stored', 'bridge dies'],
  ['a retry overtakes', 'kafka refuses'],
  ['a repeat taken for a message', 'broker repeats'],
  ['late data wins', 'state rules'],
] as const;

for (const [plantName, scenarioName] of chosen) {
  test(`“${plantName}” is caught by “${scenarioName}”, which holds without it`, async (t) => {
    const lasting = { atLast: after, say: (line: string) => t.diagnostic(line) };
    const plant = plants.find(({ name }) => name === plantName);
    assert.ok(plant);
    const scenario = scenarioOf(scenarioName);
    await playUnpatched(scenario, lasting);
    const trial = await tryPlant(plant, scenario, lasting);
    t.diagnostic(trialText(trial));
    assert.ok(trial.isCaught, trialText(trial));
  });
}
