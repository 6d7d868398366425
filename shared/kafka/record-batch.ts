// Records into the bytes of a Kafka record batch, in two passes: sizes, then bytes. Pure.
//
// RecordBatch (magic 2, org.apache.kafka.common.record.DefaultRecordBatch):
//   baseOffset int64, batchLength int32, partitionLeaderEpoch int32, magic int8, crc uint32,
//   attributes int16, lastOffsetDelta int32, baseTimestamp int64, maxTimestamp int64,
//   producerId int64, producerEpoch int16, baseSequence int32, recordCount int32, records
// Record: length varint, attributes int8, timestampDelta varlong, offsetDelta varint,
//   keyLength varint, key, valueLength varint, value, headerCount varint

import { crc32c } from './crc32c.ts';

export interface BatchRecord {
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface BatchFacts {
  /** Epoch ms, of every record. */
  readonly timestamp: number;
  /** The codec's bits; 0: none. */
  readonly attributes: number;
  /** Of the codec; its answer is what is stored. Neither buffer is used after the call. */
  readonly compress: ((records: Buffer) => Buffer) | undefined;
  /** Undefined: of a producer without an id, which is not idempotent. */
  readonly producer?: ProducerFacts | undefined;
}

export interface ProducerFacts {
  readonly id: bigint;
  readonly epoch: number;
  /** Of the batch's first record, in its partition. */
  readonly firstSequence: number;
}

const nobody: ProducerFacts = { id: -1n, epoch: 0, firstSequence: 0 };

/** One batch of one partition. */
export function encodeRecordBatch(records: readonly BatchRecord[], facts: BatchFacts): Buffer {
  const plainSize = sizeOfRecords(records);
  const { compress } = facts;
  if (compress === undefined) {
    const batch = Buffer.allocUnsafe(headerSize + plainSize);
    writeRecords(batch, headerSize, records);
    return withHeader(batch, records.length, facts);
  }
  const plain = plainBuffer(plainSize);
  writeRecords(plain, 0, records);
  const compressed = compress(plain);
  const batch = Buffer.allocUnsafe(headerSize + compressed.length);
  compressed.copy(batch, headerSize);
  return withHeader(batch, records.length, facts);
}

/**
 * The same memory each time: 70 MB of buffers for 100,000 frames are what V8 marks its heap for.
 * A large batch has its own, so that it is not kept for good.
 */
function plainBuffer(size: number): Buffer {
  return size > plainKept.length ? Buffer.allocUnsafeSlow(size) : plainKept.subarray(0, size);
}

const plainKept = Buffer.allocUnsafeSlow(512 * 1024);

const headerSize = 61;
const lengthAt = 8;
/** batchLength counts what follows it. */
const lengthEnd = 12;
const crcAt = 17;
/** The checksum covers everything from here. */
const attributesAt = 21;
const magic = 2;

function withHeader(batch: Buffer, count: number, facts: BatchFacts): Buffer {
  const { timestamp, attributes, producer = nobody } = facts;
  const time = BigInt(timestamp);
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - lengthEnd, lengthAt);
  batch.writeInt32BE(0, 12);
  batch.writeInt8(magic, 16);
  batch.writeInt16BE(attributes, attributesAt);
  batch.writeInt32BE(count - 1, 23);
  batch.writeBigInt64BE(time, 27);
  batch.writeBigInt64BE(time, 35);
  batch.writeBigInt64BE(producer.id, 43);
  batch.writeInt16BE(producer.epoch, 51);
  batch.writeInt32BE(producer.firstSequence, 53);
  batch.writeInt32BE(count, 57);
  batch.writeUInt32BE(crc32c(batch, attributesAt), crcAt);
  return batch;
}

function sizeOfRecords(records: readonly BatchRecord[]): number {
  let size = 0;
  for (let index = 0; index < records.length; index++) {
    const body = sizeOfBody(records[index]!, index);
    size += sizeOfLength(body) + body;
  }
  return size;
}

function sizeOfBody({ key, value }: BatchRecord, index: number): number {
  const lengths = sizeOfLength(index) + sizeOfLength(key.length) + sizeOfLength(value.length);
  // Attributes, timestamp delta 0 and header count 0 take a byte each.
  return 3 + lengths + key.length + value.length;
}

/** Zigzag doubles a length: a byte holds up to 63. */
function sizeOfLength(length: number): number {
  if (length < 0x40) return 1;
  if (length < 0x2000) return 2;
  if (length < 0x100000) return 3;
  return length < 0x8000000 ? 4 : 5;
}

function writeRecords(target: Buffer, from: number, records: readonly BatchRecord[]): void {
  let at = from;
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!;
    const { key, value } = record;
    at = writeLength(target, at, sizeOfBody(record, index));
    target[at++] = 0;
    target[at++] = 0;
    at = writeLength(target, at, index);
    at = writeLength(target, at, key.length);
    target.set(key, at);
    at = writeLength(target, at + key.length, value.length);
    target.set(value, at);
    at += value.length;
    target[at++] = 0;
  }
}

/** A zigzag varint of what is never negative; answers where the next byte goes. */
function writeLength(target: Buffer, from: number, length: number): number {
  let rest = length * 2;
  let at = from;
  while (rest > 0x7f) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}
