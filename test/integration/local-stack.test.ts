// The local stack itself: real parts that answer, side by side, and nothing left behind.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { MissingPartError } from '#deploy/local/missing.ts';
import { kafkaAnswers, kafkaView, mqttAnswers, redisAnswers } from '#deploy/local/probes.ts';
import { type Stack, type StackOptions, startStack } from '#deploy/local/stack.ts';
import { allGone, familyOf, isRunning } from '#test/deploy/local/processes.ts';

type Addresses = Pick<Stack, 'kafkaBrokers' | 'mqttUrl' | 'registryUrl' | 'redisUrl' | 'dir'>;

function portsOf(kafkaBrokers: string): readonly number[] {
  return kafkaBrokers.split(',').map((broker) => Number(broker.split(':')[1]));
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

async function subjectsOf(registryUrl: string): Promise<unknown> {
  return (await fetch(`${registryUrl}/subjects`)).json();
}

async function register(registryUrl: string): Promise<void> {
  const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' };
  const body = JSON.stringify({ schema: '{"type":"string"}' });
  const request = { method: 'POST', headers, body };
  const answer = await fetch(`${registryUrl}/subjects/kept-value/versions`, request);
  assert.equal(answer.status, 200);
}

/** What Redis answers to the commands, one a line. */
function redisSays(redisUrl: string, ...commands: readonly string[]): Promise<string> {
  const socket = createConnection({ host: '127.0.0.1', port: portOf(redisUrl) });
  socket.write([...commands, 'QUIT', ''].join('\r\n'));
  return text(socket);
}

async function assertAllAnswer(addresses: Addresses): Promise<void> {
  const { kafkaBrokers, mqttUrl, registryUrl, redisUrl } = addresses;
  const ports = portsOf(kafkaBrokers);
  for (const port of ports) await kafkaAnswers(port, ports.length);
  await mqttAnswers(portOf(mqttUrl));
  await redisAnswers(portOf(redisUrl));
  assert.ok(Array.isArray(await subjectsOf(registryUrl)));
}

/** A stack that ends with its test, also when that fails half way. */
async function startHere(t: TestContext, options: StackOptions): Promise<Stack> {
  const stack = await startStack(options);
  t.after(() => stack.stop());
  return stack;
}

/** A stack in a process of its own, with the pids of all that belong to it. */
async function startElsewhere(t: TestContext) {
  const program = join(import.meta.dirname, 'start-stack.ts');
  const starter = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => starter.kill('SIGKILL'));
  const lines = createInterface({ input: starter.stdout })[Symbol.asyncIterator]();
  const { value } = await lines.next();
  const addresses = JSON.parse(value ?? '{}') as Addresses;
  return { starter, addresses, family: familyOf(starter.pid as number) };
}

test('two stacks run side by side, and each leaves nothing when its starter ends', async (t) => {
  const [killed, stopped] = await Promise.all([startElsewhere(t), startElsewhere(t)]);
  await Promise.all([assertAllAnswer(killed.addresses), assertAllAnswer(stopped.addresses)]);
  assert.notEqual(killed.addresses.kafkaBrokers, stopped.addresses.kafkaBrokers);
  assert.equal(killed.family.length, 9, 'the starter, four parts and their guards');

  killed.starter.kill('SIGKILL');
  await allGone(killed.family);
  await assertAllAnswer(stopped.addresses);

  stopped.starter.kill('SIGTERM');
  await allGone(stopped.family);
  const kept = readdirSync(stopped.addresses.dir);
  assert.ok(kept.includes('kafka-1.log') && kept.includes('mqtt.log'), 'logs stay');
  const data = ['kafka-1', 'redis'].filter((part) => kept.includes(part));
  assert.deepEqual(data, [], 'data goes');
});

test('Kafka and the registry go and come back on the same ports, with their data', async (t) => {
  const lines: string[] = [];
  const stack = await startHere(t, {
    parts: ['kafka', 'registry'],
    say: (line) => lines.push(line),
  });
  const [port = 0] = portsOf(stack.kafkaBrokers);
  await register(stack.registryUrl);

  await Promise.all([stack.kafka.stop(), stack.registry.stop()]);
  await assert.rejects(kafkaView(port), /ECONNREFUSED/);
  await assert.rejects(subjectsOf(stack.registryUrl));
  await Promise.all([stack.kafka.start(), stack.registry.start()]);
  await kafkaAnswers(port, 1);
  assert.deepEqual(await subjectsOf(stack.registryUrl), ['kept-value']);
  assert.throws(() => stack.mqttUrl, /started without mqtt/);

  const pids = [...stack.kafka.nodes, ...stack.registry.nodes].map(({ pid }) => pid);
  await Promise.all([stack.stop(), stack.stop()]);
  await stack.stop();
  assert.deepEqual(pids.filter(isRunning), []);
  assert.ok(!lines.some((line) => line.includes('died')), 'an end that was asked for is no news');
});

