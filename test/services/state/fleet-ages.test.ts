// The ages of the latest reports, as a scrape asks for them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fleet } from '#services/state/fleet.ts';
import { createState } from '#services/state/vehicle-state.ts';

const noon = Date.UTC(2026, 10, 25, 12);

test('a scrape before the first vehicle is empty, and those after it see all vehicles', () => {
  const fleet = new Fleet(600_000);
  assert.deepEqual([...fleet.agesS(noon)], []);
  for (const [at, ageMs] of [5000, 1000, 3000].entries()) {
    const state = createState(`car-${at}`);
    state.presence = 'online';
    state.lastEventTime = noon - ageMs;
    fleet.observe(0, `car-${at}`, state);
  }
  assert.deepEqual([...fleet.agesS(noon)], [1, 3, 5]);
  assert.deepEqual([...fleet.agesS(noon)], [1, 3, 5]);
});
