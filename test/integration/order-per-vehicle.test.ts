// Guarantee: order per vehicle. On the EMQX model with hash_topic, as production is to be set: a
// vehicle's frames stay with one connection of one replica while membership is stable, and each
// tenure is in order whatever happens to the members. Artemis deals round robin and cannot show it.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { defaultRoutes, shareName } from '#shared/topics.ts';
import { EmqxModel } from '../emqx-model/emqx-model.ts';
import { startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openFleet } from './fleet-run.ts';
import { openGround, type Stored } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { sharedStack } from './stack-under-test.ts';

const windowFrames = 500;
const connections = 2;
const settings = {
  BRIDGE_WINDOW_FRAMES: String(windowFrames),
  BRIDGE_CONNECTIONS: String(connections),
  // Long enough that a bridge under load always holds frames when it dies.
  BRIDGE_BATCH_AGE_MS: '100',
};

const sharedFilter = `$share/${shareName}/${defaultRoutes[0]?.filter}`;
const model = await EmqxModel.start({ maxInflight: windowFrames, maxMqueueLen: 20_000 });
after(() => model.stop());
const stack = await sharedStack();
const { kafkaBrokers, registryUrl } = stack;
const ground = await openGround({ mqttUrl: model.url, kafkaBrokers, registryUrl });

/** Every message that the model has dealt is acknowledged, by whoever got it. */
function isAllAcknowledged(): boolean {
  return model.members(sharedFilter).every((clientId) => {
    const client = model.client(clientId);
    return client !== null && client.inflightCount + client.mqueueLength === 0;
  });
}

/** By vehicle: the bridge and connection of each record. */
function tenuresOf(stored: readonly Stored[]): ReadonlyMap<string, ReadonlySet<string>> {
  const tenures = new Map<string, Set<string>>();
  for (const { decoded } of stored) {
    const { vehicleId, origin } = decoded.value;
    const known = tenures.get(vehicleId) ?? new Set();
    tenures.set(vehicleId, known.add(`${origin.bridge} ${origin.epoch}`));
  }
  return tenures;
}

test('while no replica comes or goes, all frames of a vehicle pass through one connection, in order', async (t) => {
  const start = (name: string) =>
    startBridge(t, ground.addresses, { ...settings, BRIDGE_NAME: name });
  const bridges = await Promise.all([start('left'), start('right')]);
  await Promise.all(bridges.map((bridge) => bridge.whenReady()));
  const watch = watchLedgers(t, bridges);
  const fleet = await openFleet(t, { ground, seed: 21, vehicles: 60, messagesPerVehicle: 30 });
  await fleet.send();
  await fleet.whenAcked(watch);
  for (const bridge of bridges) await bridge.stop();
  await watch.stop();

  const tenures = tenuresOf(await fleet.stored());
  assert.equal(tenures.size, 60);
  const parted = [...tenures].filter(([, { size }]) => size > 1);
  assert.deepEqual(parted, []);
  const used = new Set([...tenures.values()].flatMap((each) => [...each]));
  assert.equal(used.size, bridges.length * connections, 'every connection has vehicles');
  const found = await fleet.check({ conservation: watch.conservation, redeliveryMax: 0 });
  assert.equal(found.outOfOrder.explained.count, 0);
});

test('a replica that is killed and one that joins, under load: nothing is lost, every tenure is in order', async (t) => {
  const start = (name: string) =>
    startBridge(t, ground.addresses, { ...settings, BRIDGE_NAME: name });
  const [killed, stays] = await Promise.all([start('killed'), start('stays')]);
  await Promise.all([killed.whenReady(), stays.whenReady()]);
  const watch = watchLedgers(t, [killed, stays]);
  const fleet = await openFleet(t, { ground, seed: 22, vehicles: 60, messagesPerVehicle: 60 });

  const sending = fleet.send(60, 6_000);
  await eventually('the bridge is at work', async () => {
    const { inFlight, produced } = await watch.scrape(killed);
    assert.ok(produced > 200 && inFlight > 5, `${produced} produced, ${inFlight} in flight`);
  });
  await fleet.breaking('SIGKILL of a bridge under load', () => killed.process.kill());
  const joins = await start('joins');
  await joins.whenReady();
  watch.add(joins);
  await sending;
  await fleet.send();
  await model.until(isAllAcknowledged);
  await watch.whenIdle();
  for (const bridge of [stays, joins]) await bridge.stop();
  await watch.stop();

  assert.equal(model.counters['delivery.dropped.queue_full'], 0);
  assert.equal(model.counters['model.lost_with_session'], 0);
  assert.ok(model.counters['model.redispatched'] > 0, 'the killed one held frames');
  const redeliveryMax = windowFrames * connections;
  const found = await fleet.check({ conservation: watch.conservation, redeliveryMax });
  const { outOfOrder, duplicates, lost } = found;
  t.diagnostic(
    `${found.sentCount} frames, ${lost.acked.count} lost, ${duplicates.explained.count} twice`,
  );
  assert.equal(outOfOrder.explained.count, 0, 'not even the fault is an excuse');
  const tenures = [...tenuresOf(await fleet.stored()).values()].map(({ size }) => size);
  // Each connection that goes or comes may move a vehicle, and nothing else does.
  const tenuresMax = 1 + 2 * connections;
  assert.ok(Math.max(...tenures) <= tenuresMax, `${Math.max(...tenures)} tenures of a vehicle`);
});
