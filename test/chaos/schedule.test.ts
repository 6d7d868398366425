// Schedules repeat by their seed and never break what another fault has claimed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFaults, faults } from './faults/table.ts';
import { type Appointment, drawSchedule, inTurn } from './schedule.ts';

const plan = { faults, seed: 7, roundMs: 600_000, gapMs: 4_000 };

function shown(appointments: readonly Appointment[]): readonly string[] {
  return appointments.map(({ fault, atMs, durationMs, seed }) => {
    return `${fault.name} ${atMs} ${durationMs} ${seed}`;
  });
}

test('the same seed draws the same schedule, another one another', () => {
  assert.deepEqual(shown(drawSchedule(plan)), shown(drawSchedule(plan)));
  assert.notDeepEqual(shown(drawSchedule(plan)), shown(drawSchedule({ ...plan, seed: 8 })));
});

test('faults that claim the same never overlap, and each takes as long as it says', () => {
  const appointments = drawSchedule(plan);
  assert.ok(appointments.length > 50, `${appointments.length} faults in ten minutes`);
  for (const [at, { fault, atMs, durationMs }] of appointments.entries()) {
    const [least, most] = fault.durationMs;
    assert.ok(least <= durationMs && durationMs <= most, `${fault.name} for ${durationMs} ms`);
    for (const later of appointments.slice(at + 1)) {
      const shared = fault.claims.filter((claim) => later.fault.claims.includes(claim));
      if (shared.length === 0) continue;
      assert.ok(atMs + durationMs < later.atMs, `${fault.name} and ${later.fault.name}`);
    }
  }
});

test('in ten rounds of a minute, as a run has them, every fault comes', () => {
  const rounds = Array.from({ length: 10 }, (_, at) => {
    return drawSchedule({ faults, seed: 1_001 + at, roundMs: 52_000, gapMs: 5_000 });
  });
  const drawn = new Set(rounds.flat().map(({ fault }) => fault));
  assert.deepEqual(
    faults.filter((fault) => !drawn.has(fault)).map(({ name }) => name),
    [],
  );
});

test('in turn means one after the other', () => {
  const appointments = inTurn(faults, 1);
  assert.equal(appointments.length, faults.length);
  for (const [at, { atMs, durationMs }] of appointments.entries()) {
    const next = appointments[at + 1];
    assert.ok(next === undefined || next.atMs > atMs + durationMs);
  }
});

test('faults are chosen by id or name; an unknown one is told with those that there are', () => {
  assert.deepEqual(chooseFaults([]), faults);
  assert.ok(chooseFaults(['F10']).length > 1);
  assert.deepEqual(
    chooseFaults(['F7', 'reply-lost']).map(({ name }) => name),
    ['bridge-killed', 'reply-lost'],
  );
  assert.throws(() => chooseFaults(['F99']), /F7 bridge-killed.*found F99/);
  assert.equal(new Set(faults.map(({ name }) => name)).size, faults.length, 'names are unique');
});
