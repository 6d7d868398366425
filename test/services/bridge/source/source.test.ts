// The bridge's source on real sockets: MQTT.js on one side, a fake MQTT 5 broker on the other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drain } from '#services/bridge/drain.ts';
import { Source } from '#services/bridge/source/source.ts';
import { FakeBroker, type FakeBrokerOptions } from '#test/shared/mqtt/fake-broker.ts';
import { settled } from '../fakes.ts';
import { type BridgeRig, balance, createRig, ingestOf, payload, type RigOptions } from '../rig.ts';

interface WireRig extends BridgeRig {
  readonly broker: FakeBroker;
  readonly source: Source;
  /** Stops the bridge as SIGTERM does. */
  stop(drainMs?: number): Promise<void>;
}

interface Given extends RigOptions {
  readonly broker?: FakeBrokerOptions;
  readonly windowFrames?: number;
  readonly connectionCount?: number;
}

async function open(
  t: { after(fn: () => Promise<void>): void },
  given: Given = {},
): Promise<WireRig> {
  const broker = await FakeBroker.start(given.broker);
  const rig = createRig(given);
  const { ledger, heldBytes, counters, lanes, kafka, log, path } = rig;
  const connectionCount = given.connectionCount ?? 1;
  const source = new Source({
    link: {
      host: '127.0.0.1',
      port: broker.port,
      keepaliveSeconds: 15,
      connectTimeoutMs: 2000,
      credentials: null,
      tls: null,
    },
    connectionCount,
    windowFrames: given.windowFrames ?? 1000,
    routes: [{ filter: 'v1/up/+/gb32960', idLevel: 2, codec: 'gb32960' }],
    clientIdPrefix: 'test',
    payloadBytesMax: 65_536,
    receive: path.receive,
    heldBytes,
    ledger,
    counters,
    log,
    onStatus: () => undefined,
  });
  const running = source.run();
  const producer = { close: async () => undefined };
  const stop = async (drainMs = 2000): Promise<void> => {
    await drain({ source, lanes, producer, drainMs, log });
    await running;
  };
  t.after(async () => {
    kafka.isPrompt = true;
    for (const batch of kafka.batches.splice(0)) await batch.answer();
    await stop(1000);
    await broker.stop();
  });
  await broker.until(
    () => broker.sessions.filter((s) => s.isSubscribed).length === connectionCount,
  );
  return { ...rig, broker, source, stop };
}

function messages(count: number, from = 0) {
  return Array.from({ length: count }, (_, i) => {
    return { topic: 'v1/up/V/gb32960', payload: payload((from + i) % 7, `${from + i}`) };
  });
}

test('lets a full window of messages come without one acknowledgement, then acknowledges all', async (t) => {
  const { broker, kafka, ledger, source } = await open(t, { windowFrames: 1000 });
  const session = broker.last;
  const ids = session.deliver(messages(1000));
  while (balance(ledger).received < 1000) await settled();
  assert.equal(source.windowUse, 1);
  assert.deepEqual(session.ackedIds, []);
  kafka.isPrompt = true;
  for (const batch of kafka.batches.splice(0)) await batch.answer();
  await broker.until(() => session.ackedIds.length === 1000);
  ids.push(...session.deliver(messages(1500, 1000)));
  await broker.until(() => session.ackedIds.length === 2500);
  assert.deepEqual(session.ackedIds, ids, 'each once, in order of receipt');
});

test('keeps each connection to its own window and acknowledgements', async (t) => {
  const { broker, kafka } = await open(t, { connectionCount: 2 });
  const [one, two] = broker.sessions;
  one?.deliver(messages(3));
  two?.deliver(messages(2));
  kafka.isPrompt = true;
  for (const batch of kafka.batches.splice(0)) await batch.answer();
  await broker.until(() => one?.ackedIds.length === 3 && two?.ackedIds.length === 2);
});

test('sends no acknowledgement of a lost connection on the next one', async (t) => {
  const { broker, kafka, counters, ledger } = await open(t);
  broker.last.deliver(messages(5));
  const batch = await kafka.next();
  broker.last.destroy();
  await broker.until(() => broker.sessions.length === 2 && broker.last.isSubscribed);
  kafka.isPrompt = true;
  await batch.answer();
  for (const later of kafka.batches.splice(0)) await later.answer();
  await settled();
  // Ids start at 1 again: an old PUBACK would acknowledge this message.
  broker.last.deliver(messages(1, 5));
  await broker.until(() => broker.last.ackedIds.length > 0);
  assert.deepEqual(broker.last.ackedIds, [1]);
  assert.equal(broker.last.received.filter(({ cmd }) => cmd === 'puback').length, 1);
  assert.equal(counters.acksDroppedCount, 5);
  assert.equal(balance(ledger).returned, 5);
});

test('hands an answer to the broker before the PUBACK of its message', async (t) => {
  const answer = { mqttTopic: 'v1/dn/V/gb32960', payload: Buffer.from('ok') };
  const { broker, kafka } = await open(t, { ingest: ingestOf(() => [answer]) });
  kafka.isPrompt = true;
  broker.last.deliver(messages(1));
  await broker.until(() => broker.last.ackedIds.length === 1);
  const order = broker.last.received.map(({ cmd }) => cmd);
  assert.deepEqual(order, ['connect', 'subscribe', 'publish', 'puback']);
  const [published] = broker.last.publishes;
  assert.equal(published?.qos, 1);
  assert.equal(published?.properties?.messageExpiryInterval, 60);
});

test('drains: acknowledges on the wire what is stored, then DISCONNECT, and nothing after', async (t) => {
  const { broker, kafka, ledger, stop } = await open(t);
  const session = broker.last;
  session.deliver(messages(20));
  const batch = await kafka.next();
  const stopping = stop();
  session.deliver(messages(20, 20));
  kafka.isPrompt = true;
  await batch.answer();
  for (const later of kafka.batches.splice(0)) await later.answer();
  await stopping;
  await broker.until(() => session.isClosed);
  const order = session.received.slice(2).map(({ cmd }) => cmd);
  const { received, produced, returned, missing } = balance(ledger);
  assert.deepEqual(order, [...Array.from({ length: produced }, () => 'puback'), 'disconnect']);
  assert.deepEqual({ returned, missing }, { returned: 0, missing: 0 });
  assert.equal(received, produced);
});

test('drains within its time while Kafka is away, and returns what is not stored', async (t) => {
  const { broker, ledger, stop } = await open(t);
  const session = broker.last;
  session.deliver(messages(20));
  while (balance(ledger).received < 20) await settled();
  const startedAt = performance.now();
  await stop(1000);
  assert.ok(performance.now() - startedAt < 1500);
  assert.deepEqual(session.ackedIds, []);
  assert.equal(session.received.at(-1)?.cmd, 'disconnect');
  const { returned, inFlight, missing } = balance(ledger);
  assert.deepEqual({ returned, inFlight, missing }, { returned: 20, inFlight: 0, missing: 0 });
});