test('Redis keeps over a stop what it would lose in a kill, and never evicts', async (t) => {
  const stack = await startHere(t, { parts: ['redis'] });
  const { redisUrl, redis } = stack;
  assert.match(await redisSays(redisUrl, 'CONFIG GET maxmemory-policy'), /noeviction/);
  await redisSays(redisUrl, 'SET early 1');
  await redis.stop();
  await assert.rejects(redisAnswers(portOf(redisUrl)), /ECONNREFUSED/);
  await redis.start();
  assert.match(await redisSays(redisUrl, 'EXISTS early', 'SET late 1'), /^:1/);
  await redis.kill();
  await redis.start();
  assert.match(await redisSays(redisUrl, 'EXISTS early', 'EXISTS late'), /^:1\r\n:0/);
  const pids = redis.nodes.map(({ pid }) => pid);
  await stack.stop();
  assert.deepEqual(pids.filter(isRunning), []);
});

test('Redis listens on loopback only', async (t) => {
  const { redisUrl } = await startHere(t, { parts: ['redis'] });
  const listening = readFileSync('/proc/net/tcp', 'utf8') + readFileSync('/proc/net/tcp6', 'utf8');
  const port = portOf(redisUrl).toString(16).toUpperCase().padStart(4, '0');
  // Local and remote address, state: 0A is LISTEN.
  const found = listening.matchAll(new RegExp(`(\\w+):${port} \\w+:0000 0A`, 'g'));
  assert.deepEqual(
    [...found].map(([, host]) => host),
    ['0100007F'],
    '127.0.0.1',
  );
});

test('a part that dies by itself is named with its log, and can be started again', async (t) => {
  let heard: (line: string) => void = () => undefined;
  const news = new Promise<string>((resolve) => {
    heard = (line) => line.includes('died') && resolve(line);
  });
  const stack = await startHere(t, { parts: ['mqtt'], say: (line) => heard(line) });
  const [broker] = stack.mqtt.nodes;
  process.kill(broker?.pid as number, 'SIGKILL');
  assert.match(await news, /^Artemis died by itself \(SIGKILL\); its log: .*mqtt\.log$/);
  await stack.mqtt.start();
  await mqttAnswers(portOf(stack.mqttUrl));
});

test('three brokers make one cluster that outlives the kill of one', async (t) => {
  const stack = await startHere(t, { parts: ['kafka'], brokers: 3 });
  const ports = portsOf(stack.kafkaBrokers);
  for (const port of ports) await kafkaAnswers(port, 3);
  assert.deepEqual(
    stack.kafka.nodes.map(({ id }) => id),
    [1, 2, 3],
  );
  await stack.kafka.nodes[0]?.kill();
  assert.ok((await kafkaView(ports[1] as number)).brokerIds.includes(3));
  await stack.kafka.nodes[0]?.start();
});

test('a folder that was asked for keeps its data, and a later stack goes on with it', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'fleetwire-stack-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  for (const life of [1, 2]) {
    const stack = await startHere(t, { parts: ['kafka', 'registry'], dir });
    const known = (await subjectsOf(stack.registryUrl)) as string[];
    assert.equal(known.length, life - 1);
    await register(stack.registryUrl);
    await stack.stop();
    assert.ok(existsSync(join(dir, 'kafka-1')));
  }
});

test('parts that run elsewhere are neither started nor stopped', async () => {
  const external = {
    mqttUrl: 'mqtt://a:1',
    kafkaBrokers: 'b:2',
    registryUrl: 'http://c:3',
    redisUrl: 'redis://d:4',
  };
  const stack = await startStack({ external });
  assert.equal(stack.mqttUrl, external.mqttUrl);
  assert.equal(stack.kafkaBrokers, external.kafkaBrokers);
  assert.equal(stack.registryUrl, external.registryUrl);
  assert.equal(stack.redisUrl, external.redisUrl);
  await assert.rejects(stack.kafka.stop(), /did not start kafka and leaves it alone/);
  await stack.stop();
});

test('what the machine lacks is thrown as one line, and nothing is left', async () => {
  const { JAVA_HOME } = process.env;
  process.env['JAVA_HOME'] = '/nowhere';
  const before = familyOf(process.pid);
  await assert.rejects(startStack(), (error) => {
    assert.ok(error instanceof MissingPartError);
    assert.match(
      error.message,
      /^Wanted Java 17 or newer; found .*\. This brings it: unset JAVA_HOME$/,
    );
    return true;
  });
  assert.deepEqual(familyOf(process.pid), before);
  if (JAVA_HOME === undefined) delete process.env['JAVA_HOME'];
  else process.env['JAVA_HOME'] = JAVA_HOME;
});

test('npm run stack says in one line what the machine lacks, and exits with 1', () => {
  const program = join(import.meta.dirname, '../../deploy/local/main.ts');
  const env = { ...process.env, JAVA_HOME: '/nowhere' };
  const { status, stderr } = spawnSync(process.execPath, [program], { env, encoding: 'utf8' });
  assert.equal(status, 1);
  assert.match(stderr, /^Wanted Java [^\n]*\n$/);
});
