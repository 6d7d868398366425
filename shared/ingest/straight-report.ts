// A whole report straight from the bytes of its frame to those of its Avro record. What is rare is
// declined and goes by way of objects, which decides alone what a frame becomes: the same bytes
// come out here, and straight-report.test.ts holds both ways to that.
//
// Ingest of the typical report of the benches: 1.8 us of CPU and 0.6 KB of objects instead of
// 3.5 us and 8.7 KB. For that, no function here makes an object for a frame.

import type { Encoders } from '../avro/encoder.ts';
import {
  avroText,
  declined,
  longMax,
  otherBranch,
  type Slab,
  type ValueWriter,
  writeBytes,
  writeInt,
  writeLong,
} from '../avro/straight.ts';
import { epochMsOf, timeSize } from '../frame/gb32960/device-time.ts';
import {
  clearText,
  commandFlag,
  commandOffset,
  dataOffset,
  encryptionOffset,
  idOffset,
  idSize,
  lengthOffset,
  overhead,
  responseOffset,
  startByte2016,
  xorOfBytes,
} from '../frame/gb32960/outer-frame.ts';
import { judgeEpoch } from '../telemetry/clock.ts';
import { kafkaTopics } from '../topics.ts';
import type { IngestedRecord, IngestMessage } from './contract.ts';
import type { Hash64 } from './frame-id.ts';
import { fieldsBehindItems } from './gb32960-2016-straight.generated.ts';
import type { Addressed } from './route.ts';
import { StraightItems } from './straight-items.ts';

/** Longer ones are rare, and would need more room in a slab than it is worth. */
const payloadBytesMax = 4096;

/** A byte of an item becomes ten bytes at most; the rest is the head, alarm names and marks. */
const roomBytes = 8192;
const roomPerByte = 10;

const bridgeNameMax = 255;

const reportCommand = 0x02;
const reissueCommand = 0x03;

const codecText = avroText('gb32960-2016');
const signatureText = avroText('absent');
const clockTexts = {
  ok: avroText('ok'),
  unusable: avroText('unusable'),
  future: avroText('future'),
  stale: avroText('stale'),
};

export class StraightReports implements ValueWriter {
  readonly #encoders: Encoders;
  readonly #hash64: Hash64;
  readonly #items = new StraightItems();
  /** Of the memory that the last payload lies in: the frames of a socket's chunk share one. */
  #source: DataView = new DataView(new ArrayBuffer(0));
  #bridge = '';
  #bridgeText = avroText('');
  #payload: Buffer = Buffer.alloc(0);
  #address: Addressed | null = null;
  #message: IngestMessage | null = null;

  constructor(encoders: Encoders, hash64: Hash64) {
    this.#encoders = encoders;
    this.#hash64 = hash64;
  }

