// A broker as Kafka's is: it takes two batches with the same numbers for one, and refuses gaps.
// Whatever fails, and however often: no record may be missing, and the same numbers never stand for
// two different batches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ProduceRecord } from '#shared/kafka/producer.ts';
import type { ProducerFacts } from '#shared/kafka/record-batch.ts';
import { Sequences } from '#shared/kafka/sequences.ts';

function createSequences(): Sequences {
  let asked = 0;
  return new Sequences(async () => ({ id: BigInt(++asked), epoch: 0 }));
}

function recordsOf(count: number, partition = 0): readonly ProduceRecord[] {
  return Array.from({ length: count }, () => {
    return { topic: 't', partition, key: Buffer.alloc(0), value: Buffer.alloc(0) };
  });
}

const oneBatch = async (sequences: Sequences, records: readonly ProduceRecord[]) =>
  (await sequences.stamp([records]))[0]!;

function numbersOf({ id, epoch, firstSequence }: ProducerFacts) {
  return [Number(id), epoch, firstSequence];
}

test('numbers the records of each partition on from where the last batch ended', async () => {
  const sequences = createSequences();
  const first = [recordsOf(3, 0), recordsOf(2, 1)];
  assert.deepEqual((await sequences.stamp(first)).map(numbersOf), [
    [1, 0, 0],
    [1, 0, 0],
  ]);
  for (const company of first) sequences.stored(company);
  const second = [recordsOf(1, 0), recordsOf(1, 1)];
  assert.deepEqual((await sequences.stamp(second)).map(numbersOf), [
    [1, 0, 3],
    [1, 0, 2],
  ]);
});

test('the same records that are sent again have the same numbers', async () => {
  const sequences = createSequences();
  const records = recordsOf(3);
  const before = numbersOf(await oneBatch(sequences, records));
  sequences.failed(records, { isOfNumbers: false });
  assert.deepEqual(numbersOf(await oneBatch(sequences, records)), before);
  sequences.stored(records);
  assert.deepEqual(numbersOf(await oneBatch(sequences, recordsOf(1))), [1, 0, 3]);
});

test('records that are sent again in other company have a producer of their own', async () => {
  const sequences = createSequences();
  const records = recordsOf(3);
  await oneBatch(sequences, records);
  sequences.failed(records, { isOfNumbers: false });
  const merged = [...records, ...recordsOf(2)];
  assert.deepEqual(numbersOf(await oneBatch(sequences, merged)), [2, 0, 0]);
  assert.deepEqual(numbersOf(await oneBatch(sequences, recordsOf(1, 1))), [2, 0, 0]);
});

test('numbers that the broker refuses again and again are given up', async () => {
  const sequences = createSequences();
  const records = recordsOf(3);
  await oneBatch(sequences, records);
  for (let n = 0; n < 3; n += 1) sequences.failed(records, { isOfNumbers: true });
  assert.deepEqual(numbersOf(await oneBatch(sequences, records)), [2, 0, 0]);
});

/** One partition of a broker that remembers every batch. */
class Partition {
  readonly stored = new Set<ProduceRecord>();
  readonly #batches = new Map<string, readonly ProduceRecord[]>();
  readonly #next = new Map<bigint, number>();

  /** False: the numbers do not follow on from what it knows. */
  append({ id, firstSequence }: ProducerFacts, records: readonly ProduceRecord[]): boolean {
    const key = `${id}/${firstSequence}/${records.length}`;
    const known = this.#batches.get(key);
    if (known !== undefined) {
      assert.deepEqual(known, records, `${key} stands for two batches`);
      return true;
    }
    if (firstSequence !== (this.#next.get(id) ?? 0)) return false;
    this.#batches.set(key, records);
    this.#next.set(id, firstSequence + records.length);
    for (const record of records) this.stored.add(record);
    return true;
  }
}

const fate = fc.constantFrom('answered', 'lost on the way', 'answer lost', 'given up');

test('no record that counts as stored is missing, whatever is lost and however it is cut', async () => {
  const plan = fc.array(fc.record({ take: fc.integer({ min: 1, max: 4 }), fate }), {
    maxLength: 60,
  });
  const property = fc.asyncProperty(plan, async (steps) => {
    const sequences = createSequences();
    const partition = new Partition();
    const waiting = [...recordsOf(40)];
    for (const { take, fate } of steps) {
      const records = waiting.slice(0, take);
      if (records.length === 0) break;
      const stamp = await oneBatch(sequences, records);
      const isTaken = fate !== 'lost on the way' && partition.append(stamp, records);
      if (isTaken && fate === 'answered') {
        sequences.stored(records);
        for (const record of records) assert.ok(partition.stored.has(record));
      } else {
        sequences.failed(records, { isOfNumbers: fate === 'answered' });
      }
      // A lane never gives up; who does must not spoil what follows.
      if ((isTaken && fate === 'answered') || fate === 'given up') waiting.splice(0, take);
    }
  });
  await fc.assert(property, { seed: 32960, numRuns: 500 });
});
