// kafkajs 2.2.4 with its idle timer and its grouping mended. The only place that loads it; every
// line here leans on internals of exactly this version, and its test fails when they change.

import { createRequire } from 'node:module';

type Kafkajs = typeof import('kafkajs');

const require = createRequire(import.meta.url);

mendGrouping();
mendIdleTimer();

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
  readonly throttleCheckTimeoutId: unknown;
  scheduleCheckPendingRequests(): void;
}

/**
 * After the first answer the original re-arms a timer with a negative delay for ever: about 900
 * firings a second and connection, and a TimeoutNegativeWarning. A timer is only of use while
 * requests wait for their turn.
 */
function mendIdleTimer(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as {
    prototype: RequestQueue;
  };
  const original = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue) {
    if (this.pending.length > 0) original.call(this);
  };
}
