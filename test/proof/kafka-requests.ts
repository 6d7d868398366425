// What proofs ask of Kafka and kafkajs cannot say, or not while a broker is frozen. The grammar is
// that of clients/src/main/resources/common/message in Kafka's source.

import { ask, type Place, Writer } from './kafka-wire.ts';

export interface Leadership {
  readonly topic: string;
  readonly partition: number;
  /** Node id; -1: none. */
  readonly leader: number;
  readonly replicas: readonly number[];
}

/**
 * Metadata, version 1: [topic string] →
 *   [nodeId int32, host, port int32, rack], controllerId int32,
 *   [error int16, topic, isInternal int8,
 *     [error int16, partition int32, leader int32, replicas [int32], inSync [int32]]]
 */
export async function readLeaders(
  place: Place,
  topics: readonly string[],
): Promise<readonly Leadership[]> {
  const request = requestOf({ apiKey: 3, version: 1 }).int32(topics.length);
  for (const topic of topics) request.text(topic);
  const answer = await ask(place, request);
  answer.list(() => [answer.int32(), answer.text(), answer.int32(), answer.text()]);
  answer.int32();
  const found = answer.list(() => {
    answer.int16();
    const topic = answer.text();
    answer.int8();
    return answer.list(() => {
      answer.int16();
      const [partition, leader] = [answer.int32(), answer.int32()];
      const replicas = answer.list(() => answer.int32());
      answer.list(() => answer.int32());
      return { topic, partition, leader, replicas };
    });
  });
  return found.flat().sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
}

const electMsMax = 5_000;

/**
 * Each partition goes to its preferred replica, the first of its list; one whose preferred replica
 * is down or leads already is left alone. Resolves when the controller has answered.
 *
 * ElectLeaders, version 1:
 *   electionType int8, [topic string, [partition int32]], timeoutMs int32 →
 *   throttleTimeMs int32, errorCode int16, results
 */
export async function electPreferredLeaders(
  place: Place,
  partitions: readonly Leadership[],
): Promise<void> {
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
  const request = requestOf({ apiKey: 43, version: 1 }).int8(0).int32(byTopic.size);
  for (const [topic, own] of byTopic) {
    request.text(topic).int32(own.length);
    for (const { partition } of own) request.int32(partition);
  }
  const answer = await ask(place, request.int32(electMsMax));
  const errorCode = answer.skip(4).int16();
  if (errorCode !== 0) throw new Error(`ElectLeaders: wanted code 0, found ${errorCode}`);
}

const metadataTopic = '__cluster_metadata';

/**
 * The node that is the controller now: Metadata names just any broker.
 *
 * DescribeQuorum, version 0, flexible: [topic, [partition int32]] →
 *   errorCode int16, [topic, [partition int32, errorCode int16, leaderId int32, …
 */
export async function readController(place: Place): Promise<number> {
  const request = requestOf({ apiKey: 55, version: 0 }).int8(0);
  request.int8(2).compactText(metadataTopic).int8(2).int32(0);
  // No tagged fields: of the partition, the topic, the request.
  request.int8(0).int8(0).int8(0);
  const answer = await ask(place, request);
  const errorCode = answer.skip(1).int16();
  if (errorCode !== 0) throw new Error(`DescribeQuorum: wanted code 0, found ${errorCode}`);
  // Both lists have one entry; the name comes with its length.
  answer.skip(1 + 1 + metadataTopic.length + 1);
  return answer.skip(4 + 2).int32();
}

/**
 * The bytes a second that each client without a quota of its own may write to one broker; null:
 * as many as it likes.
 *
 * AlterClientQuotas, version 0:
 *   [[entityType string, entityName string or null], [key string, value float64, remove int8]],
 *   validateOnly int8 → throttleTimeMs int32, [errorCode int16, …
 */
export async function limitProducers(place: Place, bytesPerSecond: number | null): Promise<void> {
  const request = requestOf({ apiKey: 49, version: 0 }).int32(1);
  // The null name stands for every client id.
  request.int32(1).text('client-id').int16(-1);
  request.int32(1).text('producer_byte_rate');
  request.float64(bytesPerSecond ?? 0).int8(bytesPerSecond === null ? 1 : 0);
  const answer = await ask(place, request.int8(0));
  const [errorCode] = answer.skip(4).list(() => answer.int16());
  if (errorCode !== 0) throw new Error(`AlterClientQuotas: wanted code 0, found ${errorCode}`);
}

/** Header version 1: apiKey, version, correlationId int32, clientId. */
function requestOf({ apiKey, version }: { readonly apiKey: number; readonly version: number }) {
  return new Writer().int16(apiKey).int16(version).int32(1).text('fleetwire-proof');
}
