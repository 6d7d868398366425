// The proxy does with real sockets what its words say.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { eventually } from '../../integration/eventually.ts';
import type { Tap } from './proxied-connection.ts';
import { TcpProxy } from './tcp-proxy.ts';
import type { Dose, Toxic } from './toxics.ts';

const host = '127.0.0.1';

interface Line {
  readonly proxy: TcpProxy;
  /** Connects through the proxy; answers both ends. */
  open(): Promise<{ readonly client: Heard; readonly server: Heard }>;
}

/** A socket and what it has heard. */
class Heard {
  readonly socket: Socket;
  bytes = '';
  isEnded = false;
  isClosed = false;
  hasError = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.bytes += text;
    });
    socket.on('error', () => {
      this.hasError = true;
    });
    socket.once('end', () => {
      this.isEnded = true;
    });
    socket.once('close', () => {
      this.isClosed = true;
    });
  }

  hears(wanted: string): Promise<void> {
    return eventually(`hears ${wanted.slice(0, 20)}`, () => assert.equal(this.bytes, wanted));
  }

  /** By FIN or RST. */
  closes(): Promise<void> {
    return eventually('closes', () => assert.ok(this.isEnded || this.isClosed));
  }
}

async function openLine(t: TestContext, tap?: () => Tap): Promise<Line> {
  const server = createServer({ allowHalfOpen: true }).listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const own = { name: 'line', port: 0, server: { host, port }, random: () => 0.5 };
  const proxy = new TcpProxy({ ...own, ...(tap && { tap }) });
  await proxy.up();
  const sockets: Socket[] = [];
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await proxy.down();
    server.close();
  });
  const open = async () => {
    const arrived = once(server, 'connection');
    const client = connect({ host, port: proxy.port, allowHalfOpen: true });
    const [accepted] = (await arrived) as [Socket];
    sockets.push(client, accepted);
    return { client: new Heard(client), server: new Heard(accepted) };
  };
  return { proxy, open };
}

function dose(direction: Dose['direction'], toxic: Toxic): Dose {
  return { direction, toxic };
}

test('without toxics bytes and ends pass in both directions, on every connection', async (t) => {
  const { proxy, open } = await openLine(t);
  const pairs = [await open(), await open(), await open()];
  for (const [at, { client, server }] of pairs.entries()) {
    client.socket.write(`question ${at}`);
    await server.hears(`question ${at}`);
    server.socket.end(`answer ${at}`);
    await client.hears(`answer ${at}`);
    await eventually('the end', () => assert.ok(client.isEnded));
    assert.ok(!server.isEnded, 'one direction ended, the other is open');
    client.socket.end();
    await client.closes();
  }
  await eventually('no connection', () => assert.equal(proxy.connectionCount, 0));
  assert.equal(proxy.acceptedCount, 3);
});

test('latency holds what comes and keeps its order, and may be removed meanwhile', async (t) => {
  const { proxy, open } = await openLine(t);
  const { client, server } = await open();
  const slow = dose('up', { kind: 'latency', ms: 120, jitterMs: 20 });
  proxy.add(slow);
  const sentAt = performance.now();
  for (const letter of 'abcdef') {
    client.socket.write(letter);
    await new Promise(setImmediate);
  }
  await server.hears('abcdef');
  assert.ok(performance.now() - sentAt >= 118, 'held');
  server.socket.write('at once');
  await client.hears('at once');
  const slower = dose('up', { kind: 'latency', ms: 600_000 });
  proxy.add(slower);
  client.socket.write('g');
  proxy.remove(slow, slower);
  await server.hears('abcdefg');
});

test('bandwidth lets so many bytes through each second', async (t) => {
  const { proxy, open } = await openLine(t);
  const { client, server } = await open();
  proxy.add(dose('down', { kind: 'bandwidth', bytesPerSecond: 20_000 }));
  const sentAt = performance.now();
  server.socket.write('x'.repeat(6_000));
  await client.hears('x'.repeat(6_000));
  const ms = performance.now() - sentAt;
  assert.ok(ms >= 248 && ms < 5_000, `${ms} ms for 300 in six pieces`);
});

test('a black hole passes nothing, not even an end or a reset, and all of it when it is removed', async (t) => {
  const { proxy, open } = await openLine(t);
  const [{ client, server }, other] = [await open(), await open()];
  const hole = dose('up', { kind: 'timeout' });
  proxy.add(hole);
  client.socket.end('last words');
  other.client.socket.resetAndDestroy();
  server.socket.write('still heard');
  await client.hears('still heard');
  assert.deepEqual([server.bytes, server.isEnded, other.server.isClosed], ['', false, false]);
  proxy.remove(hole);
  await server.hears('last words');
  await eventually('the end', () => assert.ok(server.isEnded));
  await other.server.closes();
  assert.ok(other.server.hasError, 'reset, not closed');
});

