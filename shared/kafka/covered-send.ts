// From one batch to one result per partition, whatever the client's `send` says or forgets to say.
// Knows a `send` function, no client.

import { answersOf, type Failure, failureOf } from './failures.ts';
import type { PartitionResult, ProduceRecord } from './producer.ts';
import type { AnsweredPartition, TopicMessages } from './producer-session.ts';

/** Asks once: what it does not store, or does not name, is asked again from here. */
export type SendBatch = (batch: readonly TopicMessages[]) => Promise<readonly AnsweredPartition[]>;

export interface CoveredSendOptions {
  readonly send: SendBatch;
  /** Node id of the partition's leader as last seen; -1 when unknown. A wrong one may double. */
  readonly leaderOf: (topic: string, partition: number) => number;
  /** Told for every partition that a resolved send did not name. */
  readonly onUncovered: (topic: string, partition: number) => void;
  /** Before round 2 and on: looks for new leaders and waits a little. False: no more rounds. */
  readonly beforeRetry: (round: number) => Promise<boolean>;
}

/** The records of one (topic, partition), in order. */
interface Part {
  readonly topic: string;
  readonly partition: number;
  readonly records: ProduceRecord[];
}

/**
 * Names each (topic, partition) of `records` exactly once. Never rejects.
 * One send per leader: what one broker refuses or loses then says nothing about the others, and
 * they are not sent again (each repeat would double their records).
 */
export async function sendCovered(
  records: readonly ProduceRecord[],
  options: CoveredSendOptions,
): Promise<readonly PartitionResult[]> {
  const results: PartitionResult[] = [];
  let pending = partsOf(records);
  for (let round = 1; pending.length > 0; round++) {
    const outcomes = await sendRound(pending, options);
    const again = outcomes.filter(({ failure }) => failure?.isRetriable);
    const isLast = again.length === 0 || !(await options.beforeRetry(round + 1));
    for (const outcome of outcomes) {
      if (isLast || !again.includes(outcome)) results.push(resultOf(outcome));
    }
    pending = isLast ? [] : again.map(({ part }) => part);
  }
  return results;
}

function partsOf(records: readonly ProduceRecord[]): readonly Part[] {
  // Per topic a list indexed by partition: no key to build for every record.
  const topics = new Map<string, Part[]>();
  const parts: Part[] = [];
  let topic = '';
  let known: Part[] = [];
  for (const record of records) {
    if (record.topic !== topic) {
      topic = record.topic;
      known = topics.get(topic) ?? [];
      topics.set(topic, known);
    }
    const { partition } = record;
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

interface PartOutcome {
  readonly part: Part;
  /** Undefined: stored. */
  readonly failure?: Failure | undefined;
}

async function sendRound(
  parts: readonly Part[],
  options: CoveredSendOptions,
): Promise<readonly PartOutcome[]> {
  const leaders = Map.groupBy(parts, ({ topic, partition }) => options.leaderOf(topic, partition));
  const sends = [...leaders.values()].map((group) => sendGroup(group, options));
  return (await Promise.all(sends)).flat();
}

async function sendGroup(
  parts: readonly Part[],
  options: CoveredSendOptions,
): Promise<readonly PartOutcome[]> {
  try {
    const answers = await options.send(topicMessagesOf(parts));
    return outcomesOf(parts, answers, ({ topic, partition }) => {
      options.onUncovered(topic, partition);
      return uncovered;
    });
  } catch (error) {
    const failure = failureOf(error);
    // Without answers nothing is known about any part; with them some may be stored.
    const answers = answersOf(error);
    if (answers !== undefined) return outcomesOf(parts, answers, () => failure);
    return failure.isRetriable
      ? parts.map((part) => ({ part, failure }))
      : sendAlone(parts, options);
  }
}

/**
 * What no retry can mend may be the fault of one topic (a right that is missing) and came before
 * any record was sent. Alone, each partition hears of its own.
 */
async function sendAlone(
  parts: readonly Part[],
  options: CoveredSendOptions,
): Promise<readonly PartOutcome[]> {
  const sends = parts.map(async (part) => {
    try {
      const answers = await options.send(topicMessagesOf([part]));
      return outcomesOf([part], answers, () => uncovered);
    } catch (error) {
      return [{ part, failure: failureOf(error) }];
    }
  });
  return (await Promise.all(sends)).flat();
}

const uncovered: Failure = {
  code: 'UNCOVERED',
  isRetriable: true,
  detail: 'the client answered without naming this partition',
};

function outcomesOf(
  parts: readonly Part[],
  answers: readonly AnsweredPartition[],
  onUnnamed: (part: Part) => Failure,
): readonly PartOutcome[] {
  const named = new Map(answers.map((each) => [keyOf(each.topicName, each.partition), each]));
  return parts.map((part) => {
    const answer = named.get(keyOf(part.topic, part.partition));
    if (answer === undefined) return { part, failure: onUnnamed(part) };
    return { part, failure: answer.error === undefined ? undefined : failureOf(answer.error) };
  });
}

function topicMessagesOf(parts: readonly Part[]): readonly TopicMessages[] {
  const byTopic = Map.groupBy(parts, (part) => part.topic);
  return [...byTopic].map(([topic, own]) => ({
    topic,
    messages: own.length === 1 ? own[0]!.records : own.flatMap((part) => part.records),
  }));
}

function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

function resultOf({ part: { topic, partition }, failure }: PartOutcome): PartitionResult {
  if (failure === undefined) return { kind: 'stored', topic, partition };
  return { kind: 'failed', topic, partition, ...failure };
}
