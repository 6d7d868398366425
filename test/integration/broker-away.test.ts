// Guarantee: a lost broker is reconnected to, frames that were not acknowledged are given back in
// the ledger, and what is received afterwards is stored as ever.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openFleet } from './fleet-run.ts';
import { openGround } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { stackWithOwn } from './own-parts.ts';

const stack = await stackWithOwn('mqtt');
const ground = await openGround(stack);

// Frames wait long for company, so that windows are not empty when the broker dies.
const settings = { BRIDGE_BATCH_AGE_MS: '2000' };

test('a broker that is killed is reconnected to, and the window is returned in the ledger', async (t) => {
  const bridges = await Promise.all(
    ['left', 'right'].map((name) =>
      startBridge(t, ground.addresses, { ...settings, BRIDGE_NAME: name }),
    ),
  );
  await Promise.all(bridges.map((bridge) => bridge.whenReady()));
  const watch = watchLedgers(t, bridges);
  const before = await openFleet(t, { ground, seed: 6, vehicles: 40, messagesPerVehicle: 100 });
  const sending = before.send(100, 20_000).catch(() => undefined);
  for (const bridge of bridges) {
    await eventually(`${bridge.name} holds frames`, async () => {
      assert.ok((await watch.scrape(bridge)).inFlight > 20);
    });
  }

  // At the start Artemis may have refused one of two that make the shared group at once.
  const saidBefore = new Map(bridges.map((bridge) => [bridge, bridge.log.length]));
  await stack.mqtt.kill();
  await before.close();
  await sending;
  for (const bridge of bridges) {
    await bridge.logged(/^The MQTT connection is away; connecting again\.$/);
    await eventually(`${bridge.name} has given all back and says why it is not ready`, async () => {
      const { received, produced, quarantined, returned, inFlight } = await watch.scrape(bridge);
      assert.equal(inFlight, 0);
      assert.ok(returned > 0, 'nothing returned');
      assert.equal(received, produced + quarantined + returned);
      assert.deepEqual((await bridge.readyz()).unready, ['mqtt']);
      assert.equal((await bridge.metrics()).sum('held_bytes'), 0, 'not all is stored');
    });
  }

  await stack.mqtt.start();
  await Promise.all(bridges.map((bridge) => bridge.whenReady(60_000)));
  const returned = watch.returnedCount;
  const fleet = await openFleet(t, { ground, seed: 7, vehicles: 40, messagesPerVehicle: 20 });
  const alreadyCount = watch.ackedCount;
  await fleet.send();
  await fleet.whenAcked(watch, { alreadyCount });
  assert.equal(watch.returnedCount, returned, 'nothing more was given back');
  for (const bridge of bridges) {
    const metrics = await bridge.metrics();
    assert.ok(metrics.sum('mqtt_links_total') >= 4, 'each connection was made anew');
    const since = bridge.log.slice(saidBefore.get(bridge));
    const back = since.filter(({ msg }) => msg === 'MQTT is back: connected and subscribed.');
    assert.equal(back.length, 2, 'each connection says once that it is back');
    await bridge.stop();
  }
  await watch.stop();
  await fleet.check({ conservation: watch.conservation, redeliveryMax: 0 });
});
