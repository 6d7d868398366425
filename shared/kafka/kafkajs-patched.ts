// kafkajs 2.2.4 with its requests, its Produce answers and the timers of its requests mended. The
// only place that loads it; every line here leans on internals of exactly this version, and its
// tests fail when they change.

import { createRequire } from 'node:module';
import { type BrokerPool, mendBrokerPool } from './kafkajs-broker-pool.ts';
import { encodeProduceBody } from './produce-body.ts';
import type { AnsweredPartition } from './producer-session.ts';
import { type BatchRecord, encodeRecordBatch } from './record-batch.ts';
import { compressZstdInPlace, zstdAttributes } from './zstd.ts';

type Kafkajs = typeof import('kafkajs');

const require = createRequire(import.meta.url);

mendGrouping();
mendProduceRequest();
mendRequest();
mendProduceAnswer();
mendRequestQueue();
mendBrokerPool(require('kafkajs/src/cluster/brokerPool.js') as { prototype: BrokerPool });

// Loaded when these are in place: kafkajs's modules take them when they load.
export const kafkajs: Kafkajs = require('kafkajs');

interface Grouping {
  readonly messages: readonly { readonly partition?: number }[];
}

type GroupMessages = (grouping: Grouping) => Record<number, unknown[]>;

/**
 * The original copies the partition's list for every message: quadratic, and the second largest
 * cost of a batch. With the partition set on every message there is no partitioner to ask.
 */
function mendGrouping(): void {
  mend<GroupMessages>(
    'kafkajs/src/producer/groupMessagesPerPartition.js',
    (original) => (grouping) => {
      const groups: Record<number, unknown[]> = {};
      for (const message of grouping.messages) {
        const { partition } = message;
        if (partition === undefined) return original(grouping);
        const known = groups[partition];
        if (known === undefined) groups[partition] = [message];
        else known.push(message);
      }
      return groups;
    },
  );
}

/** Puts something else in the place of a module that nobody has taken yet. */
function mend<Exports>(path: string, change: (original: Exports) => Exports): void {
  const id = require.resolve(path);
  const original = require(id) as Exports;
  require.cache[id]!.exports = change(original);
}

interface KafkajsMessage {
  readonly key?: unknown;
  readonly value?: unknown;
  readonly headers?: unknown;
  readonly timestamp?: unknown;
}

interface ProduceOptions {
  readonly acks: number;
  readonly timeout: number;
  readonly compression?: number;
  readonly transactionalId?: string | null;
  readonly producerId?: { toString(): string };
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly messages: readonly KafkajsMessage[];
    }[];
  }[];
}

interface KafkajsRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly encode: () => Promise<Encoder>;
}

interface Encoder {
  readonly buffer: Buffer;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeString(value: string | null): Encoder;
}

/**
 * The original makes an object with a buffer of its own for every record, and copies them all some
 * six times on their way into the request: the larger part of what producing costs. What ours does
 * not know goes the old way.
 */
function mendProduceRequest(): void {
  const bodyOf = (options: ProduceOptions): Buffer => {
    const { acks, timeout: timeoutMs, compression: type = 0, topicData } = options;
    const compress = type === zstdAttributes ? compressZstdInPlace : undefined;
    const facts = { timestamp: Date.now(), attributes: type, compress };
    const topics = topicData.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, messages }) => {
        return { partition, batch: encodeRecordBatch(messages as readonly BatchRecord[], facts) };
      }),
    }));
    return encodeProduceBody({ acks, timeoutMs, topics });
  };
  // The versions after the third are the third with another number.
  type Produce = (options: ProduceOptions) => KafkajsRequest;
  mend<Produce>('kafkajs/src/protocol/requests/produce/v3/request.js', (original) => (options) => {
    const request = original(options);
    if (!isOurs(options)) return request;
    return { ...request, encode: async () => encoded(bodyOf(options)) };
  });
}

