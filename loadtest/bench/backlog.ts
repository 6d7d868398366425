// Fills the queue of a share group fast: PUBLISH at QoS 1 as plain bytes (MQTT 3.1.1), so that the
// sender costs the machine next to nothing.

import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

export interface Publication {
  readonly mqttTopic: string;
  readonly payload: Buffer;
}

/** Resolves when the broker has acknowledged all of them; rejects when it hangs up. */
export async function publishBacklog(
  mqttUrl: string,
  publications: readonly Publication[],
): Promise<void> {
  await publishPaced(mqttUrl, publications, Number.POSITIVE_INFINITY);
}

/** The same at an even pace; answers when each was written (epoch ms). */
export async function publishPaced(
  mqttUrl: string,
  publications: readonly Publication[],
  perSecond: number,
): Promise<Float64Array> {
  const { hostname, port } = new URL(mqttUrl);
  const socket = createConnection({ host: hostname, port: Number(port) });
  const closed = once(socket, 'close').then((): never => {
    throw new Error('the broker closed the connection of the backlog');
  });
  closed.catch(() => undefined);
  try {
    await Promise.race([once(socket, 'connect'), closed]);
    socket.write(connectPacket(`backlog-${process.pid}-${Date.now()}`));
    await Promise.race([once(socket, 'data'), closed]);
    const sentAt = await Promise.race([publishAll(socket, publications, perSecond), closed]);
    socket.end(disconnectPacket);
    return sentAt;
  } finally {
    socket.destroySoon();
  }
}

const disconnectPacket = Buffer.from([0xe0, 0x00]);
const pubackBytes = 4;
const chunkCount = 500;
/** Far below 65,535, so that a packet id is free again when its turn comes. */
const unansweredMax = 4 * chunkCount;

const tickMs = 2;

function publishAll(
  socket: Socket,
  publications: readonly Publication[],
  perSecond: number,
): Promise<Float64Array> {
  return new Promise((resolve) => {
    const sentAt = new Float64Array(publications.length);
    const startedAt = performance.now();
    let [sentCount, answerBytes] = [0, 0];
    const dueCount = (): number => {
      const due = ((performance.now() - startedAt) * perSecond) / 1000;
      return Math.min(publications.length, Number.isFinite(perSecond) ? Math.floor(due) : Infinity);
    };
    const pump = (): void => {
      const answeredCount = Math.floor(answerBytes / pubackBytes);
      if (answeredCount >= publications.length) {
        clearInterval(timer);
        resolve(sentAt);
      }
      for (let due = dueCount(); sentCount < due && sentCount - answeredCount < unansweredMax; ) {
        const first = sentCount;
        const chunk = publications.slice(first, Math.min(due, first + chunkCount));
        sentCount += chunk.length;
        sentAt.fill(Date.now(), first, sentCount);
        socket.write(Buffer.concat(chunk.map((each, n) => publishPacket(each, first + n))));
      }
    };
    socket.on('data', (bytes) => {
      answerBytes += bytes.length;
      pump();
    });
    const timer = setInterval(pump, tickMs);
    socket.once('close', () => clearInterval(timer));
    pump();
  });
}

// MQTT 3.1.1 section 3.1: level 4, clean session, no keepalive.
function connectPacket(clientId: string): Buffer {
  const variable = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0]);
  return packetOf(0x10, [variable, textOf(clientId)]);
}

// Section 3.3: 0x32 is PUBLISH at QoS 1. A packet id is never 0.
function publishPacket({ mqttTopic, payload }: Publication, index: number): Buffer {
  const packetId = Buffer.alloc(2);
  packetId.writeUInt16BE((index % 65_535) + 1);
  return packetOf(0x32, [textOf(mqttTopic), packetId, payload]);
}

function packetOf(type: number, parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([type, ...variableLength(length)]), ...parts]);
}

function textOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function variableLength(length: number): number[] {
  const bytes: number[] = [];
  for (let rest = length; ; rest >>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
