// All scenarios that may catch a plant, the cheapest first.

import type { Scenario } from '../plant.ts';
import { scenes } from '../small-world/scenes.ts';
import { membersComeAndGo } from './members.ts';
import { rounds } from './rounds.ts';
import { stateRules } from './state-rules.ts';
import { twoOwners } from './two-owners.ts';

export const scenarios: readonly Scenario[] = [
  ...scenes,
  stateRules,
  twoOwners,
  ...rounds,
  membersComeAndGo,
];

/** Throws for a name that no scenario has. */
export function scenarioOf(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new RangeError(`no scenario is named ${name}`);
  return found;
}
