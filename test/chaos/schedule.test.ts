// Schedules repeat by their seed and never break what another fault has claimed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '#loadtest/fleet/random.ts';
import { FaultBag } from './fault-bag.ts';
import { chooseFaults, faults } from './faults/table.ts';
import { type Appointment, drawSchedule, inCompany, inTurn } from './schedule.ts';

function drawn(seed: number, roundMs = 600_000): Appointment[] {
  const bag = new FaultBag(faults, createRandom(seed));
  return drawSchedule({ bag, seed, roundMs, gapMs: 4_000 });
}

function shown(appointments: readonly Appointment[]): readonly string[] {
  return appointments.map(({ fault, atMs, durationMs, seed }) => {
    return `${fault.name} ${atMs} ${durationMs} ${seed}`;
  });
}

test('the same seed draws the same schedule, another one another', () => {
  assert.deepEqual(shown(drawn(7)), shown(drawn(7)));
  assert.notDeepEqual(shown(drawn(7)), shown(drawn(8)));
});

test('faults that claim the same never overlap, and each takes as long as it says', () => {
  const appointments = drawn(7);
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

test('in ten rounds of a minute every fault comes, whatever the seed', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const bag = new FaultBag(faults, createRandom(seed));
    const rounds = Array.from({ length: 10 }, (_, at) => {
      return drawSchedule({ bag, seed: seed * 1_000 + at, roundMs: 52_000, gapMs: 5_000 });
    });
    const came = new Set(rounds.flat().map(({ fault }) => fault));
    const missing = faults.filter((fault) => !came.has(fault)).map(({ name }) => name);
    assert.deepEqual(missing, [], `seed ${seed}`);
  }
});

test('in turn means one after the other', () => {
  const appointments = inTurn(faults, 1);
  assert.equal(appointments.length, faults.length);
  for (const [at, { atMs, durationMs }] of appointments.entries()) {
    const next = appointments[at + 1];
    assert.ok(next === undefined || next.atMs > atMs + durationMs);
  }
});

test('in company means at the same time, group after group, whatever the seed', () => {
  const groups = [
    chooseFaults(['bridge-frozen', 'kafka-black-hole']),
    chooseFaults(['reply-lost']),
  ];
  const spreads = new Set<number>();
  for (let seed = 1; seed <= 20; seed += 1) {
    const [first, second, third] = inCompany({ groups, seed }) as Appointment[];
    assert.ok(first && second && third);
    assert.ok(first.atMs < second.atMs && second.atMs < first.atMs + first.durationMs);
    const ends = [first, second].map(({ atMs, durationMs }) => atMs + durationMs);
    assert.ok(Math.max(...ends) < third.atMs, 'the next group comes when the one before is healed');
    spreads.add(second.atMs);
  }
  assert.ok(spreads.size > 10, 'the seed says when');
  assert.throws(
    () => inCompany({ groups: [chooseFaults(['bridge-frozen', 'bridge-killed'])], seed: 1 }),
    /wanted faults that claim nothing alike, found bridge-killed, bridge-frozen/,
  );
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
