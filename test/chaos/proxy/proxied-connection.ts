// A client's connection and the one to the server behind it, with a flow for each direction.

import { connect, type Socket } from 'node:net';
import { Flow } from './flow.ts';
import type { Direction, Dose, Toxic } from './toxics.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Sees what each side sends, when it comes. */
export interface Tap {
  up(chunk: Buffer): void;
  down(chunk: Buffer): void;
  /** Called once, when either side is gone. */
  closed(): void;
}

export interface ProxiedConnectionOptions {
  readonly client: Socket;
  readonly server: Address;
  readonly doses: Iterable<Dose>;
  readonly tap: Tap | null;
  /** 0 to 1. */
  readonly random: () => number;
  readonly onClosed: (connection: ProxiedConnection) => void;
}

export class ProxiedConnection {
  readonly #options: ProxiedConnectionOptions;
  readonly #server: Socket;
  readonly #toxics: Readonly<Record<Direction, Set<Toxic>>> = { up: new Set(), down: new Set() };
  readonly #flows: Readonly<Record<Direction, Flow>>;
  readonly #timers = new Map<Toxic, NodeJS.Timeout>();
  #isClosed = false;
  #isTold = false;
  #openSides = 2;

  constructor(options: ProxiedConnectionOptions) {
    this.#options = options;
    const { client, server, tap, random } = options;
    this.#server = connect({ ...server, allowHalfOpen: true, noDelay: true });
    const onCut = (how: 'close' | 'reset') => (how === 'close' ? this.close() : this.reset());
    const shared = { random, onCut };
    const { up, down } = this.#toxics;
    this.#flows = {
      up: new Flow({
        ...shared,
        from: client,
        to: this.#server,
        toxics: up,
        tap: tap && ((chunk) => tap.up(chunk)),
      }),
      down: new Flow({
        ...shared,
        from: this.#server,
        to: client,
        toxics: down,
        tap: tap && ((chunk) => tap.down(chunk)),
      }),
    };
    for (const socket of [client, this.#server]) this.#watch(socket);
    for (const dose of options.doses) this.add(dose);
  }

  add({ direction, toxic }: Dose): void {
    if (this.#isClosed) return;
    this.#toxics[direction].add(toxic);
    const later = (ms: number, act: () => void) =>
      this.#timers.set(toxic, setTimeout(act, ms).unref());
    if (toxic.kind === 'reset_peer') later(toxic.afterMs ?? 0, () => this.reset());
    if (toxic.kind === 'timeout' && toxic.closeAfterMs !== undefined) {
      later(toxic.closeAfterMs, () => this.close());
    }
    if (toxic.kind === 'half_open') this.#halfOpen(direction);
    this.#flows[direction].toxicsChanged();
  }

  remove({ direction, toxic }: Dose): void {
    this.#toxics[direction].delete(toxic);
    clearTimeout(this.#timers.get(toxic));
    // The far side is gone for good: what still believes in it is told now.
    if (toxic.kind === 'half_open') this.reset();
    this.#flows[direction].toxicsChanged();
  }

  /** FIN to both. */
  close(): void {
    this.#end((socket) => socket.destroy());
  }

  reset(): void {
    this.#end((socket) => socket.resetAndDestroy());
  }

  /** `up`: the server goes and the client does not hear of it; `down` the other way round. */
  #halfOpen(direction: Direction): void {
    const { client } = this.#options;
    const [gone, left] = direction === 'up' ? [this.#server, client] : [client, this.#server];
    // First: no flow may tell the one that is left.
    for (const flow of Object.values(this.#flows)) flow.end();
    gone.resetAndDestroy();
    this.#tellClosed();
    // What it still says is heard by the tap and nobody else.
    left.resume();
  }

  #watch(socket: Socket): void {
    // Told by `close`, too.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#openSides -= 1;
      if (this.#openSides === 0) this.close();
    });
  }

  #tellClosed(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#options.tap?.closed();
  }

  #end(how: (socket: Socket) => void): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const flow of Object.values(this.#flows)) flow.end();
    how(this.#options.client);
    how(this.#server);
    this.#tellClosed();
    this.#options.onClosed(this);
  }
}
