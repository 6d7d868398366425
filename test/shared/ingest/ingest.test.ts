// From payload to records and answers: what becomes of what.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { createFrameHash, framePrefix } from '#shared/ingest/frame-id.ts';
import { downTopic, kafkaTopics } from '#shared/topics.ts';
import {
  commandFrame,
  eventAt,
  everyItem,
  receivedAt,
  reportFrame,
  telemetryIn,
  vehicle,
  vehicleId,
} from '#test/shared/telemetry/sample-frames.ts';
import {
  decodeRecord,
  messageOf,
  quarantinedIn,
  testEncoders,
  testIngest,
  upTopic,
} from './ingest-bed.ts';

const ingest = await testIngest();
const hashFrame = await createFrameHash();
const time = deviceTimeOf(eventAt);

const report = reportFrame([vehicle]);
const reissue = reportFrame([vehicle], { command: 0x03 });
const foreign = reportFrame([vehicle], { vin: 'LTESTVN0000000099' });
const heartbeat = commandFrame({ command: 0x07, body: { kind: 'heartbeat' } });
const timeSync = commandFrame({ command: 0x08, body: { kind: 'timeSync' } });
const logout = commandFrame({ command: 0x04, body: { kind: 'logout', time, seq: 7 } });
const login = commandFrame({
  command: 0x01,
  body: {
    kind: 'login',
    time,
    loginSeq: 7,
    iccid: '89860000000000000001',
    ressCount: 0,
    ressCodeLength: 0,
    ressCodes: [],
  },
});

function corrupted(frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  copy[copy.length - 1] = (copy.at(-1) as number) ^ 0xff;
  return copy;
}

test('puts each frame where its readers look for it', () => {
  for (const [frame, topic] of [
    [report, kafkaTopics.telemetry],
    [reissue, kafkaTopics.backfill],
    [login, kafkaTopics.lifecycle],
    [logout, kafkaTopics.lifecycle],
    [timeSync, kafkaTopics.lifecycle],
    [heartbeat, kafkaTopics.heartbeat],
    [foreign, kafkaTopics.quarantine],
    [corrupted(report), kafkaTopics.quarantine],
  ] as const) {
    const { records, frameCount } = ingest(messageOf(frame));
    assert.deepEqual([frameCount, records.length, records[0]?.kafkaTopic], [1, 1, topic]);
    assert.equal(records[0]?.key.toString('utf8'), vehicleId);
  }
});

test('keeps an answer of the vehicle and an unknown command in lifecycle', () => {
  const body = { kind: 'opaque', bytes: Uint8Array.of(1) } as const;
  for (const frame of [
    commandFrame({ command: 0x82, response: 0x01, body: { kind: 'answer', time, rest: null } }),
    commandFrame({ command: 0xc0, body }),
    commandFrame({
      command: 0x07,
      response: 0x01,
      body: { kind: 'answer', time: null, rest: null },
    }),
  ]) {
    assert.equal(ingest(messageOf(frame)).records[0]?.kafkaTopic, kafkaTopics.lifecycle);
  }
});

test('writes a Telemetry that a reader gets back field for field', () => {
  const payload = reportFrame(everyItem);
  const record = decodeRecord(ingest(messageOf(payload)).records[0]!);
  const dataUnit = payload.subarray(24, payload.length - 1);
  assert.deepEqual(plain(record.value), {
    ...plain(telemetryIn(payload)),
    frameId: plain(hashFrame(framePrefix(vehicleId, 'gb32960'), dataUnit)),
    origin: { bridge: 'bridge-a', epoch: 3, sequence: 41 },
  });
});

function plain(value: unknown): object {
  return JSON.parse(JSON.stringify(value));
}

test('gives a reissued report the frameId of its original', () => {
  const frameIdOf = (payload: Buffer, topic = upTopic) => {
    const record = decodeRecord(ingest(messageOf(payload, topic)).records[0]!);
    return record.value.frameId?.toString('hex');
  };
  assert.equal(frameIdOf(reissue), frameIdOf(report));
  const sibling = reportFrame([vehicle], { vin: 'LTESTVN0000000002' });
  assert.notEqual(frameIdOf(sibling, 'v1/up/LTESTVN0000000002/gb32960'), frameIdOf(report));
  const later = reportFrame([vehicle], { at: eventAt + 1000 });
  assert.notEqual(frameIdOf(later), frameIdOf(report));
});

test('gives a frame without data unit no frameId', () => {
  for (const frame of [heartbeat, timeSync]) {
    assert.equal(decodeRecord(ingest(messageOf(frame)).records[0]!).value.frameId, null);
  }
});

