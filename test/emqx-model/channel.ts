// One connection to the model, from CONNECT to close, as emqx_channel has it. MQTT 5 only.
// Not here: wills, retained messages, QoS 2, topic aliases, enhanced authentication.

import type { Socket } from 'node:net';
import {
  generate,
  type IConnectPacket,
  type IDisconnectPacket,
  type IPublishPacket,
  type ISubscribePacket,
  type IUnsubscribePacket,
  type Packet,
  parser,
} from 'mqtt-packet';
import type { Counters } from './counters.ts';
import { Keepalive } from './keepalive.ts';
import type { Delivery } from './message.ts';
import type { Router } from './router.ts';
import type { Outlet, Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { Act, ModelSettings } from './settings.ts';
import { createDispatchState } from './strategy.ts';
import { sharedFilterOf } from './topic-filter.ts';

export interface ChannelParts {
  readonly settings: ModelSettings;
  readonly counters: Counters;
  readonly router: Router;
  readonly sessions: Sessions;
  /** For clients that bring no id. */
  readonly nextClientId: () => string;
  /** Something has happened that a test may wait for. */
  readonly onChange: () => void;
}

const version5 = { protocolVersion: 5 } as const;

/** A half-open peer never closes its side. */
const lingerMs = 2000;

const reason = {
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
  malformedPacket: 0x81,
  protocolError: 0x82,
  unsupportedVersion: 0x84,
  notAuthorized: 0x87,
  keepaliveTimeout: 0x8d,
  filterInvalid: 0x8f,
  topicInvalid: 0x90,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  retainNotSupported: 0x9a,
  qosNotSupported: 0x9b,
  sharingNotSupported: 0x9e,
} as const;

export class Channel implements Outlet {
  /** MQTT 5 section 3.1.2.11.3: absent means 65,535. */
  window = 65_535;
  readonly #socket: Socket;
  readonly #parts: ChannelParts;
  readonly #dispatch = createDispatchState();
  #clientPacketSizeMax = Number.POSITIVE_INFINITY;
  #username: string | null = null;
  #session: Session | null = null;
  #keepalive: Keepalive | null = null;
  #isClosed = false;

  constructor(socket: Socket, parts: ChannelParts) {
    this.#socket = socket;
    this.#parts = parts;
    const packets = parser(version5);
    packets.on('packet', (packet) => this.#receive(packet));
    packets.on('error', () => this.close(reason.malformedPacket));
    socket.on('data', (chunk: Buffer) => {
      if (!this.#isClosed) packets.parse(chunk);
      parts.onChange();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#leave();
      parts.onChange();
    });
  }

  send({ message, qos, group: _ }: Delivery, how: { packetId: number; dup: boolean }): boolean {
    const { topic, payload, properties, expiresAt } = message;
    const leftMs = expiresAt === null ? null : expiresAt - this.#parts.settings.clock.now();
    const left = leftMs === null ? {} : { messageExpiryInterval: Math.ceil(leftMs / 1000) };
    const bytes = generate(
      {
        cmd: 'publish',
        topic,
        payload,
        qos,
        dup: how.dup,
        retain: false,
        ...(qos > 0 && { messageId: how.packetId }),
        properties: { ...properties, ...left },
      },
      version5,
    );
    if (bytes.length > this.#clientPacketSizeMax) return false;
    this.#socket.write(bytes);
    return true;
  }

  close(reasonCode: number): void {
    if (this.#isClosed) return;
    if (this.#session !== null) this.#write({ cmd: 'disconnect', reasonCode });
    this.#hangUp();
    this.#parts.onChange();
  }

  /** As when the cable is cut: no word. */
  destroy(): void {
    this.#socket.destroy();
  }

  #receive(packet: Packet): void {
    if (this.#isClosed) return;
    this.#keepalive?.heard();
    const session = this.#session;
    const isTooLarge = (packet.length ?? 0) > this.#parts.settings.maxPacketSize;
    if (session !== null && isTooLarge) this.close(reason.packetTooLarge);
    else if (session !== null) this.#receiveIn(session, packet);
    else if (packet.cmd === 'connect') this.#connect(packet);
    else this.#hangUp();
  }

  #receiveIn(session: Session, packet: Packet): void {
    switch (packet.cmd) {
      case 'publish':
        this.#publish(session, packet);
        break;
      case 'puback':
        session.acknowledge(packet.messageId ?? 0);
        break;
      case 'subscribe':
        this.#subscribe(session, packet);
        break;
      case 'unsubscribe':
        this.#unsubscribe(session, packet);
        break;
      case 'pingreq':
        this.#write({ cmd: 'pingresp' });
        break;
      case 'disconnect':
        this.#disconnect(session, packet);
        break;
      default:
        this.close(reason.protocolError);
    }
  }

  #connect(packet: IConnectPacket): void {
    const { settings, sessions, nextClientId } = this.#parts;
    if (packet.protocolVersion !== 5) {
      this.#write({ cmd: 'connack', sessionPresent: false, reasonCode: reason.unsupportedVersion });
      this.#hangUp();
      return;
    }
    const { receiveMaximum, maximumPacketSize, sessionExpiryInterval } = packet.properties ?? {};
    this.window = Math.min(receiveMaximum ?? this.window, settings.maxInflight);
    this.#clientPacketSizeMax = maximumPacketSize ?? this.#clientPacketSizeMax;
    this.#username = packet.username ?? null;
    const clientId = packet.clientId || nextClientId();
    const { session, isPresent } = sessions.open({
      clientId,
      isCleanStart: packet.clean ?? true,
      expirySeconds: sessionExpiryInterval ?? 0,
    });
    this.#session = session;
    const onTimeout = () => this.close(reason.keepaliveTimeout);
    this.#keepalive = new Keepalive(settings.clock, packet.keepalive ?? 0, onTimeout);
    this.#write({
      cmd: 'connack',
      sessionPresent: isPresent,
      reasonCode: 0,
      properties: {
        // EMQX echoes the window that it will use, not what it would take (emqx_channel).
        receiveMaximum: this.window,
        maximumPacketSize: settings.maxPacketSize,
        maximumQoS: 1,
        retainAvailable: false,
        wildcardSubscriptionAvailable: true,
        sharedSubscriptionAvailable: settings.isSharingOn,
        ...(packet.clientId ? {} : { assignedClientIdentifier: clientId }),
      },
    });
    session.attach(this);
  }

  #publish(session: Session, packet: IPublishPacket): void {
    const { settings, counters, router } = this.#parts;
    const { topic, properties = {}, messageId = 0 } = packet;
    const fault = faultOf(packet);
    if (fault !== null) {
      this.close(fault);
      return;
    }
    const qos: 0 | 1 = packet.qos === 0 ? 0 : 1;
    counters['messages.received'] += 1;
    const { messageExpiryInterval: seconds } = properties;
    const message = {
      topic,
      // The parser's buffer holds other packets, too.
      payload: Buffer.from(packet.payload),
      qos,
      publisherId: session.clientId,
      properties,
      expiresAt: seconds === undefined ? null : settings.clock.now() + seconds * 1000,
    };
    const isAllowed = this.#isAllowed('publish', topic);
    const isRouted = isAllowed && router.publish(message, this.#dispatch);
    const refusal = isAllowed ? reason.noMatchingSubscribers : reason.notAuthorized;
    // The broker has it: this is all that PUBACK says to a car.
    if (qos === 1) this.#write({ cmd: 'puback', messageId, reasonCode: isRouted ? 0 : refusal });
  }

  #subscribe(session: Session, { messageId = 0, subscriptions }: ISubscribePacket): void {
    const { isSharingOn } = this.#parts.settings;
    const granted = subscriptions.map(({ topic, qos }) => {
      const filter = plainFilterOf(topic);
      if (filter === null) return reason.filterInvalid;
      if (filter !== topic && !isSharingOn) return reason.sharingNotSupported;
      if (!this.#isAllowed('subscribe', filter)) return reason.notAuthorized;
      const grantedQos = qos === 0 ? 0 : 1;
      this.#parts.router.subscribe(session, topic, grantedQos);
      return grantedQos;
    });
    this.#write({ cmd: 'suback', messageId, granted });
  }

  #unsubscribe(session: Session, { messageId = 0, unsubscriptions }: IUnsubscribePacket): void {
    const granted = unsubscriptions.map((filter) => {
      return this.#parts.router.unsubscribe(session, filter) ? 0 : reason.noSubscriptionExisted;
    });
    this.#write({ cmd: 'unsuback', messageId, granted });
  }

  #disconnect(session: Session, { properties }: IDisconnectPacket): void {
    session.expirySeconds = properties?.sessionExpiryInterval ?? session.expirySeconds;
    this.#hangUp();
  }

  #isAllowed(kind: Act['kind'], topic: string): boolean {
    const { settings, counters } = this.#parts;
    const clientId = this.#session?.clientId ?? '';
    const isAllowed = settings.authorize({ kind, clientId, username: this.#username, topic });
    if (!isAllowed) counters['authorization.deny'] += 1;
    return isAllowed;
  }

  /** What was written before still goes out. */
  #hangUp(): void {
    this.#isClosed = true;
    this.#leave();
    this.#socket.end();
    // Read on, unheard: closing with bytes unread would cut off what was just written.
    this.#socket.resume();
    this.#socket.setTimeout(lingerMs, () => this.#socket.destroy());
  }

  #leave(): void {
    this.#isClosed = true;
    this.#keepalive?.stop();
    if (this.#session) this.#parts.sessions.disconnected(this.#session, this);
  }

  #write(packet: Packet): void {
    if (!this.#socket.destroyed) this.#socket.write(generate(packet, version5));
  }
}

/** What the model's CONNACK has ruled out, or MQTT 5 itself. */
function faultOf({ topic, qos, retain, properties }: IPublishPacket): number | null {
  if (qos === 2) return reason.qosNotSupported;
  if (retain) return reason.retainNotSupported;
  if (properties?.topicAlias !== undefined) return reason.topicAliasInvalid;
  return topic === '' || /[+#]/.test(topic) ? reason.topicInvalid : null;
}

/** Without its `$share/name/`; null where it is malformed. */
function plainFilterOf(text: string): string | null {
  try {
    return sharedFilterOf(text)?.filter ?? text;
  } catch {
    return null;
  }
}
