// Redis has lost everything: the state topic and the inputs after its places give it back, exactly.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  backfill,
  createRig,
  drive,
  join,
  live,
  metric,
  type Rig,
  send,
  settled,
  stateLog,
  storedState,
  topicStates,
} from './rig.ts';

test('a flush in the middle is noticed with the next slice, rebuilt, and nothing is missing', async () => {
  const rig = createRig();
  for (const vehicleId of ['a', 'b', 'a']) send(rig, { vehicleId });
  await join(rig);
  await drive(rig);
  rig.store.flush();
  send(rig, { vehicleId: 'a' });
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@2', '0@3']);
  assert.deepEqual(storedState(rig, 'b')?.applied, ['0@1']);
  assert.equal(await metric(rig, 'rebuilds_total'), 1);
  assert.equal(await metric(rig, 'rebuilt_vehicles_total'), 2);
  assert.ok(rig.lines('warn').some(({ msg }) => msg.startsWith('Gone from Redis')));
  assert.ok(rig.lines('info').some(({ msg, vehicles }) => msg === 'Rebuilt.' && vehicles === 2));
});

test('a vehicle that is not in memory when Redis is flushed never begins anew', async () => {
  const before = createRig();
  for (const vehicleId of ['a', 'b']) send(before, { vehicleId });
  await join(before);
  await drive(before);
  // Room for one vehicle: the scan finds a first.
  const rig = createRig({ beside: before, config: { sliceRecords: 1, cacheVehicles: 1 } });
  await join(rig);
  rig.store.flush();
  send(rig, { vehicleId: 'b' });
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0']);
  assert.deepEqual(storedState(rig, 'b')?.applied, ['0@1', '0@2']);
  for (const { state } of topicStates(rig)) assert.notEqual(state.applied[0], '0@2');
});

test('a new topic is no loss: its inputs are read from their start', async () => {
  const rig = createRig();
  send(rig);
  await join(rig);
  await drive(rig);
  assert.equal(await metric(rig, 'rebuilds_total'), 0);
  assert.deepEqual(rig.lines('warn'), []);
});

test('quiet changes are in no record of the topic, and are replayed from the inputs', async () => {
  const rig = createRig();
  send(rig);
  await join(rig);
  await drive(rig);
  for (let count = 0; count < 3; count += 1) {
    send(rig, { change: 'quiet' });
    await drive(rig);
  }
  assert.equal(topicStates(rig).length, 1);
  rig.store.flush();
  await join(rig);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@1', '0@2', '0@3']);
});

test('a quiet vehicle is written after STREAM_REFRESH_MS, and the replay gets shorter', async () => {
  const rig = createRig({ config: { lagMs: 100, refreshMs: 1000 } });
  await join(rig);
  send(rig, { change: 'quiet' });
  await drive(rig);
  rig.clock.now += 999;
  await look(rig);
  assert.equal(topicStates(rig).length, 0);
  rig.clock.now += 1;
  await look(rig);
  assert.deepEqual(
    topicStates(rig).map(({ state }) => state.applied),
    [['0@0']],
  );
  send(rig, { vehicleId: 'b' });
  await drive(rig);
  assert.deepEqual(topicStates(rig).at(-1)?.provenance.replayFromOffsets, [1, 0]);
});

test('what an owner before left unwritten is written by the next one', async () => {
  const first = createRig();
  send(first, { change: 'quiet' });
  send(first, { vehicleId: 'b' });
  await join(first);
  await drive(first);
  const second = createRig({ beside: first, config: { lagMs: 100, refreshMs: 1000 } });
  await join(second);
  second.clock.now += 1000;
  await look(second);
  const written = topicStates(second).map(({ state }) => state.vehicleId);
  assert.ok(written.includes('a'), written.join());
});

