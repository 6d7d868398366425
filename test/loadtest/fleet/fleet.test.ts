// The fleet repeats itself, and foretells what becomes of each frame.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badKinds } from '#loadtest/fleet/bad-frames.ts';
import { jsonBadKinds, jsonOddKinds } from '#loadtest/fleet/json/kinds.ts';
import { jt808BadKinds, jt808OddKinds } from '#loadtest/fleet/jt808/kinds.ts';
import { mixDefault, mixNames } from '#loadtest/fleet/mix.ts';
import { oddKinds } from '#loadtest/fleet/odd-frames.ts';
import { type PlannedMessage, recordsOf } from '#loadtest/fleet/planned.ts';
import { createSigner } from '#loadtest/fleet/signer.ts';
import { checkLedger } from '#loadtest/ledger/check.ts';
import { Conservation } from '#loadtest/ledger/conservation.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { messagesOf, plan, pureRun } from '../pure-run.ts';

test('sends the same messages for the same seed, byte for byte', async () => {
  assert.deepEqual(await messagesOf(plan), await messagesOf(plan));
});

test('sends other messages for another seed', async () => {
  const good = { ...plan, badShare: 0 };
  const payloads = new Set((await messagesOf(good)).map(hexOf));
  const others = await messagesOf({ ...good, seed: plan.seed + 1 });
  const alike = others.filter((message) => payloads.has(hexOf(message)));
  // A heartbeat of a car with the same VIN says the same; nothing else does.
  assert.ok(alike.every(({ frames }) => frames.every(({ frameId }) => isPlain(frameId))));
});

test('every frame becomes the record that was foretold, value by value', async () => {
  for (const seed of [1, 2, 3]) {
    const run = await pureRun({ seed, badShare: 0.2 });
    const options = { conservation: new Conservation(), redeliveryMax: 0, skewMs: 0 };
    const found = checkLedger({ ...run, ...options });
    assert.deepEqual(found.altered.examples, []);
    assert.deepEqual(found.phantom.examples, []);
    assert.equal(found.isBalanced, true);
    assert.equal(found.recordCount, found.sentCount);
    assert.equal(found.answers.missing.count, 0);
  }
});

test('whatever a car speaks, its frames become the records that were foretold', async () => {
  for (const name of mixNames) {
    const run = await pureRun({ mix: { [name]: 1 }, seed: 4, vehicles: 40, badShare: 0.2 });
    const options = { conservation: new Conservation(), redeliveryMax: 0, skewMs: 0 };
    const found = checkLedger({ ...run, ...options });
    assert.deepEqual(found.altered.examples, [], name);
    assert.deepEqual(found.phantom.examples, [], name);
    assert.equal(found.isBalanced, true, name);
    assert.ok(found.answers.gotCount > 100 && found.quarantinedCount > 100, name);
  }
});

test('half of the cars of 2025 sign their reports, and the signatures are good', async () => {
  const run = await pureRun({ mix: { gb2025: 1 }, vehicles: 60, signer: createSigner() });
  const options = { conservation: new Conservation(), redeliveryMax: 0, skewMs: 0 };
  const found = checkLedger({ ...run, ...options });
  assert.deepEqual(found.altered.examples, []);
  assert.equal(found.isBalanced, true);
  const states = Map.groupBy(run.records, ({ fields }) => fields['signatureState']);
  assert.ok((states.get('valid')?.length ?? 0) > 200);
  assert.ok((states.get('absent')?.length ?? 0) > 200);
  // One bit of these is another: they are kept, and told.
  assert.ok((states.get('invalid')?.length ?? 0) > 0);
  // With another key the ledger must tell.
  const stranger = await pureRun({ mix: { gb2025: 1 }, vehicles: 60, signer: createSigner() });
  const mixed = checkLedger({ ledger: run.ledger, records: stranger.records, ...options });
  assert.ok(mixed.altered.count > 200);
});

test('a speed is the speed of the vehicle, whoever sends it', async () => {
  const codecs = new Map<unknown, number>();
  const { records } = await pureRun({ mix: mixDefault, vehicles: 100, badShare: 0 });
  for (const { kafkaTopic, fields } of records) {
    if (kafkaTopic !== kafkaTopics.telemetry) continue;
    const { speedKmh } = fields['vehicle'] as { speedKmh: number };
    const { longitudeDeg } = fields['position'] as { longitudeDeg: number };
    assert.ok(speedKmh >= 0 && longitudeDeg > 119);
    codecs.set(fields['codec'], Math.max(speedKmh, codecs.get(fields['codec']) ?? 0));
  }
  const names = ['gb32960-2016', 'gb32960-2025', 'json-1', 'jt808-2013', 'jt808-2019'];
  assert.deepEqual([...codecs.keys()].sort(), names);
  for (const [codec, speedKmh] of codecs) assert.ok(speedKmh > 30, `${codec}: ${speedKmh}`);
});