test('counts sequence numbers on through the frames of a message, refused ones too', () => {
  const payload = Buffer.concat([report, corrupted(report), foreign, heartbeat]);
  const { records, frameCount, quarantinedCount, quarantineReasons } = ingest(messageOf(payload));
  assert.deepEqual([frameCount, quarantinedCount], [4, 2]);
  assert.deepEqual(quarantineReasons, ['frame_checksum', 'identity_mismatch']);
  assert.deepEqual(
    records.map((record) => [record.kafkaTopic, decodeRecord(record).value.origin.sequence]),
    [
      [kafkaTopics.telemetry, 41],
      [kafkaTopics.quarantine, 42],
      [kafkaTopics.quarantine, 43],
      [kafkaTopics.heartbeat, 44],
    ],
  );
});

test('keeps of a refused frame its bytes, its place and the reason', () => {
  const payload = Buffer.concat([heartbeat, corrupted(report)]);
  const [refused] = quarantinedIn(ingest(messageOf(payload)).records);
  assert.equal(refused?.quarantineId, 'bridge-a/3/42');
  assert.equal(refused?.vehicleId, vehicleId);
  assert.equal(refused?.codec, 'gb32960');
  assert.match(refused?.codecVersion ?? '', /^gb32960\/\d+$/);
  assert.equal(refused?.reason, 'frame_checksum');
  assert.equal(refused?.offset, report.length - 1);
  assert.match(refused?.detail ?? '', /wanted.*found/);
  assert.deepEqual(refused?.payload, corrupted(report));
  assert.deepEqual([refused?.payloadLength, refused?.payloadSha256], [report.length, null]);
  assert.equal(refused?.source.mqttTopic, upTopic);
  assert.deepEqual(
    [refused?.attempt, refused?.firstSeenTime, refused?.lastSeenTime],
    [1, receivedAt, receivedAt],
  );
  const expected = hashFrame(framePrefix(vehicleId, 'gb32960'), corrupted(report));
  assert.deepEqual(refused?.frameId, expected);
});

test('refuses a payload beyond the limit unread and keeps it whole up to 1 MiB', async () => {
  const small = await testIngest({ payloadBytesMax: report.length });
  assert.equal(small(messageOf(report)).records[0]?.kafkaTopic, kafkaTopics.telemetry);
  const longer = Buffer.concat([report, Buffer.of(0)]);
  const { frameCount, records, quarantineReasons } = small(messageOf(longer));
  assert.deepEqual([frameCount, quarantineReasons], [1, ['payload_oversize']]);
  const [refused] = quarantinedIn(records);
  assert.deepEqual(refused?.payload, longer);
  assert.equal(refused?.offset, report.length);
  const mebibyte = Buffer.alloc(1024 * 1024, 0x23);
  const [whole] = quarantinedIn(ingest(messageOf(mebibyte)).records);
  assert.deepEqual(whole?.payload, mebibyte);
  assert.equal(whole?.payloadSha256, null);
});

test('keeps the first MiB, the length and the SHA-256 of anything larger', () => {
  const payload = Buffer.alloc(1024 * 1024 + 1, 'fleet');
  const [refused] = quarantinedIn(ingest(messageOf(payload)).records);
  assert.deepEqual(refused?.payload, payload.subarray(0, 1024 * 1024));
  assert.equal(refused?.payloadLength, payload.length);
  assert.deepEqual(refused?.payloadSha256, createHash('sha256').update(payload).digest());
});

test('keeps what comes on a strange topic or in a strange codec', () => {
  const strange = ingest(messageOf(report, 'elsewhere'));
  assert.deepEqual([strange.codec, strange.frameCount], ['unknown', 1]);
  const [refused] = quarantinedIn(strange.records);
  assert.deepEqual(
    [refused?.reason, refused?.vehicleId, refused?.codec, refused?.source.mqttTopic],
    ['topic_unknown', '', '', 'elsewhere'],
  );
  assert.equal(strange.records[0]?.key.length, 0);
  const other = ingest(messageOf(report, `v1/up/${vehicleId}/gb99999`));
  const [kept] = quarantinedIn(other.records);
  assert.deepEqual(
    [other.codec, kept?.reason, kept?.vehicleId],
    [...['unknown', 'codec_unknown', vehicleId]],
  );
  assert.deepEqual(kept?.payload, report);
});

