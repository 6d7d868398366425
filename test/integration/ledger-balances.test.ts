// Guarantee: the ledger balances. received = produced + quarantined + returned + in flight, per
// codec, at every scrape; and nothing that was sent is lost, altered or doubled on the way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBridge } from './bridge-process.ts';
import { openFleet } from './fleet-run.ts';
import { openGround } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { sharedStack } from './stack-under-test.ts';

const ground = await openGround(await sharedStack());

test('the ledger balances at every scrape under load, and with Kafka in the end', async (t) => {
  const starts = ['east', 'west'].map((name) =>
    startBridge(t, ground.addresses, { BRIDGE_NAME: name }),
  );
  const bridges = await Promise.all(starts);
  const fleet = await openFleet(t, { ground, seed: 8, vehicles: 60, messagesPerVehicle: 40 });
  await Promise.all(bridges.map((bridge) => bridge.whenReady()));
  const watch = watchLedgers(t, bridges);

  await fleet.send(40, 3_000);
  await fleet.send();
  await fleet.whenAcked(watch);
  await fleet.whenAnswered();
  await Promise.all(bridges.map((bridge) => bridge.stop()));

  await watch.stop();
  const found = await fleet.check({ conservation: watch.conservation, redeliveryMax: 0 });
  assert.ok(found.quarantinedByReason.size > 5, 'frames were refused for many reasons');
  assert.ok(watch.conservation.scrapeCount > 10, `only ${watch.conservation.scrapeCount} scrapes`);
  for (const bridge of bridges) {
    const { received, produced, quarantined, returned } = watch.ended(bridge);
    assert.ok(received > 0, `${bridge.name} had its share`);
    assert.deepEqual({ received, returned }, { received: produced + quarantined, returned: 0 });
  }
});
