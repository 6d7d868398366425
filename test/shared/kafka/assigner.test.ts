// Partition numbers over the members of a group.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AssignMember, assignPartitions } from '#shared/kafka/assigner.ts';

const seed = 5;

const members = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc.record({ id: fc.constant(id), owned: fc.array(fc.integer({ min: -3, max: 130 })) }),
      ),
    ),
  );
const partitionCount = fc.integer({ min: 0, max: 120 });

test('every partition comes to exactly one member, and the shares are even', () => {
  fc.assert(
    fc.property(members, partitionCount, (group, count) => {
      const assigned = assignPartitions(group, count);
      const all = [...assigned.values()].flat().sort((a, b) => a - b);
      assert.deepEqual(
        all,
        Array.from({ length: count }, (_, at) => at),
      );
      const sizes = [...assigned.values()].map(({ length }) => length);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
      assert.equal(assigned.size, group.length);
    }),
    { seed },
  );
});

test('the order in which members are named changes nothing', () => {
  fc.assert(
    fc.property(members, partitionCount, (group, count) => {
      const there = assignPartitions(group, count);
      const back = assignPartitions(group.toReversed(), count);
      for (const [id, partitions] of there) assert.deepEqual(back.get(id), partitions);
    }),
    { seed },
  );
});

const steps = fc.array(fc.constantFrom('join', 'leave'), { minLength: 1, maxLength: 12 });

test('a join takes only what the newcomer gets, a leave only what the leaver had', () => {
  fc.assert(
    fc.property(steps, partitionCount, (moves, count) => {
      let group: readonly AssignMember[] = [{ id: 'm0', owned: [] }];
      for (const [at, move] of moves.entries()) {
        const before = assignPartitions(group, count);
        const kept = group.map(({ id }) => ({ id, owned: before.get(id)! }));
        const next =
          move === 'join' || kept.length === 1
            ? [...kept, { id: `m${at + 1}`, owned: [] }]
            : kept.slice(1);
        const after = assignPartitions(next, count);
        const movedCount = next.flatMap(({ id, owned }) =>
          owned.filter((partition) => !after.get(id)!.includes(partition)),
        ).length;
        const newcomer = next.length > kept.length ? after.get(`m${at + 1}`)!.length : 0;
        assert.equal(movedCount, newcomer, `${move} with ${kept.length} members`);
        group = next;
      }
    }),
    { seed },
  );
});
