// The quarantine record of a message that could not be stored as it was.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createRefuse } from '#services/bridge/refusal.ts';
import { createEncoders, headerBytes, type SchemaIds } from '#shared/avro/encoder.ts';
import { ownSchemas } from '#shared/avro/schemas.ts';
import { defaultRoutes, kafkaTopics, topicSpecs } from '#shared/topics.ts';

const ids = Object.fromEntries(topicSpecs.map(({ topic }, i) => [topic, i + 1])) as SchemaIds;
const refuse = await createRefuse({ routes: defaultRoutes, encoders: createEncoders(ids) });

function refused(mqttTopic: string, payload: Buffer, keptBytesMax = payload.length) {
  const origin = { bridge: 'b', epoch: 1, sequence: 7 };
  const input = { mqttTopic, payload, receivedAt: 1_764_000_000_000, origin };
  const detail = 'MESSAGE_TOO_LARGE: as the test wants';
  const record = refuse(input, { detail, keptBytesMax });
  const value = ownSchemas['quarantine.v1'].type.fromBuffer(record.value.subarray(headerBytes));
  return { record, value };
}

test('keeps all bytes of the message, where it came from and what Kafka said', () => {
  const payload = Buffer.from('##whatever');
  const { record, value } = refused('v1/up/LFWTEST0000000001/gb32960', payload);
  assert.equal(record.kafkaTopic, kafkaTopics.quarantine);
  assert.equal(record.key.toString(), 'LFWTEST0000000001');
  assert.equal(value.reason, 'record_refused');
  assert.equal(value.detail, 'MESSAGE_TOO_LARGE: as the test wants');
  assert.deepEqual(Buffer.from(value.payload), payload);
  assert.equal(value.source.mqttTopic, 'v1/up/LFWTEST0000000001/gb32960');
  assert.equal(value.quarantineId, 'b/1/7');
});

test('keeps as much of the payload as it is told, and says how much there was', () => {
  const payload = Buffer.from('##whatever');
  const { value } = refused('v1/up/LFWTEST0000000001/gb32960', payload, 4);
  assert.equal(Buffer.from(value.payload).toString(), '##wh');
  assert.equal(value.payloadLength, payload.length);
  const sha256 = createHash('sha256').update(payload).digest();
  assert.deepEqual(Buffer.from(value.payloadSha256 ?? []), sha256);
  const whole = refused('v1/up/LFWTEST0000000001/gb32960', payload);
  assert.equal(whole.value.payloadSha256, null);
});

test('has a record for a topic that no route serves', () => {
  const { record, value } = refused('somewhere/else', Buffer.alloc(0));
  assert.equal(record.key.length, 0);
  assert.equal(value.reason, 'record_refused');
});
