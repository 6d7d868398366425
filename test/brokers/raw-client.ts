// An MQTT 5 client that does only what it is told: it acknowledges nothing and pings nothing by
// itself, and can vanish without a word. For looking at brokers, where a proper client is in the
// way.

import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  generate,
  type IConnackPacket,
  type IPublishPacket,
  type ISubackPacket,
  type Packet,
  parser,
} from 'mqtt-packet';
import type { LinkSettings } from '#shared/mqtt/link.ts';

export type Address = Pick<LinkSettings, 'host' | 'port' | 'credentials' | 'tls'>;

export interface RawOptions {
  /** Default: a fresh one. */
  readonly clientId?: string;
  readonly isCleanStart?: boolean;
  readonly receiveMaximum?: number;
  readonly expirySeconds?: number;
  /** Default 0: the broker never misses us. */
  readonly keepaliveSeconds?: number;
  /** PUBACK at once for all that comes. */
  readonly isAcking?: boolean;
  readonly protocolVersion?: 4 | 5;
}

export interface Arrival {
  readonly topic: string;
  readonly payload: Buffer;
  readonly text: string;
  readonly qos: number;
  readonly dup: boolean;
  readonly packetId: number;
  readonly at: number;
  readonly properties: IPublishPacket['properties'];
}

const version5 = { protocolVersion: 5 } as const;
const answerMsMax = 10_000;
let clientCount = 0;

interface Waiting {
  resolve(packet: Packet): void;
  reject(error: Error): void;
}

export class RawClient {
  readonly clientId: string;
  /** All that came, in order. */
  readonly arrivals: Arrival[] = [];
  connack: IConnackPacket | null = null;
  /** Reason code of the broker's DISCONNECT, where one came. */
  disconnectReason: number | null = null;
  isClosed = false;
  isAcking: boolean;
  readonly #socket: Socket;
  #unacked: number[] = [];
  readonly #answers = new Map<string, Waiting>();
  /** Publishes that wait for a place. */
  #queue: (() => void)[] = [];
  #packetId = 0;
  #openCount = 0;
  #waiting: (() => void)[] = [];

