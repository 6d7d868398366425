// kafkajs 2.2.4 with its grouping and the timers of its request queue mended. The only place that loads it; every
// line here leans on internals of exactly this version, and its test fails when they change.

import { createRequire } from 'node:module';

type Kafkajs = typeof import('kafkajs');

const require = createRequire(import.meta.url);

mendGrouping();
mendRequestQueue();

// Loaded after the grouping is in place: kafkajs's modules take it when they load.
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
