// Any bytes on any topic end as records, and every byte is in one of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { kafkaTopics } from '#shared/topics.ts';
import {
  commandFrame,
  everyItem,
  reportFrame,
  vehicle,
} from '#test/shared/telemetry/sample-frames.ts';
import { decodeRecord, messageOf, testIngest, upTopic } from './ingest-bed.ts';

const ingest = await testIngest({ answerReports: true, answerRefusals: true });
const runs = { seed: 20260615, numRuns: 400 };

const goodFrames: readonly Buffer[] = [
  reportFrame([vehicle]),
  reportFrame(everyItem),
  reportFrame([vehicle], { command: 0x03, vin: 'X' }),
  commandFrame({ command: 0x07, body: { kind: 'heartbeat' } }),
  commandFrame({ command: 0x08, body: { kind: 'timeSync', trailing: Buffer.of(1) } }),
  commandFrame({ command: 0xc0, body: { kind: 'opaque', bytes: Buffer.of(0x23, 0x23) } }),
];

/** A good frame with some bytes overwritten: most no longer hold, some do. */
const bentFrame = fc
  .tuple(
    fc.constantFrom(...goodFrames),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
  )
  .map(([frame, changes]) => {
    const bent = Buffer.from(frame);
    for (const [at, byte] of changes) bent[at % bent.length] = byte;
    return bent;
  });

const junk = fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes));

const payloads = fc
  .array(fc.oneof(fc.constantFrom(...goodFrames), bentFrame, junk), { maxLength: 6 })
  .map((parts) => Buffer.concat(parts));

const level = fc.oneof(fc.constantFrom('v1', 'up', '', '+', '#', '$SYS', 'gb32960'), fc.string());
const anyString = fc.string({ unit: 'binary', maxLength: 300 });
const loneSurrogates = fc
  .array(fc.nat(0xffff), { maxLength: 40 })
  .map((units) => `v1/up/${String.fromCharCode(...units)}/gb32960`);
const topics = fc.oneof(
  fc.constant(upTopic),
  fc.constant(`v1/up/${'9'.repeat(70_000)}/gb32960`),
  fc.array(level, { maxLength: 6 }).map((levels) => levels.join('/')),
  anyString,
  loneSurrogates,
);

test('throws for no bytes and no topic, and accounts for every frame', () => {
  fc.assert(
    fc.property(payloads, topics, (payload, topic) => {
      const result = ingest(messageOf(payload, topic));
      const refused = result.records.filter((each) => each.kafkaTopic === kafkaTopics.quarantine);
      assert.equal(result.records.length, result.frameCount);
      assert.equal(refused.length, result.quarantinedCount);
      assert.equal(result.quarantineReasons.length, result.quarantinedCount);
      assert.ok(result.frameCount >= 1);
    }),
    runs,
  );
});

test('has every byte of a payload in a record: refused ones as they came, others by frame', () => {
  fc.assert(
    fc.property(payloads, (payload) => {
      const records = ingest(messageOf(payload)).records.map(decodeRecord);
      const outcomes = decodeMessage(payload);
      assert.equal(records.length, outcomes.length);
      assert.deepEqual(Buffer.concat(outcomes.map(({ bytes }) => bytes)), payload);
      records.forEach((record, at) => {
        const bytes = Buffer.from(outcomes[at]!.bytes);
        if (record.schema === 'quarantine.v1') assert.deepEqual(record.value.payload, bytes);
        else assert.notEqual(outcomes[at]!.kind, 'reject');
      });
    }),
    runs,
  );
});

test('keeps the whole payload of any topic that is not ours', () => {
  const elsewhere = topics.filter((topic) => !/^v1\/up\/[^/]+\/gb32960$/.test(topic));
  fc.assert(
    fc.property(payloads, elsewhere, (payload, topic) => {
      const [record, ...more] = ingest(messageOf(payload, topic)).records.map(decodeRecord);
      assert.ok(record?.schema === 'quarantine.v1' && more.length === 0);
      assert.deepEqual(record.value.payload, payload);
      assert.match(record.value.reason, /^(topic|codec)_unknown$/);
    }),
    runs,
  );
});

test('comes to the same records for the same message', () => {
  fc.assert(
    fc.property(payloads, topics, (payload, topic) => {
      const message = messageOf(payload, topic);
      assert.deepEqual(ingest(message), ingest(message));
    }),
    { ...runs, numRuns: 100 },
  );
});
