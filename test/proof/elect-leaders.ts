// Moves partition leaders as Kafka's own tool does, without a JVM a time: kafkajs has no ElectLeaders.

import { createConnection } from 'node:net';

export interface ElectLeaders {
  readonly host: string;
  readonly port: number;
  /** Topic → partitions; each goes to its preferred replica, the first of its list. */
  readonly partitions: ReadonlyMap<string, readonly number[]>;
}

const answerMsMax = 10_000;

/**
 * Resolves when the controller has answered, whatever it says of single partitions: one whose
 * preferred replica is down or leads already is left alone.
 *
 * ElectLeaders request, version 1 (api key 43; clients/src/main/resources/common/message):
 *   electionType int8, [topic string, [partition int32]], timeoutMs int32
 * Answer: throttleTimeMs int32, errorCode int16, results…
 */
export async function electPreferredLeaders({ host, port, partitions }: ElectLeaders) {
  const writer = new Writer();
  // Header version 1: api key, version, correlation id, client id.
  writer.int16(43).int16(1).int32(1).text('fleetwire-proof');
  writer.int8(0).int32(partitions.size);
  for (const [topic, numbers] of partitions) {
    writer.text(topic).int32(numbers.length);
    for (const number of numbers) writer.int32(number);
  }
  writer.int32(answerMsMax);
  const answer = await ask({ host, port }, writer.framed());
  const errorCode = answer.readInt16BE(12);
  if (errorCode !== 0) throw new Error(`ElectLeaders: wanted code 0, found ${errorCode}`);
}

class Writer {
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

  text(value: string): this {
    const bytes = Buffer.from(value);
    this.int16(bytes.length);
    this.#parts.push(bytes);
    return this;
  }

  /** With its length in front. */
  framed(): Buffer {
    const body = Buffer.concat(this.#parts);
    return Buffer.concat([new Writer().int32(body.length).#parts[0] as Buffer, body]);
  }

  #number(size: number, value: number): this {
    const bytes = Buffer.alloc(size);
    bytes.writeIntBE(value, 0, size);
    this.#parts.push(bytes);
    return this;
  }
}

function ask(place: { host: string; port: number }, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ ...place, timeout: answerMsMax });
    let answer = Buffer.alloc(0);
    socket.once('connect', () => socket.write(request));
    socket.on('data', (bytes: Buffer) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length < 4 || answer.length < 4 + answer.readInt32BE(0)) return;
      socket.destroy();
      resolve(answer);
    });
    socket.once('timeout', () => socket.destroy(new Error(`no answer in ${answerMsMax} ms`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
  });
}
