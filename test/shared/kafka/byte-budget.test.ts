// The bound on bytes with the brokers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createByteBudget } from '#shared/kafka/byte-budget.ts';

test('lets a batch wait until there is room for it', async () => {
  const budget = createByteBudget(100);
  await budget.acquire(70);
  const order: string[] = [];
  const large = budget.acquire(60).then(() => order.push('large'));
  const small = budget.acquire(10).then(() => order.push('small'));
  assert.equal(budget.bytesInUse, 70);
  budget.release(70);
  await Promise.all([large, small]);
  assert.deepEqual(order, ['large', 'small']);
  assert.equal(budget.bytesInUse, 70);
});

test('refuses what can never fit', async () => {
  await assert.rejects(createByteBudget(100).acquire(101), RangeError);
});

test('never lets more out than the limit, and everything in the end', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(sizes, async (bytes) => {
      const budget = createByteBudget(100);
      await Promise.all(
        bytes.map(async (size) => {
          await budget.acquire(size);
          assert.ok(budget.bytesInUse <= 100);
          await Promise.resolve();
          budget.release(size);
        }),
      );
      assert.equal(budget.bytesInUse, 0);
    }),
    { seed: 32960 },
  );
});
