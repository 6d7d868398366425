// Whether the MQTT broker, and the machine under it, live: a connection of its own that passes no
// proxy and asks again and again. What stands still there stands still for every bridge as well.

import { connect, type Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';
import type { Address } from '../proxy/proxied-connection.ts';

/** A ping that was long without an answer. Epoch ms. */
export interface Stall {
  readonly from: number;
  readonly to: number;
}

export interface PulseOptions {
  readonly broker: Address;
  /** Of the answer: what comes sooner is no stall. */
  readonly stallMsMin: number;
  /** For tests. */
  readonly askEveryMs?: number;
}

/** A broker that is gone is asked again when it is back: that it was away is no stall. */
export class BrokerPulse {
  readonly stalls: Stall[] = [];
  readonly #options: PulseOptions;
  #socket: Socket | null = null;
  #askedAt: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: PulseOptions) {
    this.#options = options;
    this.#open();
  }

  stop(): void {
    this.#isStopped = true;
    this.#answered();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #open(): void {
    const socket = connect({ ...this.#options.broker, noDelay: true });
    this.#socket = socket;
    const reader = parser({ protocolVersion: 5 });
    reader.on('packet', ({ cmd }: Packet) => {
      if (cmd === 'pingresp') this.#answered();
      if (cmd === 'connack' || cmd === 'pingresp') this.#later(() => this.#ask(socket));
    });
    socket.on('data', (bytes: Buffer) => void reader.parse(bytes));
    socket.on('connect', () => socket.write(helloBytes));
    // Told by `close`, too.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#askedAt = null;
      this.#later(() => this.#open());
    });
  }

  #ask(socket: Socket): void {
    this.#askedAt = Date.now();
    socket.write(pingBytes);
  }

  #answered(): void {
    const [from, to] = [this.#askedAt, Date.now()];
    this.#askedAt = null;
    if (from !== null && to - from >= this.#options.stallMsMin) this.stalls.push({ from, to });
  }

  #later(act: () => void): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(act, this.#options.askEveryMs ?? 250);
  }
}

const helloBytes = bytesOf({
  cmd: 'connect',
  clientId: 'pulse',
  protocolId: 'MQTT',
  protocolVersion: 5,
  clean: true,
  keepalive: 0,
});
const pingBytes = bytesOf({ cmd: 'pingreq' });

function bytesOf(packet: Packet): Buffer {
  return generate(packet, { protocolVersion: 5 });
}