test('a black hole swallows new connections as well', async (t) => {
  const { proxy, open } = await openLine(t);
  const hole = [dose('up', { kind: 'timeout' }), dose('down', { kind: 'timeout' })];
  proxy.add(...hole);
  const { client, server } = await open();
  client.socket.write('hello');
  server.socket.write('welcome');
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.deepEqual([client.bytes, server.bytes], ['', '']);
  proxy.remove(...hole);
  await client.hears('welcome');
  await server.hears('hello');
});

test('timeout closes after its time', async (t) => {
  const { proxy, open } = await openLine(t);
  const { client, server } = await open();
  proxy.add(dose('down', { kind: 'timeout', closeAfterMs: 30 }));
  server.socket.write('never heard');
  await client.closes();
  await server.closes();
  assert.equal(client.bytes, '');
});

test('limit_data cuts after so many bytes; with 0 the answer is lost and the question is not', async (t) => {
  const { proxy, open } = await openLine(t);
  const { client, server } = await open();
  server.socket.write('before');
  await client.hears('before');
  const limit = dose('down', { kind: 'limit_data', bytes: 4 });
  proxy.add(limit);
  server.socket.write('abcdef');
  await client.hears('beforeabcd');
  await client.closes();
  proxy.remove(limit);

  proxy.add(dose('down', { kind: 'limit_data', bytes: 0 }));
  const next = await open();
  next.client.socket.write('append this');
  await next.server.hears('append this');
  next.server.socket.write('done');
  await next.client.closes();
  assert.equal(next.client.bytes, '');
});

test('reset_peer resets both ends', async (t) => {
  const { proxy, open } = await openLine(t);
  const { client, server } = await open();
  proxy.add(dose('up', { kind: 'reset_peer', afterMs: 10 }));
  await client.closes();
  await server.closes();
  assert.deepEqual([client.hasError, server.hasError], [true, true]);
});

test('slow_close tells the end later', async (t) => {
  const { proxy, open } = await openLine(t);
  const { client, server } = await open();
  proxy.add(dose('up', { kind: 'slow_close', ms: 60 }));
  const endedAt = performance.now();
  client.socket.end('bye');
  await server.hears('bye');
  assert.ok(!server.isEnded);
  await eventually('the end', () => assert.ok(server.isEnded));
  assert.ok(performance.now() - endedAt >= 58);
});

test('half_open resets one side and leaves the other in its belief until it is removed', async (t) => {
  const said: string[] = [];
  const tap = (): Tap => ({
    up: (chunk) => said.push(String(chunk)),
    down: () => undefined,
    closed: () => said.push('closed'),
  });
  const { proxy, open } = await openLine(t, tap);
  const { client, server } = await open();
  const half = dose('up', { kind: 'half_open' });
  proxy.add(half);
  await server.closes();
  client.socket.write('anybody there?');
  await eventually('the tap heard it', () => assert.deepEqual(said, ['closed', 'anybody there?']));
  assert.ok(!client.isClosed);
  proxy.remove(half);
  await client.closes();
  await eventually('no connection', () => assert.equal(proxy.connectionCount, 0));
  assert.equal(said.length, 2, 'told once');
});

test('down resets and refuses; up is there again on the same port', async (t) => {
  const { proxy, open } = await openLine(t);
  const { client } = await open();
  const { port } = proxy;
  await proxy.down();
  await client.closes();
  const refused = new Heard(connect({ host, port }));
  await refused.closes();
  assert.ok(refused.hasError);
  await proxy.up();
  assert.equal(proxy.port, port);
  const { client: again, server } = await open();
  again.socket.write('back');
  await server.hears('back');
});

test('a server that is away is told as a reset', async (t) => {
  const proxy = new TcpProxy({ name: 'nobody', port: 0, server: { host, port: 1 } });
  await proxy.up();
  t.after(() => proxy.down());
  const client = new Heard(connect({ host, port: proxy.port }));
  await client.closes();
  assert.ok(client.hasError);
});

test('who writes faster than the far side reads is held back', async (t) => {
  const { open } = await openLine(t);
  const { client, server } = await open();
  server.socket.pause();
  const chunk = 'y'.repeat(1_048_576);
  for (let sent = 0; sent < 64; sent += 1) client.socket.write(chunk);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stuckBytes = client.socket.writableLength;
  assert.ok(stuckBytes > 32 * chunk.length, `${stuckBytes} bytes wait at the client`);
  server.socket.resume();
  await eventually('all arrives', () => assert.equal(server.bytes.length, 64 * chunk.length));
});
