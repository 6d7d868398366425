// Every kind of bad frame gets the reason it was planned for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badKinds, buildBad } from '#loadtest/fleet/bad-frames.ts';
import { createExpectations } from '#loadtest/fleet/expectations.ts';
import { createRandom } from '#loadtest/fleet/random.ts';
import { SimulatedCar } from '#loadtest/fleet/simulated-car.ts';
import { createTerminal } from '#loadtest/fleet/terminal.ts';
import { createStore, plan } from '../pure-run.ts';

for (const kind of badKinds) {
  test(`${kind} gets the reason that it was built for, and spares its neighbours`, async () => {
    const expectations = await createExpectations();
    const store = await createStore();
    for (let seed = 0; seed < 20; seed += 1) {
      const car = new SimulatedCar(seed, 1);
      const terminal = createTerminal(car, expectations);
      const built = buildBad(kind, terminal, {
        at: plan.startAt,
        random: createRandom(seed),
        foreignVin: new SimulatedCar(seed, 2).car.vin,
        payloadBytesMax: plan.payloadBytesMax,
      });
      store.records.length = 0;
      const payload = Buffer.concat(built.map(({ bytes }) => bytes));
      store.add({ mqttTopic: terminal.mqttTopic, payload, at: plan.startAt });
      const found = store.records.map(({ kafkaTopic, frameId, fields }) => {
        return { kafkaTopic, frameId, reason: fields['reason'] };
      });
      const wanted = built.map(({ expected: { kafkaTopic, frameId, fields } }) => {
        return { kafkaTopic, frameId, reason: fields['reason'] };
      });
      assert.deepEqual(found, wanted, `seed ${seed}`);
    }
  });
}
