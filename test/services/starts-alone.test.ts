// A pod whose neighbours are not there yet: its probes answer, it waits, and leaves when told to.
// Kubernetes would restart one whose liveness probe fails, and no restart brings a neighbour back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { spawnService } from '#test/integration/bridge-process.ts';

/** Nobody listens there, and nobody has that name. */
const nowhere = {
  MQTT_URL: 'mqtt://broker.invalid:1883',
  KAFKA_BROKERS: '127.0.0.1:9',
  REGISTRY_URL: 'http://registry.invalid:8080/apis/ccompat/v7',
  REGISTRY_IDS_FILE: '/etc/fleetwire/ids/none-yet.json',
};

const services = [
  { name: 'bridge', env: nowhere, unready: ['schemas', 'kafka', 'mqtt'] },
  {
    name: 'state',
    env: { ...nowhere, MQTT_URL: undefined, REDIS_URL: 'redis://127.0.0.1:9' },
    unready: ['registry', 'Redis', 'Kafka', 'group'],
  },
] as const;

for (const { name, env, unready } of services) {
  test(`${name} is alive and unready while every neighbour is away, and stops at once`, async (t) => {
    const mainFile = fileURLToPath(new URL(`../../services/${name}/main.ts`, import.meta.url));
    const service = await spawnService({ name, mainFile, env });
    t.after(() => service.process.kill());
    const { ops } = await service.logged(/^Starting\.$/);
    await service.logged(/away/);
    const alive = await fetch(`${ops}/livez`);
    assert.equal(alive.status, 200);
    const ready = await fetch(`${ops}/readyz`);
    assert.equal(ready.status, 503);
    const report = (await ready.json()) as { unready: string[] };
    assert.deepEqual(report.unready.toSorted(), unready.toSorted());
    assert.equal((await fetch(`${ops}/metrics`)).status, 200);
    assert.equal(service.log.filter(({ msg }) => /file of schema ids/.test(msg)).length, 1);
    service.process.signal('SIGTERM');
    assert.deepEqual(await service.process.exited, { code: 0, signal: null });
  });
}
