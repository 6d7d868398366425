// What we mend in kafkajs, each held against what the original does.

import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mock, test } from 'node:test';
import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { kafkajs } from '#shared/kafka/kafkajs-patched.ts';

const require = createRequire(import.meta.url);

test('is the version whose internals were read', () => {
  assert.equal((require('kafkajs/package.json') as { version: string }).version, '2.2.4');
  assert.equal(typeof kafkajs.Kafka, 'function');
});

type GroupMessages = (grouping: object) => Record<number, unknown[]>;

const groupingPath = 'kafkajs/src/producer/groupMessagesPerPartition.js';
const partitionMetadata = [{ partitionId: 0 }];

function originalGrouping(): GroupMessages {
  const source = readFileSync(require.resolve(groupingPath), 'utf8');
  const module = { exports: undefined as unknown };
  runInThisContext(`(function (module) { ${source} })`)(module);
  return module.exports as GroupMessages;
}

test('groups messages as the original does', () => {
  const mended = require(groupingPath) as GroupMessages;
  const original = originalGrouping();
  assert.notEqual(mended, original);
  const message = fc.record({ partition: fc.integer({ min: 0, max: 12 }), value: fc.nat() });
  const partitioner = ({ message }: { message: { partition: number } }) => message.partition;
  fc.assert(
    fc.property(fc.array(message), (messages) => {
      const grouping = { topic: 't', partitionMetadata, messages, partitioner };
      assert.deepEqual(mended(grouping), original(grouping));
    }),
    { seed: 32960 },
  );
});

test('still asks the partitioner for a message without a partition', () => {
  const mended = require(groupingPath) as GroupMessages;
  const messages = [{ partition: 1 }, {}];
  const groups = mended({ topic: 't', partitionMetadata, messages, partitioner: () => 0 });
  assert.deepEqual(Object.keys(groups), ['0']);
});

interface Queue extends EventEmitter {
  push(request: object): void;
  fulfillRequest(answer: object): void;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
}

const RequestQueue = require('kafkajs/src/network/requestQueue/index.js') as new (
  options: object,
) => Queue;

function queueOf(isConnected: () => boolean): Queue {
  const log = () => undefined;
  return new RequestQueue({
    maxInFlightRequests: null,
    requestTimeout: 1_000,
    enforceRequestTimeout: true,
    clientId: 'test',
    broker: 'kafka-0:9092',
    logger: { debug: log, warn: log },
    isConnected,
  });
}

function requestOf(reject: (error: Error) => void): object {
  const entry = { correlationId: 1, apiName: 'Produce', apiKey: 0, apiVersion: 7 };
  return {
    entry: { ...entry, resolve() {}, reject },
    expectResponse: true,
    sendRequest() {},
  };
}

test('sets no timer once every request is answered', () => {
  const queue = queueOf(() => true);
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  try {
    const timers = mock.method(globalThis, 'setTimeout');
    queue.push(requestOf(() => undefined));
    queue.fulfillRequest({ correlationId: 1, payload: Buffer.alloc(0), size: 0 });
    mock.timers.tick(4_000);
    assert.equal(timers.mock.callCount(), 0);
    timers.mock.restore();
  } finally {
    mock.timers.reset();
  }
});

test('ends a request by time also while its connection is being closed', () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  try {
    let isConnected = true;
    const queue = queueOf(() => isConnected);
    const errors: Error[] = [];
    queue.scheduleRequestTimeoutCheck();
    queue.push(requestOf((error) => errors.push(error)));
    mock.timers.tick(500);
    isConnected = false;
    mock.timers.tick(400);
    assert.deepEqual(errors, []);
    mock.timers.tick(400);
    assert.deepEqual(
      errors.map(({ name }) => name),
      ['KafkaJSRequestTimeoutError'],
    );
  } finally {
    mock.timers.reset();
  }
});
