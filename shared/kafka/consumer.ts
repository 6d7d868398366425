// The consumer port: partition p of all inputs comes to one member, in batches, with manual
// commits. No client type crosses it, and nothing that a handler does may throw into the client.

import type { ReadRecord } from './reader.ts';

export interface ConsumerOptions {
  readonly groupId: string;
  /** With equal partition counts, which `start` checks. */
  readonly topics: readonly string[];
  /** Partitions whose batches are handled at the same time. */
  readonly concurrentPartitions: number;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly handlers: ConsumerHandlers;
}

export interface ConsumerHandlers {
  /**
   * After each join, before the first fetch of the generation: the partition numbers that are ours
   * now, the same for every topic. Not awaited; `seek` may be called at once or later.
   */
  assigned(partitions: readonly number[]): void;
  /** The generation has ended: nothing is ours until the next `assigned`. Not awaited. */
  revoked(): void;
  /** Batches of one topic and partition come one after the other. Must not reject. */
  batch(batch: ConsumedBatch): Promise<void>;
}

export interface ConsumedBatch {
  readonly topic: string;
  readonly partition: number;
  /** Ascending by offset, never empty; offsets may have holes. */
  readonly records: readonly ReadRecord[];
  /** Offset of the record that comes next in the partition, as the fetch found it. */
  readonly highOffset: number;
  /** The next fetch begins after this offset; what is not resolved is fetched again. */
  resolve(offset: number): void;
  /** The group went on without us, or a `seek` has moved the place: leave the rest unhandled. */
  isStale(): boolean;
}

/**
 * member: the coordinator has just said so, or did within the heartbeat interval. rebalancing:
 * still ours, but hand over soon. expelled: others may own our partitions.
 */
export type Membership = 'member' | 'rebalancing' | 'expelled';

export interface StreamConsumer {
  /**
   * Joins the group and goes on until `stop`. Retries an absent Kafka for ever, told once. Rejects
   * with FatalError for unequal partition counts, a missing topic, refused authorisation, or when
   * the client has given up (its CRASH without restart): then the process must end.
   */
  start(signal: AbortSignal): Promise<void>;
  /** Settles as `start` would when something fails for good later; never resolves otherwise. */
  readonly failed: Promise<never>;
  /** Heartbeats also go on while handlers run. This one asks now. Never rejects. */
  heartbeat(): Promise<Membership>;
  /** `performance.now()` of the latest sign of life: a fetch, a heartbeat, a batch that ended. */
  readonly aliveAt: number;
  /** `performance.now()` of the latest heartbeat or join that the coordinator has answered. */
  readonly memberAt: number;
  seek(topic: string, partition: number, offset: number): void;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** `next` = last handled + 1. Never rejects: a commit that fails is only a later replay. */
  commit(places: readonly CommitPlace[]): Promise<'committed' | 'failed'>;
  /** Batches under way end first; then the group is left at once. Safe to call twice. */
  stop(): Promise<void>;
}

export interface CommitPlace {
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}
