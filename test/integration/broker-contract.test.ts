// What the promises of the bridge need of an MQTT broker, asked of each broker that is at hand.
// `npm run prove -- brokers` asks the rest, too: see docs/brokers.md.

import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { ask, faultOf, probes } from '../brokers/contract.ts';
import type { BrokerUnderTest } from '../brokers/probe.ts';
import {
  artemisAt,
  emqxHint,
  emqxOf,
  mosquittoVersion,
  startModel,
  startMosquitto,
} from '../brokers/subjects.ts';
import { sharedStack } from './stack-under-test.ts';

const needed = probes.filter(({ need }) => need === 'needed');

function promises(name: string, start: () => Promise<BrokerUnderTest>): void {
  suite(name, () => {
    let starting: Promise<BrokerUnderTest> | null = null;
    after(async () => (await starting)?.close());
    for (const probe of needed) {
      test(`${name}: ${probe.sentence}`, async () => {
        starting ??= start();
        assert.equal(faultOf(await ask(probe, await starting, false)), null);
      });
    }
  });
}

const stack = await sharedStack();
promises('Artemis', async () => artemisAt(stack.mqttUrl));
promises('the EMQX model', startModel);

if (mosquittoVersion() !== null) promises('Mosquitto', startMosquitto);
else test('Mosquitto', (t) => t.skip('Mosquitto is not on the PATH.'));

const emqx = emqxOf(process.env);
if (emqx !== null) promises('EMQX', async () => emqx);
else test('EMQX', (t) => t.skip(emqxHint));
