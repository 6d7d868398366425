// Takes the PUBLISH packets out of the bytes of one connection and passes everything else on as it
// came. Knows no socket and no MQTT.js.
//
// Control packet (MQTT 5 section 2.1): type and flags int8, remaining length varint, the rest.
// PUBLISH (section 3.3): topic length int16, topic, packet id int16 (QoS 1 and 2 only),
//   properties length varint, properties, payload
//
// MQTT.js makes some twenty calls and eight buffers of each PUBLISH; see link.ts for the gain.

import { TopicTexts } from './topic-texts.ts';

/** A PUBLISH as it came. The payload is a view into the socket's chunk. */
export interface Delivery {
  readonly topic: string;
  readonly payload: Buffer;
  /** 0 or 1. */
  readonly qos: number;
  readonly dup: boolean;
  /** Absent at QoS 0. */
  readonly messageId?: number;
}

/** Lets the next packet come. Says nothing to the broker: the PUBACK is its caller's. */
export type NextDelivery = () => void;

export interface PublishReaderUser {
  /** No further packet of any kind is read before `next` is called. */
  deliver(delivery: Delivery, next: NextDelivery): void;
  /** One whole packet of another kind. */
  passOn(packet: Buffer): void;
  /** `next` was not called at once: hand in no more bytes until `resume`. */
  pause(): void;
  resume(): void;
  /** The broker has broken the protocol; nothing more is read. */
  fail(reason: string): void;
}

const publishType = 3;
const remainingLengthBytesMax = 4;

export class PublishReader {
  readonly #user: PublishReaderUser;
  readonly #topics = new TopicTexts();
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Bytes of a packet that has not come whole, joined once when it has. */
  #pieces: Buffer[] = [];
  #pieceBytes = 0;
  #wantedBytes = 0;
  #isWithheld = false;
  #isPaused = false;
  #isReading = false;
  #isStopped = false;

  constructor(user: PublishReaderUser) {
    this.#user = user;
  }

  read(chunk: Buffer): void {
    if (this.#isStopped) return;
    this.#pieces.push(chunk);
    this.#pieceBytes += chunk.length;
    this.#readOn();
  }

  /** What is here unread stays so. */
  stop(): void {
    this.#isStopped = true;
    this.#pieces = [];
  }

  readonly #next = (): void => {
    if (!this.#isWithheld || this.#isStopped) return;
    this.#isWithheld = false;
    if (this.#isPaused) this.#user.resume();
    this.#isPaused = false;
    this.#readOn();
  };

  #readOn(): void {
    // `next` comes from inside a delivery as a rule: then the loop below goes on by itself.
    if (this.#isReading) return;
    this.#isReading = true;
    let isMore = true;
    while (isMore && !this.#isWithheld && !this.#isStopped) {
      isMore = this.#readPacket() || this.#join();
    }
    this.#isReading = false;
    if (!this.#isWithheld || this.#isPaused || this.#isStopped) return;
    this.#isPaused = true;
    this.#user.pause();
  }

  /** False: no whole packet is here. */
  #readPacket(): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    let length = 0;
    let at = start + 1;
    for (let byte = 0x80; byte > 0x7f; at += 1) {
      if (at - start > remainingLengthBytesMax) return this.#fail('a remaining length too long');
      if (at >= bytes.length) return this.#want(at + 1 - start);
      byte = bytes[at]!;
      length |= (byte & 0x7f) << (7 * (at - start - 1));
    }
    const end = at + length;
    if (end > bytes.length) return this.#want(end - start);
    this.#at = end;
    const first = bytes[start]!;
    if (first >> 4 === publishType) return this.#readPublish(first, { at, end });
    this.#user.passOn(bytes.subarray(start, end));
    return true;
  }

  #readPublish(first: number, { at, end }: Span): boolean {
    const bytes = this.#bytes;
    const qos = (first >> 1) & 3;
    const topicAt = at + 2;
    const topicEnd = at + 2 <= end ? topicAt + uint16(bytes, at) : end + 1;
    const propertiesAt = qos === 0 ? topicEnd : topicEnd + 2;
    // Overrunning the packet is still inside the chunk or reads undefined; `end` decides.
    const payloadAt = propertiesAt < end ? skipProperties(bytes, { at: propertiesAt, end }) : -1;
    if (payloadAt === topicAliasFound) return this.#fail('a topic alias that we did not allow');
    if (payloadAt < 0 || topicEnd === topicAt) return this.#fail('a malformed PUBLISH');
    if (qos > 1) return this.#fail(`a PUBLISH at QoS ${qos}, where 1 was subscribed`);
    const topic = this.#topics.textOf(bytes, topicAt, topicEnd);
    const payload = bytes.subarray(payloadAt, end);
    const dup = (first & 0x08) !== 0;
    this.#isWithheld = true;
    if (qos === 0) this.#user.deliver({ topic, payload, qos, dup }, this.#next);
    else {
      const messageId = uint16(bytes, topicEnd);
      this.#user.deliver({ topic, payload, qos, dup, messageId }, this.#next);
    }
    return true;
  }

  #want(bytes: number): false {
    this.#wantedBytes = bytes;
    return false;
  }

