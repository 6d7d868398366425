// The judge of the contract: which answers of a broker the bridge can live with.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { ask, faultOf, probes } from './contract.ts';
import { type BrokerUnderTest, type Probe, ProbeBench } from './probe.ts';
import { emqxOf, startModel } from './subjects.ts';

const needed: Probe = {
  name: 'some',
  sentence: 'Something holds.',
  need: 'needed',
  otherwise: 'frames are lost',
  run: async () => ({ verdict: 'yes', detail: '1 of 1' }),
};

test('a probe has a name of its own, and says what a no means', () => {
  const names = probes.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, sentence, otherwise } of probes) {
    assert.match(sentence, /\.$/, name);
    if (name !== 'connack') assert.ok(otherwise.length > 0, name);
  }
});

test('a needed answer must be yes; others may be as they are', () => {
  const answer = (need: Probe['need'], verdict: 'yes' | 'no' | 'not offered') =>
    faultOf({ probe: { ...needed, need }, finding: { verdict, detail: '0 of 1' } });
  assert.equal(answer('needed', 'yes'), null);
  assert.match(answer('needed', 'no') ?? '', /wanted "Something holds\.", found no, 0 of 1/);
  assert.match(answer('needed', 'not offered') ?? '', /not offered/);
  assert.equal(answer('told', 'no'), null);
  assert.equal(answer('told', 'not offered'), null);
});

test('a probe that cannot be finished is a fault, whatever it asks', async (t) => {
  const broker = await startModel();
  t.after(() => broker.close());
  const run = () => Promise.reject(new Error('no way'));
  const answer = await ask({ ...needed, need: 'told', run }, broker, false);
  assert.equal(faultOf(answer), 'some: no way');
});

test('a probe has topics and a filter that no other probe has', () => {
  const broker = { address: {} } as BrokerUnderTest;
  const [one, two] = [new ProbeBench(broker, false), new ProbeBench(broker, false)];
  assert.notEqual(one.root, two.root);
  assert.equal(one.sharedFilter, `$share/fleetwire/${one.root}/+`);
  assert.equal(one.topics(2)[1], `${one.root}/1`);
});

test('a real EMQX is asked where EMQX_URL says, with the credentials of the bridge', () => {
  assert.equal(emqxOf({}), null);
  const env = { EMQX_URL: 'mqtt://emqx:1884', MQTT_USERNAME: 'bridge', MQTT_PASSWORD: 'x' };
  const emqx = emqxOf(env);
  const { host, port, credentials } = emqx!.address;
  const found = { host, port, credentials };
  assert.deepEqual(found, {
    host: 'emqx',
    port: 1884,
    credentials: { username: 'bridge', password: 'x' },
  });
  assert.equal(emqx?.kick, null, 'without the address of its API');
});

test('an operator’s kick goes to the API of EMQX, with its key, and a refusal is told', async (t) => {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    response.writeHead(asked.length === 1 ? 204 : 404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const emqx = emqxOf({
    EMQX_URL: 'mqtt://emqx',
    EMQX_API_URL: `http://127.0.0.1:${port}`,
    EMQX_API_KEY: 'key',
    EMQX_API_SECRET: 'secret',
  });
  await emqx!.kick!('bridge-0/1');
  const [{ method, url, headers } = {} as IncomingMessage] = asked;
  assert.deepEqual([method, url], ['DELETE', '/api/v5/clients/bridge-0%2F1']);
  assert.equal(headers.authorization, `Basic ${Buffer.from('key:secret').toString('base64')}`);
  await assert.rejects(emqx!.kick!('nobody'), /answered 404 to the kick/);
});
