// One MQTT 5 connection from CONNECT to close, never reused: nothing that belonged to it can reach
// the next one. The only file that leans on how MQTT.js works inside: its version is pinned
// exactly, and test/shared/mqtt/link.test.ts gates every upgrade.

import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { TlsSource } from '../runtime/tls-files.ts';
import { type BrokerLimits, limitsOf } from './broker-limits.ts';
import { type Delivery, type NextDelivery, PublishReader } from './publish-reader.ts';

export interface LinkSettings {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly keepaliveSeconds: number;
  readonly connectTimeoutMs: number;
  /** Messages that the broker may have un-acknowledged with us: 1 to 65,535. */
  readonly receiveMaximum: number;
  readonly credentials: Credentials | null;
  /** Asked once for each link; null: plain TCP. */
  readonly tls: TlsSource | null;
}

export interface Credentials {
  readonly username: string;
  readonly password: string | null;
}

/** Who uses the link. All calls come from one link, in order: deliveries, then closed once. */
export interface LinkUser {
  deliver(delivery: Delivery, next: NextDelivery): void;
  closed(reason: string): void;
}

export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** The broker forgets it when it could not be delivered for so long. */
  readonly expirySeconds: number;
}

// MQTT 5 section 3.14: DISCONNECT, remaining length 0, which means reason 0x00.
const disconnectBytes = Buffer.from([0xe0, 0x00]);

export class Link {
  readonly epoch: number;
  readonly settings: LinkSettings;
  /** Resolves on CONNACK 0x00; rejects with the reason when that never comes. */
  readonly connected: Promise<void>;
  /** Resolves with why it ended; never rejects. */
  readonly closed: Promise<string>;
  /** What CONNACK said; the standard's defaults until it came. */
  limits: BrokerLimits = limitsOf();

  readonly #client: MqttClient;
  readonly #stream: MqttClient['stream'];
  readonly #user: LinkUser;
  readonly #reader: PublishReader;
  #isOpen = false;
  #unansweredCount = 0;
  #closeReason: string | null = null;
  #handPings: NodeJS.Timeout | null = null;
  /** By hand; milliseconds that never go back. */
  #pingedAt = performance.now();

