// From one batch to one result per partition, whatever the client's `send` says or forgets to say.
// Knows a `send` function, no client.

import { type Failure, failureOf } from './failures.ts';
import type { PartitionResult, ProduceRecord } from './producer.ts';

export interface TopicMessages {
  readonly topic: string;
  readonly messages: readonly ProduceRecord[];
}

/** What a send answered for one partition. */
export interface AnsweredPartition {
  readonly topicName: string;
  readonly partition: number;
  readonly errorCode?: number;
}

export type SendBatch = (batch: readonly TopicMessages[]) => Promise<readonly AnsweredPartition[]>;

export interface CoveredSendOptions {
  readonly send: SendBatch;
  /** Node id of the partition's leader as last seen; -1 when unknown. A wrong one only costs time. */
  readonly leaderOf: (topic: string, partition: number) => number;
  /** Told for every partition that a resolved send did not name. */
  readonly onUncovered: (topic: string, partition: number) => void;
}

/** The records of one (topic, partition), in order. */
interface Part {
  readonly topic: string;
  readonly partition: number;
  readonly records: ProduceRecord[];
}

/**
 * Names each (topic, partition) of `records` exactly once. Never rejects.
 * One send per leader: what one broker refuses or loses then says nothing about the others, and they
 * are not sent again (each repeat would double their records).
 */
export async function sendCovered(
  records: readonly ProduceRecord[],
  options: CoveredSendOptions,
): Promise<PartitionResult[]> {
  const byLeader = Map.groupBy(partsOf(records), (part) =>
    options.leaderOf(part.topic, part.partition),
  );
  const results = await Promise.all(
    [...byLeader.values()].map((parts) => sendParts(parts, options)),
  );
  return results.flat();
}

function partsOf(records: readonly ProduceRecord[]): Part[] {
  // Per topic a list indexed by partition: no key to build for every record.
  const topics = new Map<string, Part[]>();
  const parts: Part[] = [];
  for (const record of records) {
    const { topic, partition } = record;
    const known = topics.get(topic) ?? [];
    if (known.length === 0) topics.set(topic, known);
    const part = known[partition];
    if (part !== undefined) {
      part.records.push(record);
      continue;
    }
    known[partition] = { topic, partition, records: [record] };
    parts.push(known[partition]);
  }
  return parts;
}

// Leaders that move on and on can leave a partition out again; the caller's retry comes after.
const roundsMax = 3;

async function sendParts(
  parts: readonly Part[],
  options: CoveredSendOptions,
): Promise<PartitionResult[]> {
  const results: PartitionResult[] = [];
  let pending = parts;
  for (let round = 1; round <= roundsMax && pending.length > 0; round++) {
    const sent = await trySend(pending, options.send);
    if (sent.kind === 'failed') return [...results, ...(await sortOut(pending, sent, options))];
    const missing = pending.filter((part) => !sent.covered.has(keyOf(part.topic, part.partition)));
    for (const part of pending) if (!missing.includes(part)) results.push(stored(part));
    for (const { topic, partition } of missing) options.onUncovered(topic, partition);
    pending = missing;
  }
  return [...results, ...pending.map((part) => failed(part, uncovered))];
}

const uncovered: Failure = {
  code: 'UNCOVERED',
  isRetriable: true,
  detail: `the client answered ${roundsMax} times without naming this partition`,
  isAnswer: false,
};

/**
 * A broker that refuses one partition fails the whole request in kafkajs, without saying which.
 * Alone, each partition gets its own answer; otherwise healthy neighbours would be called failed,
 * and be sent again and doubled for as long as the fault lasts.
 */
async function sortOut(
  parts: readonly Part[],
  { failure }: SendFailed,
  options: CoveredSendOptions,
): Promise<PartitionResult[]> {
  if (parts.length === 1 || !failure.isAnswer) return parts.map((part) => failed(part, failure));
  const results = await Promise.all(parts.map((part) => sendParts([part], options)));
  return results.flat();
}

interface SendAnswered {
  readonly kind: 'answered';
  /** keyOf() of each partition that was answered without an error. */
  readonly covered: ReadonlySet<string>;
}

interface SendFailed {
  readonly kind: 'failed';
  readonly failure: Failure;
}

async function trySend(
  parts: readonly Part[],
  send: SendBatch,
): Promise<SendAnswered | SendFailed> {
  try {
    const answers = await send(topicMessagesOf(parts));
    const good = answers.filter(({ errorCode }) => (errorCode ?? 0) === 0);
    return {
      kind: 'answered',
      covered: new Set(good.map(({ topicName, partition }) => keyOf(topicName, partition))),
    };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

function topicMessagesOf(parts: readonly Part[]): TopicMessages[] {
  const byTopic = Map.groupBy(parts, (part) => part.topic);
  return [...byTopic].map(([topic, own]) => ({
    topic,
    messages: own.length === 1 ? own[0]!.records : own.flatMap((part) => part.records),
  }));
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

function stored({ topic, partition }: Part): PartitionResult {
  return { kind: 'stored', topic, partition };
}

function failed({ topic, partition }: Part, { code, isRetriable, detail }: Failure) {
  return { kind: 'failed', topic, partition, code, isRetriable, detail } as const;
}
