// An independent witness of the MQTT connections of bridges: it reads what passes the proxy and
// writes down what was handed to whom, what was acknowledged, and when each connection ended. It
// shares no code with the bridge.

import { hash } from 'node:crypto';
import { type Packet, parser } from 'mqtt-packet';
import type { Tap } from '../proxy/proxied-connection.ts';

/** One connection of a bridge, as seen from between it and the broker. */
export interface Session {
  /** Of the bridge's place: "bridge 2". */
  readonly link: string;
  /** Of the CONNECT; empty until it came. */
  clientId: string;
  /** Epoch ms. */
  readonly openedAt: number;
  closedAt: number | null;
  /** The bridge said DISCONNECT. */
  isLeft: boolean;
  /** By packet id, in the order of receipt. */
  readonly outstanding: Map<number, Delivery>;
}

/** One PUBLISH at QoS 1 from the broker to a bridge. */
export interface Delivery {
  readonly session: Session;
  readonly at: number;
  /** When the bridge sent its PUBACK. */
  ackedAt: number | null;
  /** With DUP on a connection that had brought it, to a bridge that had just acknowledged it. */
  readonly isRepeat?: true;
}

interface Repeat {
  readonly key: string;
  /** When the latest one passed. */
  readonly at: number;
}

/** From the repeat to the PUBACK that had not heard of it: a busy machine takes its time. */
const crossingMsMax = 500;

export class MqttWitness {
  readonly sessions: Session[] = [];
  /** Since the page was turned, by `messageKey`. */
  deliveries: ReadonlyMap<string, Delivery[]> = new Map();
  /** PUBACKs of bridges. */
  ackedCount = 0;
  /** With DUP on the connection that has it un-acknowledged: no further delivery, one PUBACK. */
  repeatedCount = 0;
  readonly #repeats = new WeakMap<Delivery, Repeat>();
  /** By connection and packet id: the PUBACK and the repeat were on their way at the same time. */
  readonly #crossed = new WeakMap<Session, Map<number, Repeat>>();
  /** What no bridge may do, in words. */
  readonly breaches: string[] = [];

  /** For the proxy in front of the broker. */
  tap(link: string): Tap {
    const session: Session = {
      link,
      clientId: '',
      openedAt: Date.now(),
      closedAt: null,
      isLeft: false,
      outstanding: new Map(),
    };
    this.sessions.push(session);
    const up = this.#reader(session, (packet) => this.#fromBridge(session, packet));
    const down = this.#reader(session, (packet) => this.#fromBroker(session, packet));
    return {
      up,
      down,
      closed: () => {
        session.closedAt = Date.now();
      },
    };
  }

  /** Another fleet comes, whose messages may look like those before. */
  turnPage(): void {
    this.deliveries = new Map();
  }

  /** Messages handed to bridges whose connection is open, and not acknowledged. */
  get outstandingCount(): number {
    const open = this.sessions.filter(({ closedAt }) => closedAt === null);
    return open.reduce((sum, { outstanding }) => sum + outstanding.size, 0);
  }

  #reader(session: Session, onPacket: (packet: Packet) => void): (chunk: Buffer) => void {
    const reader = parser({ protocolVersion: 5 });
    reader.on('packet', onPacket);
    reader.on('error', (error: Error) => this.#breach(session, `sends no MQTT: ${error.message}`));
    return (chunk) => void reader.parse(chunk);
  }

  #fromBridge(session: Session, packet: Packet): void {
    if (packet.cmd === 'connect') session.clientId = packet.clientId;
    if (packet.cmd === 'disconnect') session.isLeft = true;
    if (packet.cmd === 'puback') this.#acked(session, packet.messageId ?? 0);
  }

  #fromBroker(session: Session, packet: Packet): void {
    if (packet.cmd !== 'publish' || packet.qos === 0) return;
    const { topic, payload, messageId = 0 } = packet;
    const key = messageKey(topic, payload);
    const outstanding = session.outstanding.get(messageId);
    if (packet.dup && outstanding !== undefined) {
      this.repeatedCount += 1;
      this.#repeats.set(outstanding, { key, at: Date.now() });
      return;
    }
    const before = this.deliveries.get(key) ?? [];
    const isRepeat = packet.dup && before.some((one) => one.session === session);
    const own = { session, at: Date.now(), ackedAt: null };
    const delivery: Delivery = isRepeat ? { ...own, isRepeat } : own;
    session.outstanding.set(messageId, delivery);
    this.#note(key, delivery);
  }

  #note(key: string, delivery: Delivery): void {
    const page = this.deliveries as Map<string, Delivery[]>;
    const before = page.get(key);
    if (before === undefined) page.set(key, [delivery]);
    else before.push(delivery);
  }

  /** MQTT 5 section 4.6: in the order of the PUBLISHes, and each PUBLISH once. */
  #acked(session: Session, packetId: number): void {
    const delivery = session.outstanding.get(packetId);
    if (delivery === undefined) {
      this.#ackedAgain(session, packetId);
      return;
    }
    const [first] = session.outstanding.keys();
    if (first !== packetId) this.#breach(session, `acknowledged ${packetId} before ${first}`);
    session.outstanding.delete(packetId);
    delivery.ackedAt = Date.now();
    this.ackedCount += 1;
    const repeat = this.#repeats.get(delivery);
    if (repeat === undefined || delivery.ackedAt - repeat.at > crossingMsMax) return;
    const crossed = this.#crossed.get(session) ?? new Map<number, Repeat>();
    this.#crossed.set(session, crossed.set(packetId, repeat));
  }

  /** Right for a repeat that the bridge got after it had sent its PUBACK: it is a message then. */
  #ackedAgain(session: Session, packetId: number): void {
    const repeat = this.#crossed.get(session)?.get(packetId);
    if (repeat === undefined) {
      this.#breach(session, `acknowledged ${packetId}, which it had not got`);
      return;
    }
    this.#crossed.get(session)?.delete(packetId);
    this.#note(repeat.key, { session, at: repeat.at, ackedAt: Date.now(), isRepeat: true });
  }

  #breach({ link, clientId }: Session, what: string): void {
    this.breaches.push(`${link} as ${clientId} ${what}`);
  }
}

/** The same bytes to the same topic are the same message. */
export function messageKey(topic: string, payload: string | Buffer): string {
  return hash('sha1', Buffer.concat([Buffer.from(`${topic}\0`), Buffer.from(payload)]), 'base64');
}
