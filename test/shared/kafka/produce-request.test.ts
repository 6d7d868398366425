// The requests that we write must be, byte for byte, what kafkajs writes.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { before, mock, test } from 'node:test';

const require = createRequire(import.meta.url);

interface Encoder {
  readonly buffer: Buffer;
}

interface Request {
  readonly apiVersion: number;
  readonly encode: () => Promise<Encoder>;
}

type Produce = (options: object) => Request;
type CreateRequest = (options: object) => Promise<Encoder>;

const producePath = 'kafkajs/src/protocol/requests/produce/v3/request.js';
const requestPath = 'kafkajs/src/protocol/request.js';

// Taken before anything mends them.
const originalProduce = require(producePath) as Produce;
const originalRequest = require(requestPath) as CreateRequest;
const { kafkajs } = await import('#shared/kafka/kafkajs-patched.ts');
const mendedProduce = require(producePath) as Produce;
const mendedRequest = require(requestPath) as CreateRequest;
const produceV7 = require('kafkajs/src/protocol/requests/produce/v7/request.js') as Produce;

before(() => mock.timers.enable({ apis: ['Date'], now: 1_795_573_936_595 }));

const report = { topic: 't', partition: 1, key: Buffer.from('v'), value: Buffer.alloc(300, 1) };

function optionsOf(messages: readonly object[], more: object = {}): object {
  const topicData = [
    { topic: 'vehicle.telemetry.v1', partitions: [{ partition: 3, messages }] },
    {
      topic: 'vehicle.lifecycle.v1',
      partitions: [
        { partition: 0, messages: [report] },
        { partition: 11, messages: [report, report] },
      ],
    },
  ];
  return { acks: -1, timeout: 13_500, compression: 0, topicData, ...more };
}

test('writes the body of a Produce request as kafkajs writes it', async () => {
  const options = optionsOf([report, report]);
  const theirs = await originalProduce(options).encode();
  const ours = await mendedProduce(options).encode();
  assert.notEqual(mendedProduce, originalProduce);
  assert.ok(ours.buffer.equals(theirs.buffer));
});

test('writes it in the version that brokers are asked in too', async () => {
  const options = optionsOf([report]);
  const request = produceV7(options);
  assert.equal(request.apiVersion, 7);
  const theirs = await originalProduce(options).encode();
  assert.ok((await request.encode()).buffer.equals(theirs.buffer));
});

test('leaves to kafkajs what it does not know', async () => {
  const strange: readonly object[] = [
    { key: null, value: Buffer.from('a tombstone’s opposite') },
    { key: Buffer.from('a tombstone'), value: null },
    { key: 'text', value: 'text' },
    { ...report, headers: { traceparent: '00-1-2-01' } },
    { ...report, timestamp: '1795573936000' },
  ];
  for (const message of strange) {
    const theirs = await originalProduce(optionsOf([message])).encode();
    const ours = await mendedProduce(optionsOf([message])).encode();
    assert.ok(ours.buffer.equals(theirs.buffer));
  }
});

test('leaves gzip, transactions and numbered producers to kafkajs', async () => {
  const { GZIP } = kafkajs.CompressionTypes;
  for (const more of [{ compression: GZIP }, { transactionalId: 'x' }, { producerId: 7n }]) {
    const theirs = await originalProduce(optionsOf([report], more)).encode();
    const ours = await mendedProduce(optionsOf([report], more)).encode();
    assert.ok(ours.buffer.equals(theirs.buffer));
  }
});

test('puts the header before a body as kafkajs does', async () => {
  for (const clientId of ['fleetwire', null]) {
    const request = originalProduce(optionsOf([report]));
    const options = { correlationId: 70_000, clientId, request: { ...request, apiVersion: 7 } };
    const theirs = await originalRequest(options);
    assert.ok((await mendedRequest(options)).buffer.equals(theirs.buffer));
  }
});
