// Our batches must be, byte for byte, what kafkajs makes of the same records.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { crc32c } from '#shared/kafka/crc32c.ts';
import { encodeRecordBatch } from '#shared/kafka/record-batch.ts';

const require = createRequire(import.meta.url);

interface Encoder {
  readonly buffer: Buffer;
}

interface Batches {
  RecordBatch(batch: object): Promise<Encoder>;
}

type EncodeRecord = (record: object) => Encoder;

const batchPath = 'kafkajs/src/protocol/recordBatch/v0/index.js';
const recordPath = 'kafkajs/src/protocol/recordBatch/record/v0/index.js';

const originalBatches = require(batchPath) as Batches;
const originalRecord = require(recordPath) as EncodeRecord;

const noProducer = { producerId: -1n, producerEpoch: 0, firstSequence: 0 };
const timestamp = 1_795_573_936_595;

/** As kafkajs's Produce request calls it. */
function requestOf(records: readonly object[], encode: EncodeRecord): object {
  return {
    ...noProducer,
    compression: 0,
    transactional: false,
    firstTimestamp: timestamp,
    maxTimestamp: timestamp,
    lastOffsetDelta: records.length - 1,
    records: records.map((record, offsetDelta) =>
      encode({ ...record, offsetDelta, timestampDelta: 0 }),
    ),
  };
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 60, maxLength: 70 }),
  fc.uint8Array({ minLength: 8_180, maxLength: 8_200, size: 'max' }),
);
const buffer = bytes.map((each) => Buffer.from(each));
const anyRecords = fc.array(fc.record({ key: buffer, value: buffer }), {
  minLength: 1,
  maxLength: 80,
});

test('writes the bytes that kafkajs writes', async () => {
  await fc.assert(
    fc.asyncProperty(anyRecords, async (records) => {
      const theirs = await originalBatches.RecordBatch(requestOf(records, originalRecord));
      const ours = encodeRecordBatch(records, { timestamp, attributes: 0, compress: undefined });
      assert.ok(ours.equals(theirs.buffer));
    }),
    { numRuns: 100, seed: 32960 },
  );
});

test('writes lengths of every size', async () => {
  for (const length of [0, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576, 2_000_000]) {
    const records = [{ key: Buffer.from('v'), value: Buffer.alloc(length, 7) }];
    const theirs = await originalBatches.RecordBatch(requestOf(records, originalRecord));
    const ours = encodeRecordBatch(records, { timestamp, attributes: 0, compress: undefined });
    assert.ok(ours.equals(theirs.buffer), `${length}`);
  }
});

test('compresses the records and nothing else', () => {
  const records = [0, 1, 2].map((n) => ({ key: Buffer.from(`${n}`), value: Buffer.alloc(300, n) }));
  const plain = encodeRecordBatch(records, { timestamp, attributes: 0, compress: undefined });
  const packed = encodeRecordBatch(records, {
    timestamp,
    attributes: 4,
    compress: (each) => zstdCompressSync(each),
  });
  assert.ok(zstdDecompressSync(packed.subarray(61)).equals(plain.subarray(61)));
  assert.equal(packed.readInt16BE(21), 4);
  assert.equal(packed.readInt32BE(8), packed.length - 12);
  assert.equal(packed.readUInt32BE(17), crc32c(packed, 21));
});

test('checks sums as kafkajs does, and as RFC 3720 does', () => {
  // RFC 3720 B.4: 32 bytes of zeroes, stored there in reverse byte order.
  assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
  const theirs = require('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (
    bytes: Uint8Array,
  ) => number;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (each) => crc32c(each) === theirs(each)),
    { numRuns: 1_000, seed: 32960 },
  );
});