test('quarantines a frame whose record cannot be made, and goes on', async () => {
  const encoders = {
    ...testEncoders(),
    writeTelemetry: () => null,
    encodeTelemetry: () => {
      throw new Error('a value does not fit');
    },
  };
  const broken = await testIngest({ encoders });
  const { records, frameCount, answers } = broken(messageOf(Buffer.concat([report, heartbeat])));
  const [refused] = quarantinedIn(records);
  assert.deepEqual([refused?.reason, refused?.detail], ['record_refused', 'a value does not fit']);
  assert.deepEqual(refused?.payload, report);
  assert.deepEqual([frameCount, records.length, answers.length], [2, 2, 1]);
});

test('quarantines a frame whose record is larger than a topic allows', async () => {
  const encodeTelemetry = () => Buffer.alloc(2 * 1024 * 1024);
  const encoders = { ...testEncoders(), writeTelemetry: () => null, encodeTelemetry };
  const { records } = (await testIngest({ encoders }))(messageOf(report));
  assert.equal(quarantinedIn(records)[0]?.reason, 'record_refused');
});

test('holds nothing of the payload in its records', () => {
  const payload = Buffer.concat([reportFrame(everyItem), corrupted(report), login]);
  const { records, answers } = ingest(messageOf(payload));
  const before = [...records.map(({ value }) => value), ...answers.map((each) => each.payload)];
  const copies = before.map((buffer) => Buffer.from(buffer));
  payload.fill(0);
  assert.deepEqual(before, copies);
});

test('reads a plain Uint8Array in the middle of a larger chunk as well as a Buffer', () => {
  const chunk = new Uint8Array(report.length + 20);
  chunk.set(report, 7);
  const view = chunk.subarray(7, 7 + report.length);
  const [record] = ingest(messageOf(view)).records;
  assert.deepEqual(record?.value, ingest(messageOf(report)).records[0]?.value);
});

test('answers login, logout, heartbeat and time sync, each with success', () => {
  for (const frame of [login, logout, heartbeat, timeSync]) {
    const { answers } = ingest(messageOf(frame));
    assert.equal(answers.length, 1);
    assert.equal(answers[0]?.mqttTopic, downTopic(vehicleId, 'gb32960'));
    const [outcome] = decodeMessage(answers[0]!.payload);
    assert.ok(outcome?.kind === 'answer');
    assert.equal(outcome.frame.response, 0x01);
    assert.equal(outcome.frame.command, frame[2]);
    assert.equal(outcome.frame.vin, vehicleId);
  }
});

test('tells a vehicle that asks the time of receipt, in Beijing', () => {
  const [answer] = ingest(messageOf(timeSync)).answers;
  assert.equal(answer?.payload.subarray(24, 30).toString('hex'), '1a060f0c0000');
});

test('answers platform login and logout to the topic they came from', () => {
  const vin = 'PLATFORM7';
  const logoutOfPlatform = { kind: 'platformLogout', time, seq: 3 } as const;
  const frame = commandFrame({ command: 0x06, vin, body: logoutOfPlatform });
  const { answers, records } = ingest(messageOf(frame));
  assert.equal(records[0]?.kafkaTopic, kafkaTopics.lifecycle);
  assert.equal(answers[0]?.mqttTopic, downTopic(vehicleId, 'gb32960'));
  assert.equal(answers[0]?.payload.subarray(4, 13).toString('latin1'), vin);
});

test('answers reports only where that is wanted', async () => {
  assert.deepEqual(ingest(messageOf(report)).answers, []);
  const answering = await testIngest({ answerReports: true });
  for (const frame of [report, reissue, reportFrame([vehicle], { remainder: Buffer.of(0x0a) })]) {
    assert.equal(answering(messageOf(frame)).answers[0]?.payload[3], 0x01);
  }
});

test('answers refused frames only where that is wanted, and says error', async () => {
  const short = commandFrame({ command: 0x01, body: { kind: 'opaque', bytes: time.raw } });
  for (const frame of [foreign, short]) assert.deepEqual(ingest(messageOf(frame)).answers, []);
  const refusing = await testIngest({ answerRefusals: true });
  for (const frame of [foreign, short]) {
    assert.equal(refusing(messageOf(frame)).answers[0]?.payload[3], 0x02);
  }
  for (const silent of [corrupted(report), Buffer.from('junk'), Buffer.alloc(0)]) {
    assert.deepEqual(refusing(messageOf(silent)).answers, []);
  }
});

test('never answers an answer', async () => {
  const body = { kind: 'answer', time, rest: null } as const;
  const answer = commandFrame({ command: 0x01, response: 0x01, body });
  const strange = commandFrame({ command: 0x01, response: 0x01, vin: 'X', body });
  const eager = await testIngest({ answerReports: true, answerRefusals: true });
  for (const frame of [answer, strange]) assert.deepEqual(eager(messageOf(frame)).answers, []);
});