  /**
   * Goes on with what has come, once there is enough; false: there is not. Only a packet that lies
   * across chunks is copied, and nothing with it: whoever keeps a payload keeps little beside it.
   */
  #join(): boolean {
    const left = this.#bytes.length - this.#at;
    if (this.#isStopped || this.#pieceBytes === 0) return false;
    if (left + this.#pieceBytes < this.#wantedBytes) return false;
    this.#bytes = left === 0 ? this.#takePiece() : this.#takeJoined(left);
    this.#at = 0;
    return true;
  }

  #takePiece(): Buffer {
    const piece = this.#pieces.shift()!;
    this.#pieceBytes -= piece.length;
    return piece;
  }

  /** What is left, and as much more as the packet wants. */
  #takeJoined(left: number): Buffer {
    const pieces = [this.#bytes.subarray(this.#at)];
    let missing = this.#wantedBytes - left;
    while (missing > 0) {
      const piece = this.#takePiece();
      const taken = piece.subarray(0, missing);
      pieces.push(taken);
      missing -= taken.length;
      if (taken.length < piece.length) this.#putBack(piece.subarray(taken.length));
    }
    return Buffer.concat(pieces);
  }

  #putBack(rest: Buffer): void {
    this.#pieces.unshift(rest);
    this.#pieceBytes += rest.length;
  }

  #fail(what: string): false {
    this.stop();
    this.#user.fail(`the broker sent ${what}`);
    return false;
  }
}

interface Span {
  readonly at: number;
  readonly end: number;
}

function uint16(bytes: Buffer, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

const malformed = -1;
const topicAliasFound = -2;

/** Where the payload begins, or what is wrong. */
function skipProperties(bytes: Buffer, { at, end }: Span): number {
  if (bytes[at] === 0) return at + 1;
  const { value: length, next } = readVarint(bytes, { at, end });
  const payloadAt = next + length;
  if (next < 0 || payloadAt > end) return malformed;
  for (let id = next; id < payloadAt; ) {
    if (bytes[id] === topicAliasId) return topicAliasFound;
    id = endOfProperty(bytes, { at: id, end: payloadAt });
    if (id < 0 || id > payloadAt) return malformed;
  }
  return payloadAt;
}

const topicAliasId = 0x23;

/** MQTT 5 section 2.2.2.2, table 2-4: the properties that a PUBLISH may carry. */
function endOfProperty(bytes: Buffer, { at, end }: Span): number {
  const text = (from: number): number => (from + 2 <= end ? from + 2 + uint16(bytes, from) : -1);
  switch (bytes[at]) {
    case 0x01: // Payload format indicator.
      return at + 2;
    case 0x02: // Message expiry interval.
      return at + 5;
    case 0x03: // Content type.
    case 0x08: // Response topic.
    case 0x09: // Correlation data.
      return text(at + 1);
    case 0x0b: // Subscription identifier.
      return readVarint(bytes, { at: at + 1, end }).next;
    case 0x26: {
      // User property.
      const value = text(at + 1);
      return value < 0 ? malformed : text(value);
    }
    default:
      return malformed;
  }
}

function readVarint(bytes: Buffer, { at, end }: Span): { value: number; next: number } {
  let value = 0;
  for (let n = 0; n < remainingLengthBytesMax && at + n < end; n += 1) {
    const byte = bytes[at + n]!;
    value |= (byte & 0x7f) << (7 * n);
    if (byte < 0x80) return { value, next: at + n + 1 };
  }
  return { value: 0, next: malformed };
}
