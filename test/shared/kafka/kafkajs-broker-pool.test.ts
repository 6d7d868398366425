// A broker must keep its number when the seed broker changes while metadata is on its way.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import '#shared/kafka/kafkajs-patched.ts';

const require = createRequire(import.meta.url);

interface Broker {
  nodeId: number;
  readonly connectionPool: { readonly host: string; readonly port: number };
}

interface Pool {
  brokers: Record<number, Broker>;
  seedBroker: Broker;
  createBroker: unknown;
  findConnectedBroker: unknown;
  refreshMetadata(topics: readonly string[]): Promise<unknown>;
}

const BrokerPool = require('kafkajs/src/cluster/brokerPool.js') as new (options: object) => Pool;

const places = [1, 2, 3].map((nodeId) => ({ nodeId, host: 'kafka', port: 9090 + nodeId }));

function brokerAt(nodeId: number) {
  const { host, port } = places[nodeId - 1]!;
  const connectionPool = { host, port, rack: undefined };
  return { nodeId, connectionPool, isConnected: () => true, disconnect: async () => undefined };
}

test('a seed broker that is replaced while metadata comes gives its number to no other', async () => {
  const logger = { namespace: () => logger, error: () => undefined };
  const connectionPoolBuilder = { build: async (place: object) => place };
  const pool = new BrokerPool({ logger, connectionPoolBuilder, retry: { retries: 0 } });
  const [first, second, third] = [brokerAt(1), brokerAt(2), brokerAt(3)];
  pool.brokers = { 1: first, 2: second, 3: third };
  pool.seedBroker = first;
  pool.createBroker = ({ nodeId }: { nodeId: number }) => brokerAt(nodeId);
  pool.findConnectedBroker = async () => ({
    async metadata() {
      // What `removeBroker` does when a send finds the first broker's connection closed.
      delete pool.brokers[1];
      pool.seedBroker = second;
      return { brokers: places, topicMetadata: [] };
    },
  });
  await pool.refreshMetadata([]);
  assert.deepEqual(
    Object.entries(pool.brokers).map(([nodeId, broker]) => [Number(nodeId), broker.nodeId]),
    [
      [2, 2],
      [3, 3],
    ],
  );
  pool.findConnectedBroker = async () => ({
    metadata: async () => ({ brokers: places, topicMetadata: [] }),
  });
  await pool.refreshMetadata([]);
  const ports = Object.values(pool.brokers).map(({ connectionPool }) => connectionPool.port);
  assert.deepEqual(ports, [9091, 9092, 9093]);
});
