// A broker that offers no shared subscriptions would give every frame to every replica: the bridge
// does not subscribe there, says what it found, and goes to work when the broker has changed.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { EmqxModel } from '../emqx-model/emqx-model.ts';
import { startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openFleet } from './fleet-run.ts';
import { openGround } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { sharedStack } from './stack-under-test.ts';

let model = await EmqxModel.start({ isSharingOn: false });
after(() => model.stop());
const { port, url: mqttUrl } = model;
const { kafkaBrokers, registryUrl } = await sharedStack();
const ground = await openGround({ mqttUrl, kafkaBrokers, registryUrl });

test('a bridge stays out of a broker without shared subscriptions, and comes when it has them', async (t) => {
  const bridge = await startBridge(t, ground.addresses, {
    BRIDGE_NAME: 'careful',
    BRIDGE_CONNECTIONS: '1',
  });
  const unsafe = /^The settings of the broker are not safe/;
  const { level, reason } = await bridge.logged(unsafe);
  assert.equal(level, 'error');
  assert.match(String(reason), /wanted shared subscriptions, found none/);
  await eventually('not ready, and says why', async () => {
    const { status, report } = await bridge.askReady();
    const mqtt = report.parts.find(({ name }) => name === 'mqtt');
    assert.deepEqual({ status, unready: report.unready }, { status: 503, unready: ['mqtt'] });
    assert.match(mqtt?.detail ?? '', /wanted shared subscriptions, found none/);
  });
  assert.equal(model.counters['messages.received'], 0);

  await model.stop();
  model = await EmqxModel.start({ port });
  await bridge.whenReady();
  assert.equal(bridge.log.filter(({ msg }) => unsafe.test(msg)).length, 1, 'told once');
  const watch = watchLedgers(t, [bridge]);
  const fleet = await openFleet(t, { ground, seed: 31, vehicles: 5, messagesPerVehicle: 4 });
  await fleet.send();
  await fleet.whenAcked(watch);
  await bridge.stop();
  await watch.stop();
  await fleet.check({ conservation: watch.conservation, redeliveryMax: 0 });
});
