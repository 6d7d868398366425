// kafkajs 2.2.4 with its grouping, its Produce answers and the timers of its requests mended. The only place that loads it; every
// line here leans on internals of exactly this version, and its test fails when they change.

import { createRequire } from 'node:module';

type Kafkajs = typeof import('kafkajs');

const require = createRequire(import.meta.url);

mendGrouping();
mendProduceAnswer();
mendRequestQueue();

// Loaded when the first two are in place: kafkajs's modules take them when they load.
export const kafkajs: Kafkajs = require('kafkajs');

interface Grouping {
  readonly messages: readonly { readonly partition?: number }[];
}

type GroupMessages = (grouping: Grouping) => Record<number, unknown[]>;

/**
 * The original copies the partition's list for every message: quadratic, and the second largest cost
 * of a batch. With the partition set on every message there is no partitioner to ask.
 */
function mendGrouping(): void {
  const id = require.resolve('kafkajs/src/producer/groupMessagesPerPartition.js');
  const original = require(id) as GroupMessages;
  const group: GroupMessages = (grouping) => {
    const groups: Record<number, unknown[]> = {};
    for (const message of grouping.messages) {
      const { partition } = message;
      if (partition === undefined) return original(grouping);
      const known = groups[partition];
      if (known === undefined) groups[partition] = [message];
      else known.push(message);
    }
    return groups;
  };
  require.cache[id]!.exports = group;
}

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
