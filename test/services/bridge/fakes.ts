// The fake link and the fake Kafka of the bridge's tests.

import type { PartitionResult, ProduceRecord } from '#shared/kafka/producer.ts';
import type { OutgoingMessage } from '#shared/mqtt/link.ts';

/** What a fake link was told to write, in order. */
export type Written =
  | { readonly kind: 'puback'; readonly id: number }
  | { readonly kind: 'publish'; readonly topic: string }
  | { readonly kind: 'disconnect' };

export class FakeLink {
  readonly epoch: number;
  isOpen = true;
  brokerReceiveMaximum = 65_535;
  readonly written: Written[] = [];
  handPingsCount = 0;
  #unanswered: ((refusal: string | null) => void)[] = [];
  #onClosed: () => void = () => undefined;

  constructor(epoch: number) {
    this.epoch = epoch;
  }

  onClosed(told: () => void): void {
    this.#onClosed = told;
  }

  write(bytes: Buffer): boolean {
    if (!this.isOpen) return false;
    for (let at = 0; at < bytes.length; at += 4) {
      if (bytes.readUInt16BE(at) !== 0x4002) throw new Error('wanted PUBACK bytes');
      this.written.push({ kind: 'puback', id: bytes.readUInt16BE(at + 2) });
    }
    return true;
  }

  get publishQuota(): number {
    return this.isOpen ? this.brokerReceiveMaximum - this.#unanswered.length : 0;
  }

  publish({ topic }: OutgoingMessage, onAnswer: (refusal: string | null) => void): void {
    this.written.push({ kind: 'publish', topic });
    this.#unanswered.push(onAnswer);
  }

  /** The broker's PUBACK of the oldest publish. */
  answer(refusal: string | null = null): void {
    this.#unanswered.shift()?.(refusal);
  }

  startHandPings(): void {
    this.handPingsCount += 1;
  }

  stopHandPings(): void {}

  async disconnect(): Promise<void> {
    this.written.push({ kind: 'disconnect' });
    this.lose();
  }

  lose(): void {
    this.isOpen = false;
    this.#onClosed();
  }

  get ackedIds(): number[] {
    return this.written.flatMap((entry) => (entry.kind === 'puback' ? entry.id : []));
  }
}

export interface PendingBatch {
  readonly records: readonly ProduceRecord[];
  /** Everything is stored but the partitions named. */
  answer(failed?: Readonly<Record<number, { code: string; isRetriable: boolean }>>): Promise<void>;
  answerWith(results: readonly PartitionResult[]): Promise<void>;
}

/** Holds each batch until the test answers it. */
export class FakeKafka {
  readonly batches: PendingBatch[] = [];
  /** Everything that was answered as stored, in order. */
  readonly stored: ProduceRecord[] = [];
  /** Answers every batch at once while true. */
  isPrompt = false;
  readonly inFlightBytes = 0;
  readonly counts = { uncovered: 0 };
  readonly partitions = { changedCount: 1, trouble: 'as the test wants' };
  #waiting: (() => void)[] = [];

  produce(records: readonly ProduceRecord[]): Promise<readonly PartitionResult[]> {
    const { promise, resolve } = Promise.withResolvers<readonly PartitionResult[]>();
    const answerWith = async (results: readonly PartitionResult[]): Promise<void> => {
      const at = (record: ProduceRecord) => {
        return results.find((r) => r.topic === record.topic && r.partition === record.partition);
      };
      this.stored.push(...records.filter((record) => at(record)?.kind === 'stored'));
      resolve(results);
      await settled();
    };
    const answer: PendingBatch['answer'] = (failed = {}) => {
      return answerWith(resultsOf(records, failed));
    };
    if (this.isPrompt) void answer();
    else this.batches.push({ records, answer, answerWith });
    for (const wake of this.#waiting.splice(0)) wake();
    return promise;
  }

  /** The oldest batch not answered yet, when there is one. */
  async next(): Promise<PendingBatch> {
    for (;;) {
      const batch = this.batches.shift();
      if (batch) return batch;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  get storedValues(): string[] {
    return this.stored.map(({ value }) => value.toString());
  }
}

function resultsOf(
  records: readonly ProduceRecord[],
  failed: Readonly<Record<number, { code: string; isRetriable: boolean }>>,
): PartitionResult[] {
  const names = new Map(
    records.map(({ topic, partition }) => [`${topic}/${partition}`, { topic, partition }]),
  );
  return [...names.values()].map(({ topic, partition }) => {
    const fault = failed[partition];
    if (!fault) return { kind: 'stored', topic, partition };
    return { kind: 'failed', topic, partition, ...fault, detail: 'as the test wants' };
  });
}

/** After it, everything that follows from an answer has happened. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