  private constructor(socket: Socket, { clientId, isAcking = false }: RawOptions) {
    this.#socket = socket;
    this.clientId = clientId ?? `raw-${process.pid}-${++clientCount}`;
    this.isAcking = isAcking;
    const packets = parser(version5);
    packets.on('packet', (packet) => this.#receive(packet));
    socket.on('data', (chunk: Buffer) => {
      packets.parse(chunk);
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      const end = new Error('the connection has ended');
      for (const { reject } of this.#answers.values()) reject(end);
      for (const begin of this.#queue.splice(0)) begin();
      this.#wake();
    });
  }

  /** Resolves with CONNACK, whatever it says. */
  static async open(address: Address, options: RawOptions = {}): Promise<RawClient> {
    const { host, port, tls } = address;
    const target = { host, port, noDelay: true };
    const socket = tls ? connectTls({ ...target, secureContext: tls() }) : connectTcp(target);
    await once(socket, tls ? 'secureConnect' : 'connect');
    const client = new RawClient(socket, options);
    client.#sendConnect(address, options);
    await client.until('CONNACK', () => client.connack !== null);
    return client;
  }

  /** Codes of SUBACK, one for each filter. */
  async subscribe(...filters: readonly string[]): Promise<readonly number[]> {
    const subscriptions = filters.map((topic) => ({ topic, qos: 1 as const }));
    const messageId = this.#nextPacketId();
    const suback = this.#answer(`suback ${messageId}`);
    this.write({ cmd: 'subscribe', messageId, subscriptions });
    return ((await suback) as ISubackPacket).granted as number[];
  }

  async unsubscribe(filter: string): Promise<void> {
    const messageId = this.#nextPacketId();
    const unsuback = this.#answer(`unsuback ${messageId}`);
    this.write({ cmd: 'unsubscribe', messageId, unsubscriptions: [filter] });
    await unsuback;
  }

  /** Reason code of PUBACK. Waits while the broker's Receive Maximum leaves no room. */
  async publish(
    topic: string,
    payload: string | Buffer,
    properties: NonNullable<IPublishPacket['properties']> = {},
  ): Promise<number> {
    const quota = this.connack?.properties?.receiveMaximum ?? 65_535;
    if (this.#openCount < quota) this.#openCount += 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    const messageId = this.#nextPacketId();
    const puback = this.#answer(`puback ${messageId}`);
    const flags = { qos: 1, dup: false, retain: false } as const;
    this.write({ cmd: 'publish', topic, payload, messageId, properties, ...flags });
    const packet = await puback.finally(() => this.#freePlace());
    return packet.cmd === 'puback' ? (packet.reasonCode ?? 0) : 0;
  }

  async ping(): Promise<void> {
    const pong = this.#answer('pingresp');
    this.write({ cmd: 'pingreq' });
    await pong;
  }

  /** Arrivals without our PUBACK, in order. */
  get unackedIds(): readonly number[] {
    return this.#unacked;
  }

  /** PUBACKs in one write, in order of receipt: of the oldest so many, or of all. */
  ack(count = this.#unacked.length, reasonCode = 0): void {
    this.ackIds(this.#unacked.slice(0, count), reasonCode);
  }

  /** In the order given. */
  ackIds(ids: readonly number[], reasonCode = 0): void {
    this.#socket.write(Buffer.concat(ids.map((messageId) => pubackOf(messageId, reasonCode))));
    this.#unacked = this.#unacked.filter((id) => !ids.includes(id));
  }

  /** PUBACKs of all that is un-acknowledged and DISCONNECT, in one write. */
  ackAndDisconnect(): void {
    const acks = this.#unacked.map((messageId) => pubackOf(messageId, 0));
    this.#unacked = [];
    this.#socket.write(Buffer.concat([...acks, generate({ cmd: 'disconnect' }, version5)]));
  }

  write(packet: Packet): void {
    this.#socket.write(generate(packet, version5));
  }

  /** DISCONNECT, and the broker's end. */
  async disconnect(): Promise<void> {
    if (!this.isClosed) this.write({ cmd: 'disconnect', reasonCode: 0 });
    this.#socket.end();
    await this.until('the end', () => this.isClosed);
  }

  /** TCP reset: what a process leaves behind that was killed. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Reads no more, as a frozen process: bytes pile up on the way. */
  freeze(): void {
    this.#socket.pause();
  }

  /** Rejects with `what` when it does not come true in time. */
  async until(what: string, condition: () => boolean, withinMs = answerMsMax): Promise<void> {
    const deadline = AbortSignal.timeout(withinMs);
    deadline.addEventListener('abort', () => this.#wake(), { once: true });
    while (!condition()) {
      if (deadline.aborted) throw new Error(`wanted within ${withinMs} ms: ${what}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #sendConnect({ credentials }: Address, options: RawOptions): void {
    const { isCleanStart = true, receiveMaximum, expirySeconds = 0 } = options;
    this.#socket.write(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: options.protocolVersion ?? 5,
        clientId: this.clientId,
        clean: isCleanStart,
        keepalive: options.keepaliveSeconds ?? 0,
        ...(credentials && { username: credentials.username }),
        ...(credentials?.password && { password: Buffer.from(credentials.password) }),
        properties: {
          sessionExpiryInterval: expirySeconds,
          ...(receiveMaximum && { receiveMaximum }),
        },
      }),
    );
  }

  #receive(packet: Packet): void {
    if (packet.cmd === 'connack') this.connack = packet;
    if (packet.cmd === 'disconnect') this.disconnectReason = packet.reasonCode ?? 0;
    if (packet.cmd === 'publish') this.#arrive(packet);
    const key = packet.cmd === 'pingresp' ? 'pingresp' : `${packet.cmd} ${packet.messageId}`;
    this.#answers.get(key)?.resolve(packet);
  }

  #arrive({ topic, payload, qos, dup, messageId: packetId = 0, properties }: IPublishPacket): void {
    const bytes = Buffer.from(payload);
    const at = performance.now();
    const text = bytes.toString('latin1', 0, 64);
    this.arrivals.push({ topic, payload: bytes, text, qos, dup, packetId, at, properties });
    if (qos === 0) return;
    if (this.isAcking) this.#socket.write(pubackOf(packetId, 0));
    else this.#unacked.push(packetId);
  }

  #answer(key: string): Promise<Packet> {
    return new Promise<Packet>((resolve, reject) => {
      const late = () => reject(new Error(`wanted within ${answerMsMax} ms: ${key}`));
      const timer = setTimeout(late, answerMsMax);
      const settle = <T>(act: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(timer);
          this.#answers.delete(key);
          act(value);
        };
      };
      this.#answers.set(key, { resolve: settle(resolve), reject: settle(reject) });
      if (this.isClosed) this.#answers.get(key)?.reject(new Error('the connection has ended'));
    });
  }

  /** To the one that waits longest. */
  #freePlace(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#openCount -= 1;
    else next();
  }

  #nextPacketId(): number {
    this.#packetId = (this.#packetId % 65_535) + 1;
    return this.#packetId;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function pubackOf(messageId: number, reasonCode: number): Buffer {
  return generate({ cmd: 'puback', messageId, reasonCode }, version5);
}