  /** Null: the payload is anything else than one whole report of this vehicle, or a rare one. */
  recordOf(payload: Buffer, address: Addressed, message: IngestMessage): IngestedRecord | null {
    if (address.codec !== 'gb32960') return null;
    if (!this.#isReport(payload, address.key) || !this.#isOrdinary(message)) return null;
    const from = payload.byteOffset + dataOffset + timeSize;
    if (!this.#items.read(this.#source, from, payload.byteOffset + payload.length - 1)) return null;
    this.#payload = payload;
    this.#address = address;
    this.#message = message;
    const isReissued = payload[commandOffset] === reissueCommand;
    const kafkaTopic = isReissued ? kafkaTopics.backfill : kafkaTopics.telemetry;
    const bytesMax = roomBytes + roomPerByte * payload.length;
    const value = this.#encoders.writeTelemetry(kafkaTopic, bytesMax, this);
    return value === null ? null : { kafkaTopic, key: address.key, value };
  }

  /** As `isFrame` and `decodeFrame` look at it. */
  #isReport(payload: Buffer, key: Buffer): boolean {
    const { length } = payload;
    if (length < overhead + timeSize || length > payloadBytesMax) return false;
    if (payload[0] !== startByte2016 || payload[1] !== startByte2016) return false;
    const command = payload[commandOffset];
    if (command !== reportCommand && command !== reissueCommand) return false;
    if (payload[responseOffset] !== commandFlag) return false;
    if (payload[encryptionOffset] !== clearText) return false;
    const dataLength = (payload[lengthOffset]! << 8) | payload[lengthOffset + 1]!;
    if (dataLength + overhead !== length || !isIdOf(payload, key)) return false;
    const { buffer, byteOffset } = payload;
    if (this.#source.buffer !== buffer) this.#source = new DataView(buffer);
    const bccAt = byteOffset + length - 1;
    return xorOfBytes(this.#source, byteOffset + commandOffset, bccAt) === payload[length - 1];
  }

  /** Whether its numbers are such that they need no second look. */
  #isOrdinary({ receivedAt, origin }: IngestMessage): boolean {
    const { bridge, epoch, sequence } = origin;
    if (!isCount(receivedAt) || !isCount(sequence) || epoch < 0 || epoch !== (epoch | 0)) {
      return false;
    }
    if (bridge === this.#bridge) return true;
    if (bridge.length > bridgeNameMax || !bridge.isWellFormed()) return false;
    this.#bridge = bridge;
    this.#bridgeText = avroText(bridge);
    return true;
  }

  /** In the order of the schema. */
  write(slab: Slab, from: number): number {
    const { bytes } = slab;
    const marksAt = this.#writeHead(slab, from);
    bytes[marksAt] = 0;
    let to = this.#items.write(slab, marksAt + 1);
    if (this.#items.markCount > 0) {
      // Marks stand before what they are of: now that they are known, the items come once more.
      to = this.#items.writeMarks(bytes, marksAt);
      if (to !== declined) to = this.#items.write(slab, to);
    }
    if (to === declined) return declined;
    for (let left = fieldsBehindItems; left > 0; left -= 1) bytes[to++] = 0;
    return to;
  }

  /** Everything before `fieldStates`. */
  #writeHead({ bytes, view }: Slab, from: number): number {
    const payload = this.#payload;
    const { key, hashPrefix } = this.#address!;
    const { receivedAt, origin } = this.#message!;
    bytes[from] = otherBranch;
    const unit = payload.subarray(dataOffset, payload.length - 1);
    view.setBigUint64(from + 1, this.#hash64(hashPrefix, unit));
    let to = writeBytes(bytes, from + 9, this.#bridgeText);
    to = writeInt(bytes, to, origin.epoch);
    to = writeLong(bytes, to, origin.sequence);
    to = writeInt(bytes, to, key.length);
    to = writeBytes(bytes, to, key);
    // No `terminalId`: it is the text of the topic.
    bytes[to++] = 0;
    to = writeBytes(bytes, to, codecText);
    bytes[to++] = payload[commandOffset] === reissueCommand ? 1 : 0;
    const { eventTime, clockState } = judgeEpoch(epochMsOf(payload, dataOffset), receivedAt);
    to = writeLong(bytes, to, eventTime);
    to = writeLong(bytes, to, receivedAt);
    to = writeBytes(bytes, to, clockTexts[clockState]);
    bytes[to++] = otherBranch;
    to = writeInt(bytes, to, timeSize);
    for (let at = dataOffset; at < dataOffset + timeSize; at += 1) bytes[to++] = payload[at]!;
    // Not partial, no reason why, no remainder.
    bytes[to++] = 0;
    bytes[to++] = 0;
    bytes[to++] = 0;
    return writeBytes(bytes, to, signatureText);
  }
}

/** Only where all characters are ASCII are equal bytes equal texts, and the other way round. */
function isIdOf(payload: Buffer, key: Buffer): boolean {
  if (key.length !== idSize) return false;
  let difference = 0;
  for (let at = 0; at < idSize; at += 1) {
    const byte = key[at]!;
    difference |= (byte ^ payload[idOffset + at]!) | (byte & 0x80);
  }
  return difference === 0;
}

function isCount(value: number): boolean {
  return value >= 0 && value <= longMax && Number.isInteger(value);
}
