// Guarantee: draining loses nothing and duplicates nothing. On SIGTERM a bridge acknowledges
// exactly what Kafka has stored and leaves; the others get the rest. Artemis alone can prove it
// here: Mosquitto drops the un-acknowledged frames of a shared subscriber that leaves, whatever
// that subscriber does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openFleet } from './fleet-run.ts';
import { openGround } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { freezeKafka, stackWithOwn, thawKafka } from './own-parts.ts';

const stack = await stackWithOwn('kafka');
const ground = await openGround(stack);

const drainMs = 10_000;
const settings = {
  BRIDGE_DRAIN_MS: String(drainMs),
  // Long enough that a bridge under load always holds frames when it is asked to stop.
  BRIDGE_BATCH_AGE_MS: '200',
};

test('bridges that are stopped under load lose nothing and duplicate nothing, and others take over', async (t) => {
  const start = (name: string) =>
    startBridge(t, ground.addresses, { ...settings, BRIDGE_NAME: name });
  const [leaves, stays] = await Promise.all([start('leaves'), start('stays')]);
  const fleet = await openFleet(t, { ground, seed: 3, vehicles: 60, messagesPerVehicle: 40 });
  await Promise.all([leaves.whenReady(), stays.whenReady()]);
  const watch = watchLedgers(t, [leaves, stays]);

  const sending = fleet.send(40, 4_000);
  await eventually('the bridge is at work', async () => {
    const { inFlight, produced } = await watch.scrape(leaves);
    assert.ok(produced > 200 && inFlight > 20, `${produced} produced, ${inFlight} in flight`);
  });
  const askedAt = performance.now();
  // What it has not read the broker deals again, to the others and after newer frames: late by the
  // broker, never twice.
  await fleet.breaking('SIGTERM of a bridge under load', () => leaves.stop());
  assert.ok(performance.now() - askedAt < drainMs, 'within the drain time');
  const drained = watch.ended(leaves);
  assert.equal(drained.received, drained.produced + drained.quarantined);
  assert.equal(drained.returned, 0, 'Kafka was there, so all was stored');

  // Another one joins, and the one that stayed leaves.
  const joins = await start('joins');
  await joins.whenReady();
  watch.add(joins);
  await fleet.breaking('SIGTERM of the other bridge under load', () => stays.stop());
  watch.ended(stays);
  await sending;
  await fleet.send();

  await fleet.whenAcked(watch);
  await fleet.whenAnswered();
  await joins.stop();
  await watch.stop();
  await fleet.check({ conservation: watch.conservation, redeliveryMax: 0 });
});

test('a bridge that drains waits for Kafka, reads no more and is not ready; the other one gets nothing twice', async (t) => {
  const start = (name: string) =>
    startBridge(t, ground.addresses, { ...settings, BRIDGE_NAME: name });
  const [drains, other] = await Promise.all([start('drains'), start('other')]);
  const fleet = await openFleet(t, { ground, seed: 9, vehicles: 100, messagesPerVehicle: 20 });
  await Promise.all([drains.whenReady(), other.whenReady()]);
  const watch = watchLedgers(t, [drains, other]);
  freezeKafka(stack);
  t.after(() => thawKafka(stack));
  await fleet.send();
  await eventually('all in flight', () => assert.equal(watch.inFlightCount, fleet.sentCount));

  const ended = fleet.breaking('a bridge leaves', () => drains.stop());
  await eventually('every part says that it drains', async () => {
    const { status, report } = await drains.askReady();
    const states = report.parts.map(({ state }) => state);
    assert.deepEqual({ status, states }, { status: 503, states: Array(3).fill('draining') });
  });
  const { received } = await watch.scrape(drains);
  thawKafka(stack);
  await ended;
  const line = watch.ended(drains);
  assert.equal(line.received, received, 'nothing was read after the signal');
  assert.equal(line.returned, 0);
  await fleet.whenAcked(watch);
  await fleet.whenAnswered();
  await other.stop();
  await watch.stop();
  await fleet.check({ conservation: watch.conservation, redeliveryMax: 0 });
});

test('what Kafka does not store within the drain time goes to the others, un-acknowledged', async (t) => {
  const start = (name: string, drainMs: number) =>
    startBridge(t, ground.addresses, { BRIDGE_NAME: name, BRIDGE_DRAIN_MS: String(drainMs) });
  const [leaves, stays] = await Promise.all([start('gives-up', 1_000), start('takes', 20_000)]);
  const fleet = await openFleet(t, { ground, seed: 10, vehicles: 20, messagesPerVehicle: 6 });
  await Promise.all([leaves.whenReady(), stays.whenReady()]);
  const watch = watchLedgers(t, [leaves, stays]);
  freezeKafka(stack);
  t.after(() => thawKafka(stack));
  await fleet.send();
  await eventually('all in flight', () => assert.equal(watch.inFlightCount, fleet.sentCount));

  await fleet.breaking('a bridge leaves without Kafka', () => leaves.stop());
  const line = watch.ended(leaves);
  assert.ok(line.received > 0, 'it had its share');
  assert.deepEqual(line, { ...line, produced: 0, quarantined: 0, returned: line.received });
  thawKafka(stack);
  await fleet.whenAcked(watch);
  await fleet.whenAnswered();
  await stays.stop();
  await watch.stop();
  // A request that Kafka read after the bridge had left may have been stored all the same.
  await fleet.check({ conservation: watch.conservation, redeliveryMax: line.returned });
});
