// One result per partition, and a result that is true, on kafkajs's real send loop.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import '#shared/kafka/kafkajs-patched.ts';
import { type CoveredSendOptions, sendCovered } from '#shared/kafka/covered-send.ts';
import type { PartitionResult, ProduceRecord } from '#shared/kafka/producer.ts';
import {
  createFakeCluster,
  type FakeCluster,
  type Fault,
  messageTooLarge,
  notEnoughReplicas,
  notLeader,
} from './fake-cluster.ts';

function batchOf(cluster: FakeCluster, count: number): ProduceRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    topic: cluster.topic,
    partition: index % cluster.leaders.length,
    key: Buffer.from(`vehicle ${index}`),
    value: Buffer.from(`report ${index}`),
  }));
}

interface Sent {
  readonly results: readonly PartitionResult[];
  readonly uncovered: readonly number[];
}

async function send(
  cluster: FakeCluster,
  records: readonly ProduceRecord[],
  leaderOf: CoveredSendOptions['leaderOf'] = (_, partition) => cluster.known[partition]!,
): Promise<Sent> {
  const uncovered: number[] = [];
  const onUncovered = (_: string, partition: number) => uncovered.push(partition);
  const results = await sendCovered(records, { send: cluster.send, leaderOf, onUncovered });
  return { results, uncovered };
}

const unknownLeader = () => -1;

function partitionsOf(results: readonly PartitionResult[], kind: PartitionResult['kind']) {
  return results
    .filter((result) => result.kind === kind)
    .map(({ partition }) => partition)
    .sort((a, b) => a - b);
}

/** Node 1 refuses once; while the client refreshes, its partition 1 moves to node 0. */
function moveWhileRefused(cluster: FakeCluster): void {
  cluster.faults.set(1, [{ kind: 'refuse', code: notLeader }]);
  cluster.onRefresh = () => {
    cluster.leaders[1] = 0;
  };
}

test('kafkajs alone calls a batch sent although a partition is missing', async () => {
  const cluster = createFakeCluster(2, 2);
  moveWhileRefused(cluster);
  const messages = batchOf(cluster, 10);
  await cluster.send([{ topic: cluster.topic, messages }]);
  assert.equal(cluster.stored[0]!.length, 5);
  // The day this fails kafkajs is mended, and resending what is not covered has lost its reason.
  assert.equal(cluster.stored[1]!.length, 0);
});

test('sends again what an answer does not cover', async () => {
  const cluster = createFakeCluster(2, 2);
  moveWhileRefused(cluster);
  const records = batchOf(cluster, 10);
  const { results, uncovered } = await send(cluster, records, unknownLeader);
  assert.deepEqual(partitionsOf(results, 'stored'), [0, 1]);
  assert.deepEqual(uncovered, [1]);
  for (const partition of [0, 1]) {
    const wanted = records.filter((record) => record.partition === partition);
    assert.deepEqual(cluster.stored[partition], wanted);
  }
});

test('doubles nothing of the other brokers when one has lost its leadership', async () => {
  const cluster = createFakeCluster(2, 2);
  moveWhileRefused(cluster);
  const { results } = await send(cluster, batchOf(cluster, 10));
  assert.deepEqual(partitionsOf(results, 'stored'), [0, 1]);
  assert.deepEqual(
    cluster.stored.map(({ length }) => length),
    [5, 5],
  );
});

test('gives up on a partition that no answer ever names, and says so', async () => {
  const cluster = createFakeCluster(2, 1);
  const forgetful: FakeCluster = {
    ...cluster,
    send: async () => [{ topicName: cluster.topic, partition: 0, errorCode: 0 }],
  };
  const { results, uncovered } = await send(forgetful, batchOf(cluster, 4));
  assert.deepEqual(partitionsOf(results, 'stored'), [0]);
  assert.deepEqual(uncovered, [1, 1, 1]);
  const failed = results.find(({ kind }) => kind === 'failed');
  assert.ok(failed?.kind === 'failed' && failed.isRetriable && failed.code === 'UNCOVERED');
});

