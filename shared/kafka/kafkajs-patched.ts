// kafkajs 2.2.4 with its batches, its Produce answers and the timers of its requests mended. The
// only place that loads it; every line here leans on internals of exactly this version, and its
// tests fail when they change.

import { createRequire } from 'node:module';
import { type BatchRecord, encodeRecordBatch } from './record-batch.ts';

type Kafkajs = typeof import('kafkajs');

const require = createRequire(import.meta.url);

mendGrouping();
mendRecordBatch();
mendProduceAnswer();
mendRequestQueue();

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

interface KafkajsRecord {
  readonly key?: unknown;
  readonly value?: unknown;
  readonly headers?: unknown;
  readonly timestampDelta: number;
}

interface KafkajsBatch {
  readonly compression?: number;
  readonly records: readonly KafkajsRecord[];
  readonly firstTimestamp: number;
  readonly transactional?: boolean;
  readonly producerId: { toString(): string };
}

interface Encoder {
  buf: Buffer;
  offset: number;
}

interface Compression {
  lookupCodec(type: number): { compress(encoder: { readonly buffer: Buffer }): Buffer };
}

/**
 * The original makes an object with a buffer of its own for every record and copies them all some
 * six times: the larger part of what producing costs. What ours does not know goes the old way.
 */
function mendRecordBatch(): void {
  type Record = (record: KafkajsRecord) => Encoder;
  type RecordBatch = (batch: KafkajsBatch) => Promise<Encoder>;
  const Encoder = require('kafkajs/src/protocol/encoder.js') as new (size: number) => Encoder;
  const compression = require('kafkajs/src/protocol/message/compression/index.js') as Compression;
  let encodeRecord: (record: KafkajsRecord) => Encoder;
  mend<Record>('kafkajs/src/protocol/recordBatch/record/v0/index.js', (original) => {
    encodeRecord = original;
    return (record) => record as unknown as Encoder;
  });
  type Module = { readonly RecordBatch: RecordBatch };
  mend<Module>('kafkajs/src/protocol/recordBatch/v0/index.js', (original) => ({
    ...original,
    RecordBatch: async (batch) => {
      const { records, compression: type = 0, firstTimestamp: timestamp } = batch;
      if (!isOurs(batch) || !arePlain(records)) {
        const encoded = records.map(encodeRecord) as unknown as KafkajsRecord[];
        return original.RecordBatch({ ...batch, records: encoded });
      }
      const codec = type === 0 ? undefined : compression.lookupCodec(type);
      const compress = codec && ((buffer: Buffer) => codec.compress({ buffer }));
      const bytes = encodeRecordBatch(records, { timestamp, attributes: type, compress });
      return Object.assign(new Encoder(1), { buf: bytes, offset: bytes.length });
    },
  }));
}

function isOurs({ compression, transactional, producerId }: KafkajsBatch): boolean {
  const isOfNobody = transactional !== true && producerId.toString() === '-1';
  return isOfNobody && (compression === 0 || compression === zstd);
}

type PlainRecord = KafkajsRecord & BatchRecord;

function arePlain(records: readonly KafkajsRecord[]): records is readonly PlainRecord[] {
  return records.every(({ key, value, headers, timestampDelta }) => {
    const isPlain = headers === undefined && timestampDelta === 0;
    return isPlain && Buffer.isBuffer(key) && Buffer.isBuffer(value);
  });
}

/** Registered by us, and the only codec that compresses in place. */
const zstd = 4;

interface ProduceAnswer {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}

/** What one partition was answered; on the error under `answers`. */
export interface AnsweredPartition {
  readonly topicName: string;
  readonly partition: number;
  /** Undefined: stored. */
  readonly error?: unknown;
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
