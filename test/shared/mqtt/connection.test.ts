// A connection against a fake broker: subscriptions checked, losses mended, each told once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Connection,
  type ConnectionOptions,
  type ConnectionStatus,
} from '#shared/mqtt/connection.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { FakeBroker, type FakeBrokerOptions } from './fake-broker.ts';

interface Rig {
  readonly broker: FakeBroker;
  readonly connection: Connection;
  readonly statuses: ConnectionStatus[];
  readonly logLines: Record<string, unknown>[];
  /** Resolves at the next status of this kind. */
  reached(kind: ConnectionStatus['kind']): Promise<ConnectionStatus>;
}

interface TestContext {
  after(fn: () => Promise<void>): void;
}

async function open(
  t: TestContext,
  given: FakeBrokerOptions = {},
  options: Partial<ConnectionOptions> = {},
): Promise<Rig> {
  const broker = await FakeBroker.start(given);
  const statuses: ConnectionStatus[] = [];
  const logLines: Record<string, unknown>[] = [];
  const write = (line: string) => void logLines.push(JSON.parse(line));
  const waiting: { kind: string; resolve: (status: ConnectionStatus) => void }[] = [];
  let epoch = 0;
  const connection = new Connection({
    index: 1,
    link: {
      host: '127.0.0.1',
      port: broker.port,
      keepaliveSeconds: 15,
      connectTimeoutMs: 2000,
      receiveMaximum: 100,
      credentials: null,
      tls: null,
    },
    clientIdPrefix: 'bridge-0',
    filters: ['$share/g/a', '$share/g/b'],
    log: createLogger({ level: 'info', name: 'test', destination: { write } }),
    nextEpoch: () => ++epoch,
    accept: () => ({ deliver: (_delivery, next) => next(), closed: () => undefined }),
    onStatus: (status) => {
      statuses.push(status);
      const found = waiting.findIndex(({ kind }) => kind === status.kind);
      if (found >= 0) waiting.splice(found, 1)[0]?.resolve(status);
    },
    random: () => 0,
    ...options,
  });
  const running = connection.run();
  t.after(async () => {
    connection.stop();
    connection.link?.destroy('the test is over');
    await running;
    await broker.stop();
  });
  const reached = (kind: ConnectionStatus['kind']): Promise<ConnectionStatus> => {
    return new Promise((resolve) => {
      waiting.push({ kind, resolve });
    });
  };
  return { broker, connection, statuses, logLines, reached };
}

test('subscribes all filters at QoS 1 and is then subscribed', async (t) => {
  const { broker, reached } = await open(t);
  await reached('subscribed');
  const [subscribe] = broker.last.received.filter(({ cmd }) => cmd === 'subscribe');
  assert.deepEqual(
    subscribe?.cmd === 'subscribe' && subscribe.subscriptions.map(({ topic, qos }) => [topic, qos]),
    [
      ['$share/g/a', 1],
      ['$share/g/b', 1],
    ],
  );
});

test('is not subscribed while one filter is refused, asks again and says so once', async (t) => {
  const { reached, statuses, logLines, broker } = await open(t, {
    subackCode: (n, filter) => (n <= 3 && filter === '$share/g/b' ? 0x87 : 1),
  });
  await reached('subscribed');
  const details = statuses.map((status) => ('detail' in status ? status.detail : status.kind));
  assert.equal(
    details.filter((detail) => detail.includes('$share/g/b: SUBACK code 0x87')).length,
    3,
  );
  assert.equal(broker.sessions.length, 1, 'on the same connection');
  assert.deepEqual(
    logLines.map(({ level }) => level),
    ['warn', 'info'],
  );
});

test('does not take QoS 0 for a subscription', async (t) => {
  const { reached, statuses } = await open(t, { subackCode: (n) => (n === 1 ? 0 : 1) });
  await reached('subscribed');
  assert.ok(statuses.some((status) => 'detail' in status && status.detail.includes('0x00')));
});

