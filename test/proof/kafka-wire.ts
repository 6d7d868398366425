// Kafka's wire in small: bytes of a request, bytes of an answer, one connection for each.

import { createConnection } from 'node:net';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** One of the setting KAFKA_BROKERS. */
export function placeOf(broker: string): Place {
  const [host = '', port = ''] = broker.split(':');
  return { host, port: Number(port) };
}

export class Writer {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    return this.#number(1, value);
  }

  int16(value: number): this {
    return this.#number(2, value);
  }

  int32(value: number): this {
    return this.#number(4, value);
  }

  float64(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    this.#parts.push(bytes);
    return this;
  }

  text(value: string): this {
    const bytes = Buffer.from(value);
    this.int16(bytes.length);
    this.#parts.push(bytes);
    return this;
  }

  /** As flexible versions have it; short ones only. */
  compactText(value: string): this {
    const bytes = Buffer.from(value);
    this.int8(bytes.length + 1);
    this.#parts.push(bytes);
    return this;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #number(size: number, value: number): this {
    const bytes = Buffer.alloc(size);
    bytes.writeIntBE(value, 0, size);
    this.#parts.push(bytes);
    return this;
  }
}

export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(count: number): this {
    this.#at += count;
    return this;
  }

  int8(): number {
    return this.#number(1);
  }

  int16(): number {
    return this.#number(2);
  }

  int32(): number {
    return this.#number(4);
  }

  /** Null becomes the empty text. */
  text(): string {
    const length = Math.max(0, this.int16());
    this.#at += length;
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  list<T>(one: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, one);
  }

  #number(size: number): number {
    this.#at += size;
    return this.#bytes.readIntBE(this.#at - size, size);
  }
}

const answerMsMax = 10_000;

/** Answers what follows the length and the correlation id. */
export function ask(place: Place, request: Writer): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ ...place, timeout: answerMsMax });
    let answer = Buffer.alloc(0);
    const { bytes } = request;
    socket.once('connect', () => {
      socket.write(Buffer.concat([new Writer().int32(bytes.length).bytes, bytes]));
    });
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return;
      socket.destroy();
      resolve(new Reader(answer).skip(8));
    });
    socket.once('timeout', () => socket.destroy(new Error(`no answer in ${answerMsMax} ms`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
  });
}
