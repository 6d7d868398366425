// A TCP proxy in front of one server, with toxics that are added and removed while it runs. Knows
// bytes only; a tap may know more.

import { createServer, type Server, type Socket } from 'node:net';
import { HOST } from '#deploy/local/ports.ts';
import { type Address, ProxiedConnection, type Tap } from './proxied-connection.ts';
import type { Dose } from './toxics.ts';

export interface ProxyOptions {
  /** In a sentence: "Kafka broker 2". */
  readonly name: string;
  /** 0: any free one. */
  readonly port: number;
  readonly server: Address;
  /** One for each connection. */
  readonly tap?: () => Tap;
  /** Draws the jitter. Default: none that repeats. */
  readonly random?: () => number;
}

export class TcpProxy {
  readonly name: string;
  readonly #options: ProxyOptions;
  readonly #doses = new Set<Dose>();
  readonly #connections = new Set<ProxiedConnection>();
  #listener: Server | null = null;
  #port: number;
  #acceptedCount = 0;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.name = options.name;
    this.#port = options.port;
  }

  get port(): number {
    return this.#port;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Connections accepted so far. */
  get acceptedCount(): number {
    return this.#acceptedCount;
  }

  /** Listens; does nothing where it does. */
  async up(): Promise<void> {
    if (this.#listener !== null) return;
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    this.#listener = listener;
    listener.on('connection', (client) => this.#accept(client));
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(this.#port, HOST, resolve);
    });
    const address = listener.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  /** Refuses new connections and resets those that are open, as a host whose process has died. */
  async down(): Promise<void> {
    const listener = this.#listener;
    this.#listener = null;
    const closed = new Promise<void>((resolve) => {
      if (listener === null) resolve();
      else listener.close(() => resolve());
    });
    this.resetAll();
    await closed;
  }

  /** Takes effect on every connection, open or to come, until it is removed. */
  add(...doses: readonly Dose[]): void {
    for (const dose of doses) {
      this.#doses.add(dose);
      for (const connection of this.#connections) connection.add(dose);
    }
  }

  /** The same objects that were added. */
  remove(...doses: readonly Dose[]): void {
    for (const dose of doses) {
      this.#doses.delete(dose);
      for (const connection of [...this.#connections]) connection.remove(dose);
    }
  }

  /** RST to both ends of every connection that is open now. */
  resetAll(): void {
    for (const connection of [...this.#connections]) connection.reset();
  }

  #accept(client: Socket): void {
    const { server, tap, random = Math.random } = this.#options;
    this.#acceptedCount += 1;
    const connection = new ProxiedConnection({
      client,
      server,
      doses: this.#doses,
      tap: tap?.() ?? null,
      random,
      onClosed: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
  }
}
