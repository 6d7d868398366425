// Questions that only a ready broker answers, in bytes of our own: no client library, no retries,
// no log noise. Each resolves when the answer is there and throws with what was missing.
import { get } from 'node:http';
import { createConnection } from 'node:net';
import { HOST } from './ports.ts';

const ANSWER_MS_MAX = 2_000;

/** A CONNECT of MQTT 5 that is answered by a CONNACK with reason 0. */
export async function mqttAnswers(port: number): Promise<void> {
  // Fixed header, "MQTT", version 5, clean start, keepalive 10, no properties, empty client id.
  const connect = Buffer.from('100d00044d5154540502000a00' + '0000', 'hex');
  const answer = await ask(port, connect, (bytes) => bytes.length >= 4);
  if (answer[0] !== 0x20 || answer[3] !== 0) {
    throw new Error(`CONNECT was answered by ${answer.toString('hex')}`);
  }
}

/** A PING that is answered by PONG: while it loads its data, Redis answers otherwise. */
export async function redisAnswers(port: number): Promise<void> {
  const answer = await ask(port, Buffer.from('PING\r\n'), (bytes) => bytes.includes('\r\n'));
  const line = answer.toString('latin1').trimEnd();
  if (line !== '+PONG') throw new Error(`PING was answered by ${line}`);
}

export interface KafkaView {
  readonly brokerIds: readonly number[];
  readonly controllerId: number;
}

/**
 * Asks one broker for Metadata and wants to see all brokers and a controller in the answer: an
 * open port is not enough, it opens long before the broker is let in.
 */
export async function kafkaAnswers(port: number, brokers: number): Promise<void> {
  const view = await kafkaView(port);
  if (view.brokerIds.length < brokers || view.controllerId < 0) {
    const { brokerIds, controllerId } = view;
    throw new Error(
      `Metadata lists brokers [${brokerIds}] of ${brokers}, controller ${controllerId}`,
    );
  }
}

/** Metadata request version 1: api key 3, version 1, correlation 7, no client id, no topics. */
export async function kafkaView(port: number): Promise<KafkaView> {
  const request = Buffer.from(
    '0000000e' + '0003' + '0001' + '00000007' + 'ffff' + '00000000',
    'hex',
  );
  const answer = await ask(port, request, (bytes) => {
    return bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0);
  });
  return readMetadata(answer);
}

function readMetadata(answer: Buffer): KafkaView {
  const brokerIds: number[] = [];
  let offset = 8;
  const count = answer.readInt32BE(offset);
  offset += 4;
  for (let i = 0; i < count; i++) {
    brokerIds.push(answer.readInt32BE(offset));
    offset += 4;
    offset += 2 + answer.readInt16BE(offset) + 4;
    offset += 2 + Math.max(0, answer.readInt16BE(offset));
  }
  return { brokerIds, controllerId: answer.readInt32BE(offset) };
}

function ask(port: number, request: Buffer, isWhole: (bytes: Buffer) => boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: HOST, port, timeout: ANSWER_MS_MAX });
    let answer = Buffer.alloc(0);
    socket.once('connect', () => socket.write(request));
    socket.on('data', (bytes: Buffer) => {
      answer = Buffer.concat([answer, bytes]);
      if (!isWhole(answer)) return;
      socket.destroy();
      resolve(answer);
    });
    socket.once('timeout', () => socket.destroy(new Error(`no answer in ${ANSWER_MS_MAX} ms`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`closed after ${answer.length} bytes`)));
  });
}

/** A GET that is answered by 200. */
export function httpAnswers(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: ANSWER_MS_MAX }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`GET ${url} was answered by ${response.statusCode}`));
    });
    request.once('timeout', () => request.destroy(new Error(`no answer in ${ANSWER_MS_MAX} ms`)));
    request.once('error', reject);
  });
}
