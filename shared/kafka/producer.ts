// The producer port: batches in, a result for every partition out. No client type crosses it.

export interface ProduceRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer;
  /** Must not be changed or reused before the result is known. */
  readonly value: Buffer;
}

export type PartitionResult = PartitionStored | PartitionFailed;

export interface PartitionStored {
  readonly kind: 'stored';
  readonly topic: string;
  readonly partition: number;
}

export interface PartitionFailed {
  readonly kind: 'failed';
  readonly topic: string;
  readonly partition: number;
  /** A name of kafka-errors.ts, which says its class; another one is retriable. */
  readonly code: string;
  /** False: not until the records change (size) or somebody grants something (`refusal`). */
  readonly isRetriable: boolean;
  readonly detail: string;
}

/** Partition counts of the connected topics: in use, and as Kafka says now. */
export interface PartitionsLook {
  /** Topics whose count is another one than the one in use. */
  readonly changedCount: number;
  /** Null: none is; else which, in words. */
  readonly trouble: string | null;
}

export interface Producer {
  /**
   * Resolves once connected and the topics' partition counts are known, which must be equal;
   * retries until `signal` aborts, and then rejects with its reason.
   */
  connect(topics: readonly string[], signal: AbortSignal): Promise<void>;
  /** Partition count of a connected topic: the one found then, whatever comes later. */
  partitionCount(topic: string): number;
  /**
   * Writes one batch with acks=all. Never rejects for an absent neighbour: the answer names each
   * (topic, partition) of the batch exactly once. A failed partition may have been stored all the
   * same (lost answer), so sending it again may duplicate, never lose.
   */
  produce(records: readonly ProduceRecord[]): Promise<readonly PartitionResult[]>;
  /** Looked at every few seconds; news are told once. */
  readonly partitions: PartitionsLook;
  /** Bytes of values and keys whose result is not known yet. */
  readonly inFlightBytes: number;
  close(): Promise<void>;
}