function isOurs(options: ProduceOptions): boolean {
  const { transactionalId = null, producerId = -1, compression = 0, topicData } = options;
  const isOfNobody = transactionalId === null && producerId.toString() === '-1';
  if (!isOfNobody || (compression !== 0 && compression !== zstdAttributes)) return false;
  return topicData.every(({ partitions }) => {
    return partitions.every(({ messages }) => messages.every(isPlain));
  });
}

/** Null stands in a key or value for itself, and in a timestamp for none. */
function isPlain({ key, value, headers, timestamp }: KafkajsMessage): boolean {
  if (headers !== undefined || (timestamp !== undefined && timestamp !== null)) return false;
  return Buffer.isBuffer(key) && Buffer.isBuffer(value);
}

/** Bytes that stand where kafkajs looks for an encoder with them. */
function encoded(bytes: Buffer): Encoder {
  const Encoder = require('kafkajs/src/protocol/encoder.js') as new (size: number) => Encoder;
  return Object.assign(new Encoder(1), { buf: bytes, offset: bytes.length });
}

interface RequestOptions {
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly request: KafkajsRequest;
}

/** The original copies the body four times to put a header before it; this does once. */
function mendRequest(): void {
  const Encoder = require('kafkajs/src/protocol/encoder.js') as new () => Encoder;
  type CreateRequest = (options: RequestOptions) => Promise<Encoder>;
  mend<CreateRequest>('kafkajs/src/protocol/request.js', () => async (options) => {
    const { apiKey, apiVersion, encode } = options.request;
    const { buffer: body } = await encode();
    const { buffer: header } = new Encoder()
      .writeInt16(apiKey)
      .writeInt16(apiVersion)
      .writeInt32(options.correlationId)
      .writeString(options.clientId);
    const size = new Encoder().writeInt32(header.length + body.length).buffer;
    return encoded(Buffer.concat([size, header, body]));
  });
}

interface ProduceAnswer {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

/**
 * The original throws the first error and forgets what every other partition was answered; all of
 * them would be sent again, and those that are stored be doubled.
 */
function mendProduceAnswer(): void {
  // The versions after the third take over its `parse` when they load.
  const response = require('kafkajs/src/protocol/requests/produce/v3/response.js') as {
    parse: (answer: ProduceAnswer) => Promise<ProduceAnswer>;
  };
  const { createErrorFromCode } = require('kafkajs/src/protocol/error.js') as {
    createErrorFromCode(code: number): Error;
  };
  const original = response.parse;
  const partsOf = ({ topics }: ProduceAnswer): AnsweredPartition[] =>
    topics.flatMap(({ topicName, partitions }) =>
      partitions.map(({ partition, errorCode }) => {
        if (errorCode === 0) return { topicName, partition };
        return { topicName, partition, error: createErrorFromCode(errorCode) };
      }),
    );
  response.parse = (answer) =>
    original(answer).catch((error: Error) => {
      throw Object.assign(error, { answers: partsOf(answer) });
    });
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, SocketRequest>;
  requestTimeoutIntervalId: NodeJS.Timeout;
  isConnected(): boolean;
  destroy(): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
}

interface SocketRequest {
  readonly sentAt: number;
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

const timeoutCheckMs = 100;

function mendRequestQueue(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as {
    prototype: RequestQueue;
  };
  const checkPending = prototype.scheduleCheckPendingRequests;
  // After the first answer the original re-arms a timer with a negative delay for ever: about 900
  // firings a second and connection, and a TimeoutNegativeWarning. A timer is only of use while
  // requests wait for their turn.
  prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue) {
    if (this.pending.length > 0) checkPending.call(this);
  };
  // The original stops looking at the clock as soon as a connection is being closed. Closing waits
  // for the answers under way, so a frozen broker that leaves the cluster held every send for ever.
  prototype.scheduleRequestTimeoutCheck = function schedule(this: RequestQueue) {
    this.destroy();
    this.requestTimeoutIntervalId = setInterval(() => {
      const now = Date.now();
      for (const request of this.inflight.values()) {
        if (now - request.sentAt > request.requestTimeout) request.timeoutRequest();
      }
      if (!this.isConnected() && this.inflight.size === 0) this.destroy();
    }, timeoutCheckMs);
  };
}