test('blames only the partition that a broker refuses', async () => {
  const cluster = createFakeCluster(4, 1);
  cluster.refusals.set(2, messageTooLarge);
  const { results } = await send(cluster, batchOf(cluster, 8));
  assert.deepEqual(partitionsOf(results, 'stored'), [0, 1, 3]);
  const failed = results.find(({ kind }) => kind === 'failed');
  assert.ok(failed?.kind === 'failed');
  assert.equal(failed.code, 'MESSAGE_TOO_LARGE');
  assert.equal(failed.isRetriable, false);
});

test('doubles a healthy neighbour once, not for as long as the fault lasts', async () => {
  const cluster = createFakeCluster(2, 1);
  cluster.refusals.set(1, notEnoughReplicas);
  const first = await send(cluster, batchOf(cluster, 2));
  assert.deepEqual(partitionsOf(first.results, 'stored'), [0]);
  const storedThen = cluster.stored[0]!.length;
  // The caller's retry holds only what failed.
  const rest = batchOf(cluster, 2).filter(({ partition }) => partition === 1);
  const second = await send(cluster, rest);
  assert.deepEqual(partitionsOf(second.results, 'failed'), [1]);
  assert.equal(cluster.stored[0]!.length, storedThen);
});

test('lets the other brokers store when the connection to one is lost', async () => {
  const cluster = createFakeCluster(4, 2);
  const cut: Fault = { kind: 'cut' };
  cluster.faults.set(
    1,
    Array.from({ length: 100 }, () => cut),
  );
  const { results } = await send(cluster, batchOf(cluster, 8));
  assert.deepEqual(partitionsOf(results, 'stored'), [0, 2]);
  assert.deepEqual(partitionsOf(results, 'failed'), [1, 3]);
  const codes = results.flatMap((result) => (result.kind === 'failed' ? [result.code] : []));
  assert.deepEqual(codes, ['NETWORK_EXCEPTION', 'NETWORK_EXCEPTION']);
  assert.deepEqual(
    cluster.stored.map(({ length }) => length),
    [2, 0, 2, 0],
  );
});

test('keeps the order of records inside a partition', async () => {
  const cluster = createFakeCluster(3, 2);
  const records = batchOf(cluster, 30);
  await send(cluster, records);
  for (const [partition, stored] of cluster.stored.entries()) {
    const wanted = records.filter((record) => record.partition === partition);
    assert.deepEqual(stored, wanted);
  }
});

test('answers an empty batch with nothing', async () => {
  const cluster = createFakeCluster(1, 1);
  assert.deepEqual((await send(cluster, [])).results, []);
  assert.equal(cluster.requestCount, 0);
});

const anyFault = fc.oneof(
  fc.constant<Fault>({ kind: 'cut' }),
  fc.constant<Fault>({ kind: 'cut-after' }),
  fc
    .constantFrom(notLeader, notEnoughReplicas, messageTooLarge)
    .map((code): Fault => ({ kind: 'refuse', code })),
);

const anyTrouble = fc.record({
  faults: fc.array(fc.tuple(fc.nat(2), anyFault), { maxLength: 8 }),
  /** At each refresh the next of these moves a partition to a node. */
  moves: fc.array(fc.tuple(fc.nat(5), fc.nat(2)), { maxLength: 6 }),
  refused: fc.option(fc.nat(5)),
  isLeaderKnown: fc.boolean(),
});

test('stored means stored, and each partition is named once, whatever the brokers do', async () => {
  await fc.assert(
    fc.asyncProperty(anyTrouble, async ({ faults, moves, refused, isLeaderKnown }) => {
      const cluster = createFakeCluster(6, 3);
      for (const [node, fault] of faults) {
        cluster.faults.set(node, [...(cluster.faults.get(node) ?? []), fault]);
      }
      if (refused !== null) cluster.refusals.set(refused, messageTooLarge);
      const left = [...moves];
      cluster.onRefresh = () => {
        const move = left.shift();
        if (move !== undefined) cluster.leaders[move[0]] = move[1];
      };
      const records = batchOf(cluster, 18);
      const { results } = await send(cluster, records, isLeaderKnown ? undefined : unknownLeader);
      const named = results.map(({ partition }) => partition).sort();
      assert.deepEqual(named, [0, 1, 2, 3, 4, 5]);
      for (const partition of partitionsOf(results, 'stored')) {
        const wanted = records.filter((record) => record.partition === partition);
        for (const record of wanted) assert.ok(cluster.stored[partition]!.includes(record));
      }
    }),
    { numRuns: 150, seed: 32960 },
  );
});
