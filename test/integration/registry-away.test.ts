// Guarantee: registry away → a bridge runs on the schema ids that it knows; one that knows none
// waits, says for whom, and goes on by itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBridge } from './bridge-process.ts';
import { openFleet } from './fleet-run.ts';
import { openGround } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { stackWithOwn } from './own-parts.ts';

const stack = await stackWithOwn('registry');
const ground = await openGround(stack);
const away = /^A neighbour is away; trying until it is back\.$/;

test('a running bridge does not notice, and one that knows the ids from its file starts', async (t) => {
  const runs = await startBridge(t, ground.addresses, { BRIDGE_NAME: 'runs' });
  await runs.whenReady();
  const fleet = await openFleet(t, { ground, seed: 5, vehicles: 20, messagesPerVehicle: 10 });
  await stack.registry.stop();

  const starts = await startBridge(t, ground.addresses, {
    BRIDGE_NAME: 'starts',
    REGISTRY_IDS_FILE: ground.idsFile,
  });
  await starts.logged(/^The file knows all schema ids; the registry is not asked\.$/);
  await starts.whenReady();
  const bridges = [runs, starts];
  const watch = watchLedgers(t, bridges);
  await fleet.send();
  await fleet.whenAcked(watch);
  for (const bridge of bridges) {
    assert.ok((await watch.scrape(bridge)).produced > 0, `${bridge.name} had its share`);
    assert.deepEqual(
      bridge.log.filter(({ level }) => level !== 'info'),
      [],
    );
    assert.ok((await bridge.readyz()).isReady);
    await bridge.stop();
  }

  await watch.stop();
  // The check needs the registry; the bridges did not.
  await stack.registry.start();
  await fleet.check({ conservation: watch.conservation, redeliveryMax: 0 });
});

test('a bridge that knows no ids waits for the registry, names it, and becomes ready by itself', async (t) => {
  await stack.registry.stop();
  const bridge = await startBridge(t, ground.addresses, { BRIDGE_NAME: 'waits' });
  const { what } = await bridge.logged(away);
  assert.equal(what, 'Schema registry');
  const { status, report } = await bridge.askReady();
  assert.equal(status, 503);
  assert.ok(report.unready.includes('schemas'), JSON.stringify(report));

  await stack.registry.start();
  await bridge.whenReady();
  assert.deepEqual(
    bridge.log.filter(({ level }) => level !== 'info').map(({ msg }) => msg),
    ['A neighbour is away; trying until it is back.'],
  );
  await bridge.stop();
});