test('of two records of a key the one of the later owner counts, whatever their order', async () => {
  const rig = createRig();
  await join(rig);
  const record = (epoch: number, applied: string[]) => {
    const state = { vehicleId: 'a', applied, duplicates: 0, ticks: [], dueAt: null };
    const provenance = { epoch, appliedOffsets: [1, -1], replayFromOffsets: [2, 0] };
    rig.kafka.append(stateLog, 'a', Buffer.from(JSON.stringify({ state, provenance })));
  };
  send(rig);
  send(rig);
  record(9, ['0@0', '0@1']);
  record(8, ['0@0']);
  rig.store.flush();
  await join(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@1']);
});

test('a vehicle without value in the topic is forgotten', async () => {
  const rig = createRig();
  send(rig);
  await join(rig);
  await drive(rig);
  rig.kafka.append(stateLog, 'a', null);
  rig.store.flush();
  await join(rig);
  assert.equal(storedState(rig), null);
});

test('a record of the state topic that cannot be read costs its vehicle alone', async () => {
  const rig = createRig();
  send(rig);
  await join(rig);
  await drive(rig);
  rig.kafka.append(stateLog, 'b', Buffer.from('broken'));
  rig.store.flush();
  await join(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0']);
  assert.equal(await metric(rig, 'unreadable_states_total'), 1);
});

test('a rebuild that breaks off is begun anew by the next owner', async () => {
  const first = createRig();
  send(first);
  await join(first);
  await drive(first);
  first.store.flush();
  const { epoch } = await first.store.claim(0);
  await first.store.beginRebuild(0, epoch);
  const second = createRig({ beside: first });
  await join(second);
  await drive(second);
  assert.deepEqual(storedState(second)?.applied, ['0@0']);
});

type Event =
  | { readonly kind: 'send'; readonly vehicleId: string; readonly change: 'quiet' | 'loud' }
  | { readonly kind: 'backfill'; readonly vehicleId: string; readonly change: 'quiet' | 'loud' }
  | { readonly kind: (typeof steps)[number] };

const steps = [
  ...(['drive', 'drive', 'take over', 'come back', 'refresh', 'flush'] as const),
  ...(['hold scans', 'let scans go'] as const),
];

const vehicleIds = fc.constantFrom('a', 'b', 'c');
const changes = fc.constantFrom('quiet' as const, 'loud' as const);

const events: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: recordOf('send') },
  { weight: 2, arbitrary: recordOf('backfill') },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom(...steps) }),
  },
);

function recordOf(kind: 'send' | 'backfill') {
  return fc.record({ kind: fc.constant(kind), vehicleId: vehicleIds, change: changes });
}

test('whatever happened before, a rebuild gives exactly what was applied', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(events, { maxLength: 80, size: 'max' }), async (history) => {
      let rig = createRig({ config });
      await join(rig);
      for (const event of history) rig = await lived(rig, event);
      rig.store.letScansGo();
      rig.store.flush();
      await join(rig);
      await drive(rig);
      assertExact(rig);
    }),
    { seed: 20_261_125, numRuns: 150 },
  );
});

const config = { sliceRecords: 2, refreshMs: 1000, lagMs: 60_000 };

/** Answers who owns the partition afterwards. */
async function lived(rig: Rig, event: Event): Promise<Rig> {
  rig.clock.now += 300;
  switch (event.kind) {
    case 'send':
      send(rig, event);
      return rig;
    case 'backfill':
      send(rig, event, backfill);
      return rig;
    case 'drive':
      await drive(rig);
      return rig;
    case 'refresh':
      await look(rig);
      return rig;
    case 'flush':
      rig.store.flush();
      return rig;
    case 'hold scans':
      rig.store.letScansGo();
      rig.store.holdScans();
      return rig;
    case 'let scans go':
      rig.store.letScansGo();
      await settled();
      return rig;
    case 'come back':
      rig.consumer.revoke();
      await join(rig);
      return rig;
    case 'take over': {
      const next = createRig({ beside: rig, config });
      rig.consumer.revoke();
      await join(next);
      return next;
    }
  }
}

/** Every record sent is in its vehicle's list, once, in the order of its input. */
function assertExact(rig: Rig): void {
  for (const vehicleId of ['a', 'b', 'c']) {
    const wanted = [live, backfill].flatMap((place, input) =>
      rig.kafka
        .recordsFrom(place, 0)
        .filter(({ key }) => key?.toString() === vehicleId)
        .map(({ offset }) => `${input}@${offset}`),
    );
    const found = storedState(rig, vehicleId)?.applied ?? [];
    assert.deepEqual(found.toSorted(), wanted.toSorted(), vehicleId);
  }
}

/** A rebalance looks at the ends, as the clock would. */
async function look(rig: Rig): Promise<void> {
  rig.consumer.assign([0]);
  await settled();
}