test('terminals of JT/T 808 are known by their phone or by a VIN, and show their own code', async () => {
  const messages = await messagesOf({ ...plan, mix: { jt808: 1 }, badShare: 0 });
  const vehicleIds = [...new Set(messages.map(({ vehicleId }) => vehicleId))];
  const byPhone = vehicleIds.filter((vehicleId) => /^\d{11}$/.test(vehicleId));
  assert.ok(byPhone.length > 5 && byPhone.length < vehicleIds.length - 5);
  for (const vehicleId of vehicleIds) {
    const kinds = messages.flatMap((one) =>
      one.vehicleId === vehicleId ? one.frames.map(({ kind }) => kind) : [],
    );
    assert.deepEqual(kinds.slice(0, 2), ['register', 'auth']);
    assert.equal(kinds.at(-1), 'unregister');
  }
});

test('a batch is one frame and as many records as it has locations', async () => {
  const run = await pureRun({ mix: { jt808: 1 }, vehicles: 60, badShare: 0 });
  const frames = run.messages.flatMap((message) => message.frames);
  const batches = frames.filter(({ kind }) => kind === 'batch');
  const more = frames.reduce((sum, frame) => sum + recordsOf(frame).length - 1, 0);
  assert.ok(batches.length > 5 && batches.every(({ more: rest = [] }) => rest.length < 8));
  const options = { conservation: new Conservation(), redeliveryMax: 0, skewMs: 0 };
  const found = checkLedger({ ...run, ...options });
  assert.equal(found.sentCount, frames.length);
  assert.equal(found.storedCount, frames.length);
  assert.equal(found.recordCount, frames.length + more);
});

test('has every kind of frame of JT/T 808 and JSON in it', async () => {
  const fleet = { ...plan, vehicles: 200, seconds: 120, badShare: 0.1 };
  const messages = await messagesOf({ ...fleet, mix: { jt808: 1, json: 1 } });
  const kinds = new Set<string>();
  for (const { frames } of messages) {
    for (const frame of frames) for (const { kind } of recordsOf(frame)) kinds.add(kind);
  }
  // Two good locations in one message are locations; the fleet gives them no other name.
  const odd = [...jt808OddKinds, ...jsonOddKinds].filter((kind) => kind !== 'two_locations');
  const ordinary = ['location', 'batch', 'driver', 'time_sync', 'heartbeat', 'part', 'reissue'];
  const bad = [...jt808BadKinds, ...jsonBadKinds];
  for (const kind of [...ordinary, ...odd, ...bad]) assert.ok(kinds.has(kind), kind);
});

test('has every kind of frame in it', async () => {
  const messages = await messagesOf({ ...plan, vehicles: 300, badShare: 0.05 });
  const kinds = new Set(messages.flatMap(({ frames }) => frames.map(({ kind }) => kind)));
  for (const kind of ['login', 'report', 'reissue', 'heartbeat', 'time_sync', 'logout'] as const) {
    assert.ok(kinds.has(kind), kind);
  }
  // Two good reports in one message are reports; the fleet gives them no other name.
  for (const kind of [...badKinds, ...oddKinds.filter((odd) => odd !== 'two_reports')]) {
    assert.ok(kinds.has(kind), kind);
  }
});

test('refuses about the share that was asked for', async () => {
  const messages = await messagesOf({ ...plan, vehicles: 300, badShare: 0.01 });
  const frames = messages.flatMap((message) => message.frames);
  const bad = frames.filter(({ kafkaTopic }) => kafkaTopic === kafkaTopics.quarantine);
  const share = bad.length / frames.length;
  assert.ok(share > 0.007 && share < 0.013, `${share}`);
});

test('sends nothing bad where nothing bad was asked for', async () => {
  const messages = await messagesOf({ ...plan, vehicles: 100, badShare: 0 });
  const topics = messages.flatMap(({ frames }) => frames.map(({ kafkaTopic }) => kafkaTopic));
  assert.ok(!topics.includes(kafkaTopics.quarantine));
});

test('each vehicle begins with a login, ends with a logout and never goes back in time', async () => {
  const byVehicle = Map.groupBy(await messagesOf(plan), ({ vehicleId }) => vehicleId);
  assert.equal(byVehicle.size, plan.vehicles);
  for (const messages of byVehicle.values()) {
    const good = messages.filter(({ frames }) => !frames.some(isRefused));
    assert.equal(good[0]?.frames[0]?.kind, 'login');
    assert.equal(good.at(-1)?.frames[0]?.kind, 'logout');
    const dues = messages.map(({ dueAt }) => dueAt);
    assert.deepEqual(
      dues,
      dues.toSorted((a, b) => a - b),
    );
    assert.ok(messages.every(({ dueAt }) => dueAt <= plan.startAt + plan.seconds * 1000));
  }
});

test('sends after a tunnel what it could not send inside, with the times of the tunnel', async () => {
  const messages = await messagesOf({ ...plan, vehicles: 60 });
  const reissues = messages.filter(({ frames }) => frames[0]?.kind === 'reissue');
  assert.ok(reissues.length > 20);
  for (const { dueAt, frames } of reissues) {
    const fields = frames[0]?.fields ?? {};
    const { hasFix } = fields['position'] as { hasFix: boolean };
    assert.ok((fields['eventTime'] as number) < dueAt - 1000);
    assert.equal(hasFix, false);
  }
});

function hexOf({ payload }: PlannedMessage): string {
  return payload.toString('hex');
}

function isPlain(frameId: string | null): boolean {
  return frameId === null;
}

function isRefused({ kafkaTopic }: PlannedMessage['frames'][number]): boolean {
  return kafkaTopic === kafkaTopics.quarantine;
}
