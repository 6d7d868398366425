// Records become state: in which order things happen, and what can go wrong with a record.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createRig,
  drive,
  join,
  live,
  metric,
  quarantined,
  send,
  settled,
  storedState,
  topicStates,
} from './rig.ts';

test('stores outputs before the state, and commits after it', async () => {
  const rig = createRig();
  send(rig, { emits: true });
  await join(rig);
  await drive(rig);
  await rig.stream.stop();
  const effects = rig.journal.filter((line) => /^(produce|write|commit) /.test(line));
  assert.deepEqual(effects, [
    'produce vehicle.heartbeat.v1 a',
    'produce vehicle.state.v1 a',
    'write 0@0 a',
    'commit vehicle.telemetry.v1/0 1',
  ]);
});

test('applies each record once and in order, also over many slices', async () => {
  const rig = createRig({ config: { sliceRecords: 3 } });
  for (let count = 0; count < 10; count += 1) send(rig);
  await join(rig);
  await drive(rig);
  const wanted = Array.from({ length: 10 }, (_, offset) => `0@${offset}`);
  assert.deepEqual(storedState(rig)?.applied, wanted);
  assert.equal(rig.store.hash(0).writes, 4);
});

test('encodes a vehicle once a slice: the topic has what the store has', async () => {
  const rig = createRig();
  send(rig);
  send(rig);
  await join(rig);
  await drive(rig);
  assert.deepEqual(
    topicStates(rig).map(({ state }) => state),
    [storedState(rig)],
  );
});

test('replays cost nothing and change nothing', async () => {
  const rig = createRig();
  send(rig);
  await join(rig);
  await drive(rig);
  const before = rig.store.hash(0).writes;
  await rig.consumer.deliver(live, rig.kafka.recordsFrom(live, 0));
  assert.equal(rig.calls.applies, 1);
  assert.equal(rig.store.hash(0).writes, before);
  assert.equal(await metric(rig, 'replayed_total'), 1);
});

test('a duplicate within the ring is told to the rules and not applied', async () => {
  const rig = createRig();
  const frameId = '0011223344556677';
  send(rig, { frameId });
  send(rig, { frameId });
  await join(rig);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0']);
  assert.equal(await metric(rig, 'duplicates_total'), 1);
});

test('a duplicate is known after the vehicle was read back from the store', async () => {
  const first = createRig();
  const frameId = '0011223344556677';
  send(first, { frameId });
  await join(first);
  await drive(first);
  await first.stream.stop();
  const second = createRig({ beside: first });
  send(second, { frameId });
  await join(second);
  await drive(second);
  assert.equal(second.calls.applies, 0);
  assert.equal(await metric(second, 'duplicates_total'), 1);
});

test('records without a frame id are never duplicates', async () => {
  const rig = createRig();
  send(rig);
  send(rig);
  await join(rig);
  await drive(rig);
  assert.equal(storedState(rig)?.applied.length, 2);
});

test('a poison record goes to quarantine after 3 tries; its neighbours are applied once', async () => {
  const rig = createRig();
  send(rig);
  const poison = send(rig, { throws: true });
  send(rig);
  send(rig, { vehicleId: 'b' });
  await join(rig);
  await drive(rig);
  assert.equal(rig.calls.throws, 3);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@2']);
  assert.deepEqual(storedState(rig, 'b')?.applied, ['0@3']);
  const [record, ...more] = quarantined(rig);
  assert.equal(more.length, 0);
  assert.equal(record?.reason, 'record_poison');
  assert.equal(record?.attempt, 3);
  assert.equal(record?.vehicleId, 'a');
  assert.equal(record?.quarantineId, `${live.topic}/0/${poison}`);
  const { kind, kafkaTopic, partition, offset } = record!.source;
  assert.deepEqual([kind, kafkaTopic, partition, offset], ['kafka', live.topic, 0, poison]);
  assert.equal(rig.consumer.position(live), 4);
});

test('what a half-applied slice emitted is not stored', async () => {
  const rig = createRig();
  send(rig, { emits: true });
  send(rig, { throws: true });
  await join(rig);
  await drive(rig);
  const emitted = rig.journal.filter((line) => line === 'produce vehicle.heartbeat.v1 a');
  assert.equal(emitted.length, 1);
});

test('a record that makes a state unfit for its schema is found among its neighbours', async () => {
  const rig = createRig();
  send(rig);
  const unfit = send(rig, { unfit: true });
  send(rig);
  await join(rig);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0', '0@2']);
  assert.deepEqual(
    quarantined(rig).map(({ source }) => source.offset),
    [unfit],
  );
});

for (const [bytes, code] of [
  ['broken', 'bytes_broken'],
  ['unknown', 'schema_unknown'],
] as const) {
  test(`bytes that cannot be read (${code}) go to quarantine as they are`, async () => {
    const rig = createRig();
    rig.kafka.append(live, 'a', Buffer.from(bytes));
    send(rig);
    await join(rig);
    await drive(rig);
    const [record] = quarantined(rig);
    assert.equal(record?.reason, 'record_undecodable');
    assert.match(record?.detail ?? '', new RegExp(`^${code}: `));
    assert.equal(Buffer.from(record!.payload).toString(), bytes);
    assert.deepEqual(storedState(rig)?.applied, ['0@1']);
    assert.equal(rig.consumer.position(live), 2);
  });
}

test('a record without value, and one without key or vehicle, go to quarantine', async () => {
  const rig = createRig();
  rig.kafka.append(live, 'a', null);
  rig.kafka.append(live, null, Buffer.from('{"vehicleId":""}'));
  await join(rig);
  await drive(rig);
  assert.deepEqual(
    quarantined(rig).map(({ reason, vehicleId }) => [reason, vehicleId]),
    [
      ['record_undecodable', 'a'],
      ['record_undecodable', ''],
    ],
  );
});

test('a schema that is looked up late changes nothing', async () => {
  const rig = createRig();
  rig.decoder.isLate = true;
  send(rig);
  send(rig, { vehicleId: 'b' });
  await join(rig);
  await drive(rig);
  assert.deepEqual(storedState(rig)?.applied, ['0@0']);
});

test('while the registry is away the partition waits, and nothing goes to quarantine', async () => {
  const rig = createRig();
  rig.decoder.isAway = true;
  send(rig);
  await join(rig);
  const fetched = drive(rig);
  await settled();
  assert.equal(rig.consumer.position(live), 0);
  assert.deepEqual(rig.troubles, ['registry: as the test wants']);
  rig.decoder.isAway = false;
  await fetched;
  assert.equal(quarantined(rig).length, 0);
  assert.deepEqual(storedState(rig)?.applied, ['0@0']);
  assert.equal(rig.troubles.at(-1), 'registry: back');
});

test('a fault of ours ends the stream instead of going round', async () => {
  const rig = createRig();
  send(rig);
  await join(rig);
  rig.store.onWrite = () => {
    throw new TypeError('a bug');
  };
  await drive(rig);
  await assert.rejects(rig.stream.failed, /a bug/);
  assert.equal(rig.consumer.position(live), 0);
});
