// A flood of parts that never become a message: of one terminal and of very many. What is held is
// what the limits say, and the heap stays where it was.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { buildFrame } from '#shared/frame/jt808/encode-frame.ts';
import { PartAssembly } from '#shared/ingest/part-assembly.ts';
import { messageOf, testIngest } from '#test/shared/ingest/ingest-bed.ts';

const limits = { ageMs: 3_600_000, partsMax: 1024, vehicleBytesMax: 262_144, bytesMax: 4_194_304 };
const settledCount = 20_000;
const floodCount = 60_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Flood {
  readonly phoneOf: (n: number) => string;
  readonly packetOf: (n: number) => { readonly total: number; readonly index: number };
}

const floods: Readonly<Record<string, Flood>> = {
  'one terminal, messages without end': {
    phoneOf: () => '13900000001',
    packetOf: (n) => ({ total: 3, index: 1 + (n % 2) }),
  },
  'one terminal, one message of 65,535 parts': {
    phoneOf: () => '13900000001',
    packetOf: (n) => ({ total: 65_535, index: 1 + (n % 65_535) }),
  },
  'very many terminals, a part each': {
    // As many as are seen before memory is looked at: what is known of each is no part.
    phoneOf: (n) => String(13_900_000_000 + (n % settledCount)),
    packetOf: (n) => ({ total: 2, index: 1 + (n % 2) }),
  },
  'parts that cannot be: index 0, index beyond the total, none in all': {
    phoneOf: () => '13900000001',
    packetOf: (n) => ({ total: n % 3, index: n % 2 === 0 ? 0 : 9 }),
  },
};

for (const [name, { phoneOf, packetOf }] of Object.entries(floods)) {
  test(`memory stays flat: ${name}`, async () => {
    const assembly = new PartAssembly(limits);
    const ingest = await testIngest({ assembly });
    const send = (n: number) => {
      const phone = phoneOf(n);
      const bytes = Buffer.alloc(n % 300, n);
      const payload = buildFrame({
        messageId: 0x0801,
        phone,
        // Each message a serial of its own, so that none is ever whole.
        serial: (3 * n) & 0xffff,
        packet: packetOf(n),
        body: { kind: 'part', bytes },
      });
      const { records } = ingest(messageOf(payload, `v1/up/${phone}/jt808`));
      assert.ok(records.length >= 1, 'each part is stored');
      assert.ok(assembly.heldBytes <= limits.bytesMax, 'bytes held');
    };
    for (let n = 0; n < settledCount; n += 1) send(n);
    const before = await heldMemory();
    for (let n = settledCount; n < floodCount; n += 1) send(n);
    const grown = (await heldMemory()) - before;
    assert.ok(grown < limits.bytesMax / 4, `grown by ${grown} bytes`);
    assert.equal(assembly.counts.wholeCount, 0);
  });
}

/** Buffers that are done with are given back behind the collector, a turn later. */
async function heldMemory(): Promise<number> {
  for (let time = 0; time < 3; time += 1) {
    collect();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
