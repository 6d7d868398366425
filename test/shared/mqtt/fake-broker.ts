// A fake MQTT 5 broker for tests: real bytes on a real socket, one behaviour per test. It records
// what it was sent and delivers what it is told, within the Receive Maximum or beyond it.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import {
  generate,
  type IConnackPacket,
  type IConnectPacket,
  type IPublishPacket,
  type Packet,
  parser,
} from 'mqtt-packet';

const options = { protocolVersion: 5 } as const;

export interface FakeBrokerOptions {
  /** Of the nth CONNECT, from 1; default 0x00. */
  readonly connackCode?: (n: number) => number;
  /** Of the nth CONNACK, from 1. */
  readonly connackProperties?: (n: number) => IConnackPacket['properties'];
  /** Code for a filter in the nth SUBSCRIBE; default 1. */
  readonly subackCode?: (n: number, filter: string) => number;
  readonly answersPings?: boolean;
  /** PUBACKs to what we are sent go out at once; default true. */
  readonly acksPublishes?: boolean;
}

export class FakeBroker {
  readonly sessions: FakeSession[] = [];
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  constructor(server: Server) {
    this.#server = server;
  }

  static async start(given: FakeBrokerOptions = {}): Promise<FakeBroker> {
    const server = createServer();
    const broker = new FakeBroker(server);
    server.on('connection', (socket) => {
      const n = broker.sessions.length + 1;
      broker.sessions.push(new FakeSession(socket, { given, n, onChange: () => broker.#wake() }));
      broker.#wake();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return broker;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get last(): FakeSession {
    const session = this.sessions.at(-1);
    if (!session) throw new Error('nobody has connected');
    return session;
  }

  /** Resolves when the condition holds; asked again after every packet and every close. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  async stop(): Promise<void> {
    for (const session of this.sessions) session.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

interface SessionContext {
  readonly given: FakeBrokerOptions;
  readonly n: number;
  readonly onChange: () => void;
}

export class FakeSession {
  /** Everything received, in order. */
  readonly received: Packet[] = [];
  connect: IConnectPacket | null = null;
  isClosed = false;
  readonly #socket: Socket;
  readonly #context: SessionContext;
  #nextPacketId = 1;
  #subscribeCount = 0;

  constructor(socket: Socket, context: SessionContext) {
    this.#socket = socket;
    this.#context = context;
    const parse = parser(options);
    parse.on('packet', (packet) => this.#onPacket(packet));
    socket.on('data', (chunk: Buffer) => parse.parse(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      context.onChange();
    });
  }

  /** Packet ids of the PUBACKs received, in order. */
  get ackedIds(): number[] {
    return this.received.flatMap((p) => (p.cmd === 'puback' ? (p.messageId ?? 0) : []));
  }

  get publishes(): IPublishPacket[] {
    return this.received.filter((packet) => packet.cmd === 'publish');
  }

  get isSubscribed(): boolean {
    return this.received.some((packet) => packet.cmd === 'subscribe');
  }

  /** Sends messages to the client at QoS 1; answers with their packet ids. */
  deliver(messages: readonly { topic: string; payload: Buffer | string }[]): number[] {
    const ids = messages.map(() => this.#allocate());
    const packets = messages.map(({ topic, payload }, i) => {
      const messageId = ids[i] ?? 0;
      return generate(
        { cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId },
        options,
      );
    });
    this.#socket.write(Buffer.concat(packets));
    return ids;
  }

  send(packet: Packet): void {
    this.#socket.write(generate(packet, options));
  }

  sendRaw(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #allocate(): number {
    const id = this.#nextPacketId;
    this.#nextPacketId = (this.#nextPacketId % 65_535) + 1;
    return id;
  }

  #onPacket(packet: Packet): void {
    this.received.push(packet);
    const { given } = this.#context;
    if (packet.cmd === 'connect') this.#onConnect(packet);
    if (packet.cmd === 'subscribe') {
      this.#subscribeCount += 1;
      const codes = packet.subscriptions.map(({ topic }) => {
        return given.subackCode?.(this.#subscribeCount, topic) ?? 1;
      });
      this.send({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: codes });
    }
    if (packet.cmd === 'pingreq' && given.answersPings !== false) this.send({ cmd: 'pingresp' });
    if (packet.cmd === 'publish' && packet.qos === 1 && given.acksPublishes !== false) {
      this.send({ cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: 0 });
    }
    if (packet.cmd === 'disconnect') this.#socket.end();
    this.#context.onChange();
  }

  #onConnect(packet: IConnectPacket): void {
    this.connect = packet;
    const { given, n } = this.#context;
    const reasonCode = given.connackCode?.(n) ?? 0;
    const properties = given.connackProperties?.(n);
    this.send({
      cmd: 'connack',
      sessionPresent: false,
      reasonCode,
      ...(properties && { properties }),
    });
    if (reasonCode !== 0) this.#socket.end();
  }
}