test('connects again after a refused CONNACK, and says so once', async (t) => {
  const { reached, broker, logLines } = await open(t, { connackCode: (n) => (n <= 3 ? 0x88 : 0) });
  await reached('subscribed');
  assert.equal(broker.sessions.length, 4);
  assert.deepEqual(
    logLines.map(({ level }) => level),
    ['warn', 'info'],
  );
  assert.match(String(logLines[0]?.['reason']), /0x88/);
});

test('comes back after a loss with a fresh client id and a subscription of its own', async (t) => {
  const { reached, broker, connection } = await open(t);
  await reached('subscribed');
  const away = reached('away');
  const back = reached('subscribed');
  broker.last.destroy();
  await away;
  await back;
  const [first, second] = broker.sessions;
  assert.notEqual(first?.connect?.clientId, second?.connect?.clientId);
  assert.match(second?.connect?.clientId ?? '', /^bridge-0-[0-9a-f]{12}$/);
  assert.equal(second?.isSubscribed, true);
  assert.equal(connection.linkCount, 2);
  assert.equal(connection.link?.epoch, 2);
});

test('warns once when CONNACK tells of a smaller window than wanted', async (t) => {
  const { reached, broker, logLines } = await open(t, {
    connackProperties: () => ({ receiveMaximum: 32 }),
  });
  await reached('subscribed');
  const back = reached('subscribed');
  broker.last.destroy();
  await back;
  const warned = logLines.filter(({ found }) => found === 32);
  assert.equal(warned.length, 1);
});

test('does not subscribe where the broker is not safe, says once what was found, and looks again', async (t) => {
  const unsafe = { sharedSubscriptionAvailable: false, sessionExpiryInterval: 3600 };
  const { reached, broker, statuses, logLines } = await open(t, {
    connackProperties: (n) => (n <= 3 ? unsafe : {}),
  });
  await reached('subscribed');
  assert.deepEqual(
    broker.sessions.map(({ isSubscribed }) => isSubscribed),
    [false, false, false, true],
  );
  const told = logLines.filter(({ level }) => level === 'error');
  assert.equal(told.length, 1);
  const reason = String(told[0]?.['reason']);
  assert.match(reason, /wanted shared subscriptions, found none.*found an expiry of 3600 s/);
  assert.match(String(logLines.at(-1)?.['msg']), /^MQTT is back/);
  const details = statuses.map((status) => ('detail' in status ? status.detail : ''));
  assert.equal(details.filter((detail) => detail === reason).length, 3);
});

test('warns once of each limit that costs something', async (t) => {
  const { reached, broker, logLines } = await open(
    t,
    { connackProperties: () => ({ maximumPacketSize: 1024, serverKeepAlive: 60 }) },
    { payloadBytesMax: 65_536 },
  );
  await reached('subscribed');
  const back = reached('subscribed');
  broker.last.destroy();
  await back;
  assert.deepEqual(
    logLines.flatMap(({ wanted, found }) => (wanted === undefined ? [] : [[wanted, found]])),
    [
      [15, 60],
      [65_536, 1024],
    ],
  );
});

test('leaves the group without a word of trouble, stays out, and joins again on a new link', async (t) => {
  const { reached, broker, connection, logLines } = await open(t);
  await reached('subscribed');
  connection.leave('told to');
  await connection.link?.disconnect(1000);
  assert.deepEqual(connection.status, { kind: 'away', detail: 'left the shared group: told to' });
  const disconnects = broker.last.received.filter(({ cmd }) => cmd === 'disconnect');
  assert.equal(disconnects.length, 1, 'the broker need not wait for a keepalive');
  assert.equal(broker.sessions.length, 1);
  const again = reached('subscribed');
  connection.join();
  await again;
  assert.equal(broker.sessions.length, 2);
  assert.deepEqual(logLines, []);
});

test('stops also while it is out of the group', async (t) => {
  const { reached, connection } = await open(t);
  await reached('subscribed');
  connection.leave('told to');
  connection.link?.destroy('told to');
  await connection.link?.closed;
  connection.stop();
});
