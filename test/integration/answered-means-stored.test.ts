// Guarantee: answered means stored. A vehicle gets the answer to its login, logout, heartbeat or
// time sync only after Kafka has the record, with exactly the bytes that GB/T 32960.3-2016 asks
// for.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { type BodyInput, buildFrame } from '#shared/frame/gb32960/encode-frame.ts';
import { openPublisher } from '#shared/mqtt/publisher.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openGround } from './ground.ts';
import { freezeKafka, stackWithOwn, thawKafka } from './own-parts.ts';

const stack = await stackWithOwn('kafka');
const ground = await openGround(stack);

const vin = 'FWREV1A0XT1000001';
const time = deviceTimeOf(Date.now());
const timeHex = Buffer.from(time.raw).toString('hex');

interface Question {
  readonly command: number;
  readonly body: BodyInput;
  /** Hex digits of the answer's data unit; null: the time of the bridge. */
  readonly answerUnit: string | null;
  readonly kafkaTopic: string;
}

const login = {
  iccid: '89860412345678901234',
  ressCount: 1,
  ressCodeLength: 4,
  ressCodes: ['P001'],
};
const { lifecycle, heartbeat } = kafkaTopics;
const questions: readonly Question[] = [
  {
    command: 0x01,
    body: { kind: 'login', time, loginSeq: 7, ...login },
    answerUnit: timeHex,
    kafkaTopic: lifecycle,
  },
  { command: 0x07, body: { kind: 'heartbeat' }, answerUnit: '', kafkaTopic: heartbeat },
  { command: 0x08, body: { kind: 'timeSync' }, answerUnit: null, kafkaTopic: lifecycle },
  {
    command: 0x04,
    body: { kind: 'logout', time, seq: 7 },
    answerUnit: timeHex,
    kafkaTopic: lifecycle,
  },
];

interface Heard {
  readonly topic: string;
  readonly bytes: Buffer;
  readonly at: number;
}

/** A vehicle that listens to its answers. */
async function connectVehicle(t: TestContext) {
  const heard: Heard[] = [];
  const vehicle = await openPublisher({
    link: { ...linkSettingsOf(ground.config), clientId: vin },
    onMessage: (topic, bytes) => heard.push({ topic, bytes, at: Date.now() }),
  });
  t.after(() => vehicle.close());
  await vehicle.subscribe(`v1/dn/${vin}/gb32960`);
  const ask = ({ command, body }: Question) =>
    vehicle.publish(`v1/up/${vin}/gb32960`, buildFrame({ command, vin, body }));
  return { heard, ask };
}

/** By hand from clause 6.3.2 and table 2, so that no encoder of ours vouches for another. */
function answerOf({ command }: Question, unitHex: string): string {
  const unit = Buffer.from(unitHex, 'hex');
  const head = Buffer.concat([
    Buffer.of(0x23, 0x23, command, 0x01),
    Buffer.from(vin, 'latin1'),
    Buffer.of(0x01, unit.length >> 8, unit.length & 0xff),
  ]);
  const frame = Buffer.concat([head, unit]);
  const check = frame.subarray(2).reduce((xor, byte) => xor ^ byte, 0);
  return Buffer.concat([frame, Buffer.of(check)]).toString('hex');
}

function answerTo(heard: readonly Heard[], { command }: Pick<Question, 'command'>): Heard {
  const answer = heard.find(({ bytes }) => bytes[2] === command);
  assert.ok(answer, `command ${command} has no answer`);
  return answer;
}

const beijingMs = 8 * 60 * 60 * 1000;

/** Epoch ms of the six bytes, read as Beijing time. */
function readBeijing(unit: Buffer): number {
  const [year = 0, month = 0, day, hour, minute, second] = unit;
  return Date.UTC(2000 + year, month - 1, day, hour, minute, second) - beijingMs;
}

test('no answer comes while Kafka is frozen; all come when it has the records, each with the right bytes', async (t) => {
  const bridge = await startBridge(t, ground.addresses, { BRIDGE_NAME: 'answers' });
  const { heard, ask } = await connectVehicle(t);
  await bridge.whenReady();
  const mark = await ground.mark();
  freezeKafka(stack);
  t.after(() => thawKafka(stack));

  const askedAt = Date.now();
  for (const question of questions) assert.equal(await ask(question), 0);
  await eventually('all questions are with Kafka', async () => {
    const metrics = await bridge.metrics();
    const { received, inFlight } = metrics.ledger;
    assert.deepEqual({ received, inFlight }, { received: 4, inFlight: 4 });
    assert.ok(metrics.sum('kafka_in_flight_bytes') > 0);
    assert.equal(metrics.sum('answers_sent_total'), 0);
  });
  assert.deepEqual(heard, []);
  thawKafka(stack);

  await eventually('four answers', () => assert.equal(heard.length, questions.length));
  for (const question of questions) {
    const answer = answerTo(heard, question);
    const unit = answer.bytes.subarray(24, -1);
    const unitHex = question.answerUnit ?? unit.toString('hex');
    assert.equal(answer.bytes.toString('hex'), answerOf(question, unitHex));
    assert.equal(answer.topic, `v1/dn/${vin}/gb32960`);
  }
  const sync = answerTo(heard, { command: 0x08 });
  const told = readBeijing(sync.bytes.subarray(24, -1));
  assert.ok(
    told >= askedAt - 1000 && told <= sync.at,
    `Beijing time of the question, found ${told}`,
  );

  const stored = await ground.storedSince(mark);
  assert.equal(stored.length, questions.length);
  for (const { command, kafkaTopic } of questions) {
    const { record } =
      stored.find(
        ({ decoded }) => 'command' in decoded.value && decoded.value.command === command,
      ) ?? {};
    assert.equal(record?.topic, kafkaTopic);
    const answer = answerTo(heard, { command });
    assert.ok(record.timestamp <= answer.at, `answered at ${answer.at}, stored later`);
  }
  await bridge.stop();
});

test('reports and refused frames are not answered', async (t) => {
  const bridge = await startBridge(t, ground.addresses, { BRIDGE_NAME: 'silent' });
  const { heard, ask } = await connectVehicle(t);
  await bridge.whenReady();
  const report: BodyInput = { kind: 'report', time, items: [] };
  await ask({ command: 0x02, body: report, answerUnit: '', kafkaTopic: kafkaTopics.telemetry });
  await ask({
    command: 0x01,
    body: { kind: 'opaque', bytes: Buffer.of(1) },
    answerUnit: '',
    kafkaTopic: '',
  });
  // Behind them, so that its answer tells that theirs would have come by now.
  await ask(questions[1] as Question);
  await eventually('the heartbeat is answered', () => assert.equal(heard.length, 1));
  await bridge.stop();
  assert.deepEqual(
    heard.map(({ bytes }) => bytes[2]),
    [0x07],
  );
});
