// One life of a client that writes: connected once, thrown away whole when it hangs. What a library
// must be able to do to stand behind the producer port.

import type { ProduceRecord } from './producer.ts';

export interface TopicMessages {
  readonly topic: string;
  readonly messages: readonly ProduceRecord[];
}

/** What one partition was answered; on the error under `answers`. */
export interface AnsweredPartition {
  readonly topicName: string;
  readonly partition: number;
  /** Undefined: stored. */
  readonly error?: unknown;
}

export interface TopicPartitions {
  readonly topic: string;
  /** 0: there is no such topic. */
  readonly partitionCount: number;
}

export interface ProducerSession {
  /**
   * One request to the leader of all these partitions, acks=all; connects where it must. Names what
   * was answered, or rejects with an error that `failureOf` and `answersOf` understand.
   */
  send(batch: readonly TopicMessages[]): Promise<readonly AnsweredPartition[]>;
  /** Rejects when no broker answers; a missing topic is an answer. */
  readTopics(topics: readonly string[]): Promise<readonly TopicPartitions[]>;
  /** Node id; -1: not known. */
  leaderOf(topic: string, partition: number): number;
  /** In the background: a stale leader costs a detour, not a record. */
  refreshLeaders(): void;
  /** Waits for pending answers as long as `graceMs`, then cuts. Never rejects. */
  close(graceMs: number): Promise<void>;
  /** At once; what is under way rejects soon. */
  destroy(): void;
}