  constructor(settings: LinkSettings, epoch: number, accept: (link: Link) => LinkUser) {
    this.epoch = epoch;
    this.settings = settings;
    this.#client = connect(clientOptions(settings));
    // Kept for good: with reconnectPeriod 0 MQTT.js never makes a second stream.
    this.#stream = this.#client.stream;
    this.#reader = this.#readPublishes();
    this.#client.on('error', (error) => this.#fail(describe(error)));
    this.#client.on('disconnect', (packet) => {
      this.#closeReason ??= `DISCONNECT from the broker, reason ${hex(packet.reasonCode ?? 0)}`;
    });
    this.connected = new Promise((resolve, reject) => {
      this.#client.once('connect', (connack) => {
        this.#isOpen = true;
        this.limits = limitsOf(connack.properties);
        resolve();
      });
      this.#client.once('close', () => reject(new Error(this.#reason())));
    });
    this.connected.catch(() => undefined);
    this.closed = new Promise((resolve) => {
      this.#client.once('close', () => {
        this.#onClose();
        resolve(this.#reason());
      });
    });
    this.#user = accept(this);
  }

  /** What CONNACK allows us to send without its PUBACK. */
  get brokerReceiveMaximum(): number {
    return this.limits.receiveMaximum;
  }

  /** True between CONNACK and the first sign of the end. */
  get isOpen(): boolean {
    return this.#isOpen && !this.#stream.destroyed && this.#stream.writable;
  }

  /** One SUBSCRIBE for all filters at QoS 1; answers with the SUBACK's codes, refusals too. */
  subscribe(filters: readonly string[]): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      this.#client.subscribe([...filters], { qos: 1 }, (error, _subscriptions, suback) => {
        if (suback) resolve(suback.granted as number[]);
        else reject(error ?? new Error('SUBACK without codes'));
      });
    });
  }

  /** Bytes straight to this connection; false, and nothing written, when it is no longer open. */
  write(bytes: Buffer): boolean {
    if (!this.isOpen) return false;
    this.#stream.write(bytes);
    return true;
  }

  /** Messages that may still be published before the broker's PUBACKs free a place. */
  get publishQuota(): number {
    return this.isOpen ? this.brokerReceiveMaximum - this.#unansweredCount : 0;
  }

  /**
   * Publishes at QoS 1, written before this returns. `onAnswer` comes with the broker's PUBACK
   * (null, or its refusal); never when the link closes first. Call only while there is quota.
   */
  publish(message: OutgoingMessage, onAnswer: (refusal: string | null) => void): void {
    if (this.publishQuota <= 0) throw new Error('published beyond the Receive Maximum');
    this.#unansweredCount += 1;
    const properties = { messageExpiryInterval: message.expirySeconds };
    this.#client.publish(message.topic, message.payload, { qos: 1, properties }, (error) => {
      this.#unansweredCount -= 1;
      onAnswer(error ? describe(error) : null);
    });
  }

  /**
   * To be called when a delivery's `next` is withheld: PINGRESP then waits unread behind it, so
   * MQTT.js would end a healthy connection. Pings go on by hand and nothing counts their answers.
   */
  startHandPings(): void {
    if (this.#handPings) return;
    this.#handPings = setInterval(() => this.#ping(), (this.#client.keepalive * 1000) / 2);
    this.#handPings.unref();
    this.#changePings();
  }

  stopHandPings(): void {
    if (!this.#handPings) return;
    clearInterval(this.#handPings);
    this.#handPings = null;
    this.#changePings();
  }

  /**
   * Whoever pings next begins to count now. A reader at its bound comes and goes many times a
   * second: without this ping neither of the two would ever get to one.
   */
  #changePings(): void {
    const dueMs = (this.#client.keepalive * 1000) / 4;
    if (performance.now() - this.#pingedAt >= dueMs) this.#ping();
    this.#client.reschedulePing(true);
  }

  #ping(): void {
    if (!this.isOpen) return;
    this.#pingedAt = performance.now();
    this.#client.sendPing();
    this.#client.reschedulePing(true);
  }

  /**
   * DISCONNECT behind everything written so far, then waits for the broker to close; after
   * `timeoutMs` closes by force. Two things would lose PUBACKs that are written: closing first
   * (Artemis sees the end of the stream before it has worked off what came earlier; measured: 3,071
   * messages doubled), and leaving bytes unread (closing then resets the connection).
   */
  async disconnect(timeoutMs: number): Promise<void> {
    if (!this.isOpen) return this.destroy('closed by us');
    this.#closeReason ??= 'closed by us';
    this.#isOpen = false;
    this.#reader.stop();
    this.#stream.resume();
    this.#stream.write(disconnectBytes);
    const timer = setTimeout(() => this.#client.end(true), timeoutMs);
    await this.closed;
    clearTimeout(timer);
  }

  /** Ends the connection without DISCONNECT. */
  destroy(reason: string): void {
    this.#fail(reason);
  }

  /**
   * MQTT.js hears of every packet but PUBLISH, which is read here: 13.8 us of CPU a frame in the
   * bridge instead of 21.3, median of 5 rounds in turn on a busy machine (`npm run bench --
   * bridge`).
   */
  #readPublishes(): PublishReader {
    const stream = this.#stream;
    // What MQTT.js's own pipe listens with.
    const [feed] = stream.listeners('data') as ((chunk: Buffer) => void)[];
    if (feed === undefined) throw new Error('MQTT.js listens to its stream otherwise than known');
    const reader = new PublishReader({
      deliver: (delivery, next) => this.#user.deliver(delivery, next),
      passOn: (packet) => feed.call(stream, packet),
      pause: () => stream.pause(),
      resume: () => stream.resume(),
      fail: (reason) => this.#fail(reason),
    });
    stream.on('data', (chunk: Buffer) => reader.read(chunk));
    stream.off('data', feed);
    return reader;
  }

  /** The first reason is the cause; what follows it are its echoes. */
  #fail(reason: string): void {
    this.#closeReason ??= reason;
    this.#isOpen = false;
    this.#reader.stop();
    this.#client.end(true);
  }

  #reason(): string {
    return this.#closeReason ?? 'closed by the broker';
  }

  #onClose(): void {
    this.#isOpen = false;
    this.stopHandPings();
    this.#user.closed(this.#reason());
  }
}

function clientOptions(settings: LinkSettings): IClientOptions {
  const { credentials, tls } = settings;
  return {
    protocol: tls ? 'mqtts' : 'mqtt',
    host: settings.host,
    port: settings.port,
    clientId: settings.clientId,
    protocolVersion: 5,
    keepalive: settings.keepaliveSeconds,
    connectTimeout: settings.connectTimeoutMs,
    // A lost connection is thrown away whole: no replayed PUBACK, no forgotten subscription, no
    // reconnect without jitter. The owner makes the next link.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    clean: true,
    // No topicAliasMaximum: aliases would come unresolved.
    properties: { receiveMaximum: settings.receiveMaximum, sessionExpiryInterval: 0 },
    // MQTT.js formats debug lines for every packet otherwise.
    log: () => undefined,
    ...(credentials && { username: credentials.username }),
    ...(credentials?.password && { password: credentials.password }),
    ...(tls && { secureContext: tls() }),
  };
}

function describe(error: Error & { code?: string | number }): string {
  if (typeof error.code === 'number') return `${error.message} (reason ${hex(error.code)})`;
  // An AggregateError of a refused connect has an empty message.
  return error.message || String(error.code ?? error.name);
}

function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, '0')}`;
}
