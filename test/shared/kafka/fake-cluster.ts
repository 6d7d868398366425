// kafkajs's own send loop on brokers we own: leaders that move, refuse and forget at our word.

import { createRequire } from 'node:module';
// First, so that what is required below is what the producer runs on.
import '#shared/kafka/kafkajs-patched.ts';
import type { SendBatch } from '#shared/kafka/covered-send.ts';
import type { ProduceRecord } from '#shared/kafka/producer.ts';

const require = createRequire(import.meta.url);

type SendMessages = (request: object) => ReturnType<SendBatch>;
const createSendMessages = require('kafkajs/src/producer/sendMessages.js') as (
  parts: object,
) => SendMessages;
const createRetry = require('kafkajs/src/retry/index.js') as (options: object) => unknown;
const { parse } = require('kafkajs/src/protocol/requests/produce/v7/response.js') as {
  parse(answer: object): Promise<object>;
};
const { createErrorFromCode } = require('kafkajs/src/protocol/error.js') as {
  createErrorFromCode(code: number): Error;
};

export const notLeader = 6;
export const messageTooLarge = 10;
export const topicUnauthorised = 29;
export const notEnoughReplicas = 19;

/** What a broker does with one Produce request before it looks at the partitions. */
export type Fault =
  | { readonly kind: 'refuse'; readonly code: number }
  /** The broker is gone: the connection breaks before anything is stored. */
  | { readonly kind: 'cut' }
  /** Everything is stored, but the answer is lost. */
  | { readonly kind: 'cut-after' };

export interface FakeCluster {
  readonly topic: string;
  /** Node id of each partition's leader; change it to move one. */
  readonly leaders: number[];
  /** What the client believes; taken from `leaders` when it refreshes. */
  readonly known: number[];
  /** What is stored, in order, by partition. */
  readonly stored: readonly ProduceRecord[][];
  /** Taken one by one by the requests that a node gets. */
  readonly faults: Map<number, Fault[]>;
  /** Partitions that their leader refuses with this code until it is taken away. */
  readonly refusals: Map<number, number>;
  /** Called at each metadata refresh, before the client learns. */
  onRefresh: () => void;
  readonly requestCount: number;
  readonly send: SendBatch;
}

export interface FakeClusterShape {
  readonly partitions: number;
  readonly nodes: number;
  /** kafkajs's own, inside one send; the session has it off. */
  readonly retries?: number;
}

export function createFakeCluster({
  partitions,
  nodes,
  retries = 0,
}: FakeClusterShape): FakeCluster {
  const topic = 'vehicle.test.v1';
  const leaders = Array.from({ length: partitions }, (_, partition) => partition % nodes);
  const state = {
    topic,
    leaders,
    known: [...leaders],
    stored: leaders.map((): ProduceRecord[] => []),
    faults: new Map<number, Fault[]>(),
    refusals: new Map<number, number>(),
    onRefresh: () => undefined,
    requestCount: 0,
  };
  const cluster = Object.assign(state, { send: (() => undefined) as unknown as SendBatch });
  const sendMessages = createSendMessages({
    logger: { debug() {}, error() {} },
    cluster: clientSide(cluster),
    partitioner: () => 0,
    eosManager: noTransactions,
    retrier: createRetry({ retries, initialRetryTime: 1, maxRetryTime: 2 }),
  });
  cluster.send = (batch) => sendMessages({ acks: -1, timeout: 1, topicMessages: batch });
  return cluster;
}

const noTransactions = {
  acquireBrokerLock: async () => undefined,
  releaseBrokerLock: async () => undefined,
  isTransactional: () => false,
  getSequence: () => 0,
  updateSequence() {},
  getProducerId: () => -1,
  getProducerEpoch: () => 0,
};

type Cluster = FakeCluster & { requestCount: number };

/** What kafkajs's send loop asks of its cluster. */
function clientSide(cluster: Cluster) {
  const nodes = new Map<string, object>();
  const refreshMetadata = async () => {
    cluster.onRefresh();
    cluster.known.splice(0, cluster.known.length, ...cluster.leaders);
  };
  return {
    targetTopics: new Set([cluster.topic]),
    isConnected: () => true,
    removeBroker() {},
    addMultipleTargetTopics: async () => undefined,
    refreshMetadataIfNecessary: async () => undefined,
    refreshMetadata,
    findTopicPartitionMetadata: () =>
      cluster.known.map((leader, partitionId) => ({ leader, partitionId })),
    findLeaderForPartitions(_topic: string, partitions: readonly string[]) {
      return Object.groupBy(partitions.map(Number), (partition) => cluster.known[partition]!);
    },
    async findBroker({ nodeId }: { nodeId: string }) {
      const node = nodes.get(nodeId) ?? createNode(cluster, Number(nodeId));
      nodes.set(nodeId, node);
      return node;
    },
  };
}

interface ProduceRequest {
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly { partition: number; messages: readonly ProduceRecord[] }[];
  }[];
}

function createNode(cluster: Cluster, nodeId: number) {
  return {
    nodeId,
    async produce({ topicData }: ProduceRequest) {
      cluster.requestCount++;
      const fault = cluster.faults.get(nodeId)?.shift();
      if (fault?.kind === 'cut') throw connectionClosed();
      if (fault?.kind === 'refuse') throw createErrorFromCode(fault.code);
      const parts = topicData.flatMap(({ partitions }) => partitions);
      const partitions = parts.map((part) => {
        return { partition: part.partition, errorCode: store(cluster, nodeId, part) };
      });
      if (fault?.kind === 'cut-after') throw connectionClosed();
      return parse({ topics: [{ topicName: cluster.topic, partitions }] });
    },
  };
}

function store(
  cluster: Cluster,
  nodeId: number,
  { partition, messages }: { partition: number; messages: readonly ProduceRecord[] },
): number {
  if (cluster.leaders[partition] !== nodeId) return notLeader;
  const refusal = cluster.refusals.get(partition);
  if (refusal !== undefined) return refusal;
  cluster.stored[partition]!.push(...messages);
  return 0;
}

function connectionClosed(): Error {
  const { KafkaJSConnectionClosedError } = require('kafkajs/src/errors.js') as {
    KafkaJSConnectionClosedError: new (text: string, place: object) => Error;
  };
  return new KafkaJSConnectionClosedError('Closed connection', { host: 'fake', port: 0 });
}
