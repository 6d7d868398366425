// A connection for those who send like vehicles do: publishes at QoS 1 and tells each PUBACK's
// reason, hears answers. Ends with its connection; who wants another one opens it.

import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { LinkSettings } from './link.ts';

export interface PublisherOptions {
  readonly link: Omit<LinkSettings, 'receiveMaximum'>;
  /** Called for what `subscribe` brought; acknowledged when it returns. */
  readonly onMessage?: (topic: string, payload: Buffer) => void;
}

export interface Publisher {
  /**
   * Resolves with the reason code of the PUBACK: 0x00 taken, 0x10 taken with nobody subscribed,
   * from 0x80 on refused. Rejects when the connection ends first: then nobody knows.
   */
  publish(topic: string, payload: Buffer): Promise<number>;
  /** Rejects unless the broker grants QoS 1. */
  subscribe(filter: string): Promise<void>;
  /** Resolves with why the connection ended; never rejects. */
  readonly closed: Promise<string>;
  /** DISCONNECT after what is on its way. */
  close(): Promise<void>;
}

/** Rejects when the broker cannot be reached or refuses. */
export function openPublisher(options: PublisherOptions): Promise<Publisher> {
  const client = connect(clientOptions(options.link));
  const faults: Error[] = [];
  client.on('error', (error) => faults.push(error));
  client.on('message', (topic, payload) => options.onMessage?.(topic, payload));
  const closed = new Promise<string>((resolve) => {
    client.once('close', () => resolve(reasonOf(faults)));
  });
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new Error(`no MQTT connection: ${reasonOf(faults)}`));
    client.once('close', onClose);
    client.once('connect', (connack) => {
      client.off('close', onClose);
      const quota = connack.properties?.receiveMaximum ?? receiveMaximumDefault;
      resolve(publisherOf(client, { closed, quota }));
    });
  });
}

// MQTT 5 section 3.2.2.3.3: absent in CONNACK means this.
const receiveMaximumDefault = 65_535;

interface Connected {
  readonly closed: Promise<string>;
  /** Publishes that may be without their PUBACK at once. */
  readonly quota: number;
}

function publisherOf(client: MqttClient, { closed, quota }: Connected): Publisher {
  const codes = watchPubacks(client);
  const places = createPlaces(quota);
  // A fault that was told is a close as well; one rejection each is enough.
  const ended = closed.then((reason): never => {
    throw new Error(`MQTT connection ended: ${reason}`);
  });
  ended.catch(() => undefined);
  return {
    closed,
    async publish(topic, payload) {
      await Promise.race([places.take(), ended]);
      try {
        return await Promise.race([publishOnce(client, codes, { topic, payload }), ended]);
      } finally {
        places.giveBack();
      }
    },
    async subscribe(filter) {
      const granted = await Promise.race([client.subscribeAsync(filter, { qos: 1 }), ended]);
      if (granted[0]?.qos !== 1) throw new Error(`QoS 1 wanted for ${filter}, refused`);
    },
    async close() {
      // MQTT.js waits for every PUBACK before it ends, for ever when the connection is lost by
      // then.
      await Promise.race([client.endAsync(), closed]);
      await closed;
    },
  };
}

/**
 * MQTT.js keeps quiet about codes below 0x80, and 0x10 says that the broker has thrown the message
 * away.
 */
function watchPubacks(client: MqttClient): Map<number, number> {
  const codes = new Map<number, number>();
  client.on('packetreceive', (packet) => {
    if (packet.cmd !== 'puback' || packet.messageId === undefined) return;
    if (packet.reasonCode) codes.set(packet.messageId, packet.reasonCode);
  });
  return codes;
}

interface Outgoing {
  readonly topic: string;
  readonly payload: Buffer;
}

function publishOnce(
  client: MqttClient,
  codes: Map<number, number>,
  { topic, payload }: Outgoing,
): Promise<number> {
  return new Promise((resolve, reject) => {
    client.publish(topic, payload, { qos: 1 }, (error, packet) => {
      const messageId = packet?.messageId ?? -1;
      const code = codes.get(messageId) ?? 0;
      codes.delete(messageId);
      if (code > 0 || !error) resolve(code);
      else reject(error);
    });
  });
}

/** A queue for the places that the broker's Receive Maximum allows. */
function createPlaces(count: number) {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async take(): Promise<void> {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    giveBack(): void {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}

function reasonOf(faults: readonly Error[]): string {
  const [first] = faults;
  if (first === undefined) return 'closed';
  return first.message || String((first as NodeJS.ErrnoException).code ?? first.name);
}

function clientOptions(link: PublisherOptions['link']): IClientOptions {
  const { credentials, tls } = link;
  return {
    protocol: tls ? 'mqtts' : 'mqtt',
    host: link.host,
    port: link.port,
    clientId: link.clientId,
    protocolVersion: 5,
    keepalive: link.keepaliveSeconds,
    connectTimeout: link.connectTimeoutMs,
    reconnectPeriod: 0,
    resubscribe: false,
    clean: true,
    log: () => undefined,
    ...(credentials && { username: credentials.username }),
    ...(credentials?.password && { password: credentials.password }),
    ...(tls && { secureContext: tls() }),
  };
}
