// The parts of split messages: joined when all are there in time, and never more than the bounds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PartAssembly, type PartLimits, partBytes } from '#shared/ingest/part-assembly.ts';

const limits: PartLimits = {
  ageMs: 60_000,
  partsMax: 100,
  vehicleBytesMax: 100_000,
  bytesMax: 1_000_000,
};

interface Added {
  readonly vehicleId?: string;
  readonly message?: string;
  readonly total?: number;
  readonly text?: string;
  readonly at?: number;
}

function add(assembly: PartAssembly, index: number, change: Added = {}): string | null {
  const { vehicleId = 'car', message = 'm', total = 3, text = `${index}`, at = 0 } = change;
  const bytes = Buffer.from(text);
  const parts = assembly.add({ vehicleId, place: { message, total, index }, bytes }, at);
  return parts === null ? null : Buffer.concat(parts).toString();
}

function assertEmpty(assembly: PartAssembly): void {
  assert.deepEqual([assembly.heldCount, assembly.heldBytes], [0, 0]);
}

test('joins the parts in their order, whichever came last, and holds nothing then', () => {
  for (const order of [
    [1, 2, 3],
    [3, 1, 2],
    [2, 3, 1],
  ]) {
    const assembly = new PartAssembly(limits);
    const answers = order.map((index) => add(assembly, index));
    assert.deepEqual(answers, [null, null, '123']);
    assert.equal(assembly.counts.wholeCount, 1);
    assertEmpty(assembly);
  }
});

test('takes a message of one part at once', () => {
  const assembly = new PartAssembly(limits);
  assert.equal(add(assembly, 1, { total: 1 }), '1');
  assertEmpty(assembly);
});

test('holds a part that comes twice once, and the later one counts', () => {
  const assembly = new PartAssembly(limits);
  add(assembly, 1);
  const { heldBytes } = assembly;
  assert.equal(add(assembly, 1, { text: 'x' }), null);
  assert.deepEqual([assembly.heldCount, assembly.heldBytes], [1, heldBytes]);
  add(assembly, 3);
  assert.equal(add(assembly, 2), 'x23');
  assertEmpty(assembly);
});

test('keeps messages apart by vehicle, by message and by their number of parts', () => {
  const assembly = new PartAssembly(limits);
  const others = [{}, { vehicleId: 'bus' }, { message: 'n' }, { total: 2 }];
  for (const other of others) assert.equal(add(assembly, 1, other), null);
  assert.equal(add(assembly, 2, { total: 2 }), '12');
  for (const other of others.slice(0, 3)) assert.equal(add(assembly, 2, other), null);
  for (const other of others.slice(0, 3)) assert.equal(add(assembly, 3, other), '123');
  assertEmpty(assembly);
});

test('gives up what waits for too long, counted from its first part', () => {
  const assembly = new PartAssembly(limits);
  add(assembly, 1, { at: 0 });
  add(assembly, 2, { at: 60_000 });
  assert.equal(assembly.heldCount, 2);
  assert.equal(add(assembly, 3, { at: 60_001 }), null);
  assert.equal(assembly.counts.givenUpCounts.age, 1);
  assert.equal(assembly.heldCount, 1);
  assembly.expire(120_002);
  assertEmpty(assembly);
});

test('never holds the parts of a message that has too many', () => {
  const assembly = new PartAssembly(limits);
  assert.equal(add(assembly, 1, { total: 101 }), null);
  assert.equal(assembly.counts.givenUpCounts.parts, 1);
  assertEmpty(assembly);
});

test('gives up the oldest message of a vehicle that sends too much, and of no other', () => {
  const assembly = new PartAssembly({ ...limits, vehicleBytesMax: 3 * (partBytes + 10) });
  const text = 'x'.repeat(10);
  add(assembly, 1, { vehicleId: 'bus', text });
  for (const message of ['a', 'b', 'c', 'd']) add(assembly, 1, { message, text });
  assert.equal(assembly.counts.givenUpCounts.vehicle_bytes, 1);
  assert.equal(assembly.heldCount, 4);
  for (const index of [2, 3]) add(assembly, index, { vehicleId: 'bus', text });
  assert.equal(assembly.counts.wholeCount, 1);
});

test('gives up a message that is too large for the vehicle alone', () => {
  const assembly = new PartAssembly({ ...limits, vehicleBytesMax: 1000 });
  assert.equal(add(assembly, 1, { text: 'x'.repeat(601) }), null);
  assert.equal(assembly.counts.givenUpCounts.vehicle_bytes, 1);
  assertEmpty(assembly);
});

test('stays within its bytes in a flood of vehicles that never finish', () => {
  const bytesMax = 200_000;
  const assembly = new PartAssembly({ ...limits, bytesMax });
  for (let at = 0; at < 20_000; at += 1) {
    add(assembly, 1, { vehicleId: `car-${at}`, text: 'x'.repeat(at % 500) });
    assert.ok(assembly.heldBytes <= bytesMax);
  }
  assert.ok(assembly.counts.givenUpCounts.bytes > 19_000);
  assert.ok(assembly.heldBytes > bytesMax / 2);
});

test('two replicas that have half each join nothing, and forget what they have', () => {
  const [one, other] = [new PartAssembly(limits), new PartAssembly(limits)];
  assert.deepEqual([add(one, 1), add(other, 2), add(one, 3)], [null, null, null]);
  for (const assembly of [one, other]) {
    assembly.expire(limits.ageMs + 1);
    assertEmpty(assembly);
    assert.deepEqual([assembly.counts.wholeCount, assembly.counts.givenUpCounts.age], [0, 1]);
  }
});

test('whatever comes, counts what it holds and joins only what is whole', () => {
  const part = fc.record({
    vehicleId: fc.constantFrom('a', 'b', 'c'),
    message: fc.constantFrom('m', 'n'),
    total: fc.integer({ min: 1, max: 4 }),
    index: fc.integer({ min: 1, max: 4 }),
    length: fc.integer({ min: 0, max: 600 }),
    waitMs: fc.integer({ min: 0, max: 200 }),
  });
  const small = { ageMs: 1000, partsMax: 3, vehicleBytesMax: 2500, bytesMax: 5000 };
  fc.assert(
    fc.property(fc.array(part, { maxLength: 200 }), (parts) => {
      const assembly = new PartAssembly(small);
      let now = 0;
      for (const { vehicleId, message, total, index, length, waitMs } of parts) {
        if (index > total) continue;
        now += waitMs;
        const place = { message, total, index };
        const joined = assembly.add({ vehicleId, place, bytes: Buffer.alloc(length) }, now);
        if (joined !== null) assert.equal(joined.length, total);
        assert.ok(assembly.heldBytes <= small.bytesMax);
        assert.ok(assembly.heldBytes >= assembly.heldCount * partBytes);
      }
      assembly.expire(now + small.ageMs + 1);
      assertEmpty(assembly);
    }),
    { seed: 808, numRuns: 300 },
  );
});
