// Ordered retry, as a property: whatever Kafka answers to each partition of each batch, every
// record is stored, in the order of its partition, and none is sent past one that is not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PartitionResult, ProduceRecord } from '#shared/kafka/producer.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { type PendingBatch, settled } from './fakes.ts';
import { balance, createRig, payload } from './rig.ts';

const partitions = 4;
const laneCount = 2;

/** What Kafka does with one partition of one batch. */
const fates = ['stored', 'lost answer', 'moved', 'uncovered', 'unauthorised', 'sick'] as const;
type Fate = (typeof fates)[number];

const codes: Partial<Record<Fate, string>> = {
  'lost answer': 'NETWORK_EXCEPTION',
  moved: 'NOT_LEADER_OR_FOLLOWER',
  unauthorised: 'TOPIC_AUTHORIZATION_FAILED',
  sick: 'A_CODE_THAT_NOBODY_KNOWS',
};

const round = fc.record({
  /** Partition of each message that comes; true: its record can never be stored. */
  arrivals: fc.array(fc.tuple(fc.nat(partitions - 1), fc.boolean()), { maxLength: 12 }),
  fates: fc.array(fc.constantFrom(...fates), { minLength: partitions, maxLength: partitions }),
});

/** A Kafka that keeps what is stored of each partition, and looks at what it is sent. */
class Broker {
  /** Every record of a partition, in the order in which it came to the bridge. */
  readonly arrived: string[][] = Array.from({ length: partitions }, () => []);
  /** As a consumer would read them, copies and all. */
  readonly stored: string[][] = Array.from({ length: partitions }, () => []);
  readonly quarantined = new Set<string>();

  async answer(batch: PendingBatch, fateOf: (partition: number) => Fate): Promise<void> {
    const groups = Map.groupBy(batch.records, ({ topic, partition }) => `${topic}/${partition}`);
    const results = [...groups.values()].map((records) => this.#answerTo(records, fateOf));
    await batch.answerWith(results.flat());
  }

  #answerTo(records: readonly ProduceRecord[], fateOf: (partition: number) => Fate) {
    const { topic, partition } = records[0]!;
    const texts = records.map(({ value }) => value.toString());
    if (topic === kafkaTopics.quarantine) return this.#quarantine(partition, texts, fateOf);
    this.#checkOrder(partition, texts);
    const fate = fateOf(partition);
    const failed = (code: string, isRetriable: boolean): PartitionResult[] => {
      return [{ kind: 'failed', topic, partition, code, isRetriable, detail: fate }];
    };
    if (fate === 'moved' || fate === 'sick') return failed(codes[fate]!, true);
    if (fate === 'unauthorised') return failed(codes[fate]!, false);
    if (texts.some((text) => text.includes('poison'))) return failed('INVALID_RECORD', false);
    this.stored[partition]!.push(...texts);
    if (fate === 'lost answer') return failed(codes[fate]!, true);
    const stored: PartitionResult = { kind: 'stored', topic, partition };
    return fate === 'uncovered' ? [] : [stored];
  }

  #quarantine(partition: number, texts: readonly string[], fateOf: (partition: number) => Fate) {
    const topic = kafkaTopics.quarantine;
    if (fateOf(partition) !== 'stored') return [];
    for (const text of texts) this.quarantined.add(/refused (.*) INVALID/s.exec(text)![1]!);
    return [{ kind: 'stored', topic, partition } as const];
  }

  /** From the oldest that is not known to be stored on, without a gap. */
  #checkOrder(partition: number, texts: readonly string[]): void {
    const open = this.arrived[partition]!.filter((text) => !this.#isDone(partition, text));
    const [first] = texts;
    const from = this.arrived[partition]!.indexOf(first!);
    const oldestOpen = this.arrived[partition]!.indexOf(open[0] ?? first!);
    assert.ok(from <= oldestOpen, `sent ${first} before ${open[0]}`);
    const expected = this.arrived[partition]!.slice(from).filter((text) => !this.#isGone(text));
    assert.deepEqual(texts, expected.slice(0, texts.length), 'a gap or another order');
  }

  #isDone(partition: number, text: string): boolean {
    return this.stored[partition]!.includes(text) || this.#isGone(text);
  }

  /** The lane has let go of it; a record in its place is on its way or there. */
  readonly gone = new Set<string>();
  #isGone(text: string): boolean {
    return this.gone.has(text);
  }
}

test('stores every record in the order of its partition, whatever Kafka answers', async () => {
  const property = fc.asyncProperty(fc.array(round, { maxLength: 40 }), async (rounds) => {
    const rig = createRig({ laneCount, limits: { batchRecords: 7, batchBytes: 40 } });
    const { deliver } = rig.connect();
    const broker = new Broker();
    const refuse = rig.path.recordRefused;
    Object.assign(rig.path, {
      recordRefused: (...args: Parameters<typeof refuse>) => {
        broker.gone.add(args[0].value.toString());
        return refuse(...args);
      },
    });
    let count = 0;
    for (const { arrivals, fates: given } of rounds) {
      for (const [partition, isPoison] of arrivals) {
        count += 1;
        const text = isPoison && count % 5 === 0 ? `poison ${count}` : `${count}`;
        // Of many sizes: what is left over by a full batch must keep its place.
        const bytes = payload(partition, text.padEnd(count % 23));
        broker.arrived[partition]!.push(bytes.toString());
        deliver({ payload: bytes });
      }
      await settled();
      const inFlight = rig.kafka.batches.splice(0);
      assert.ok(inFlight.length <= laneCount, 'one batch in flight for each lane');
      for (const batch of inFlight) await broker.answer(batch, (partition) => given[partition]!);
    }
    await flowOut(rig, broker, count);
    for (const [partition, arrived] of broker.arrived.entries()) {
      const firsts = [...new Set(broker.stored[partition])];
      const good = arrived.filter((text) => !text.includes('poison'));
      assert.deepEqual(firsts, good, `partition ${partition}`);
      const poisoned = arrived.filter((text) => text.includes('poison'));
      assert.ok(poisoned.every((text) => broker.quarantined.has(text)));
    }
    assert.equal(rig.heldBytes.bytes, 0);
  });
  await fc.assert(property, { seed: 20_261_125, numRuns: 80 });
});

/** Kafka is well from now on. */
async function flowOut(
  { kafka, ledger }: ReturnType<typeof createRig>,
  broker: Broker,
  count: number,
): Promise<void> {
  while (balance(ledger).inFlight > 0) {
    await broker.answer(await kafka.next(), () => 'stored');
    await settled();
  }
  const { received, missing } = balance(ledger);
  assert.deepEqual({ received, missing }, { received: count, missing: 0 });
}
