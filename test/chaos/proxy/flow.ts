// One direction of one connection: chunks in, held as the toxics want it, chunks out in their
// order. When the far side takes no more, nothing more is read.

import type { Socket } from 'node:net';
import { bytesPerSecondOf, holdMsOf, slowCloseMsOf, type Toxic } from './toxics.ts';

export interface FlowOptions {
  readonly from: Socket;
  readonly to: Socket;
  /** Looked at anew for each chunk and after each `toxicsChanged`. */
  readonly toxics: ReadonlySet<Toxic>;
  /** 0 to 1. */
  readonly random: () => number;
  /** Sees each chunk as it comes, whether or not it ever passes. */
  readonly tap: ((chunk: Buffer) => void) | null;
  /** A limit is reached, or the near side is gone by RST and the far side is to hear of it. */
  readonly onCut: (how: 'close' | 'reset') => void;
}

interface Chunk {
  readonly bytes: Buffer | 'end' | 'reset';
  readonly at: number;
  readonly jitter: number;
}

const queuedBytesMax = 262_144;
/** Pieces of a narrow line: so that it is narrow all the time and not in gulps. */
const piecesPerSecond = 20;

export class Flow {
  readonly #options: FlowOptions;
  readonly #queue: Chunk[] = [];
  /** Of each `limit_data`: what has passed since it was added. */
  readonly #passed = new Map<Toxic, number>();
  #queuedBytes = 0;
  #isEnded = false;
  #wake: () => void = () => undefined;

  constructor(options: FlowOptions) {
    this.#options = options;
    const { from, to, tap } = options;
    from.on('data', (bytes: Buffer) => {
      tap?.(bytes);
      this.#push(bytes);
    });
    from.once('end', () => this.#push('end'));
    // In its turn: in a black hole an RST is lost like everything else.
    from.once('close', (hadError) => {
      if (hadError) this.#push('reset');
    });
    to.on('drain', () => this.#wake());
    void this.#run();
  }

  toxicsChanged(): void {
    this.#wake();
  }

  /** Nothing passes any more. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  #push(bytes: Chunk['bytes']): void {
    if (this.#isEnded) return;
    this.#queue.push({ bytes, at: performance.now(), jitter: this.#options.random() });
    if (bytes instanceof Buffer) this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > queuedBytesMax) this.#options.from.pause();
    this.#wake();
  }

  async #run(): Promise<void> {
    while (!this.#isEnded) {
      const [chunk] = this.#queue;
      if (chunk === undefined) {
        await this.#pause(Number.POSITIVE_INFINITY);
        continue;
      }
      const { toxics } = this.#options;
      const holdMs = holdMsOf(toxics, { ...chunk, now: performance.now() });
      // Whatever woke it: the toxics may be others now.
      if (holdMs > 0) await this.#pause(holdMs);
      else await this.#pass(chunk);
    }
  }

  async #pass({ bytes }: Chunk): Promise<void> {
    this.#queue.shift();
    const { from, to, toxics, onCut } = this.#options;
    if (bytes === 'reset') return onCut('reset');
    if (bytes === 'end') {
      await this.#pauseWhole(slowCloseMsOf(toxics));
      if (!this.#isEnded) to.end();
      return;
    }
    this.#queuedBytes -= bytes.length;
    if (this.#queuedBytes <= queuedBytesMax) from.resume();
    const allowed = this.#allow(bytes.length);
    if (allowed > 0) await this.#write(bytes.subarray(0, allowed));
    if (allowed < bytes.length) onCut('close');
  }

  /** How many of so many bytes the limits let pass. */
  #allow(length: number): number {
    let allowed = length;
    for (const toxic of this.#options.toxics) {
      if (toxic.kind !== 'limit_data') continue;
      const passed = this.#passed.get(toxic) ?? 0;
      allowed = Math.min(allowed, toxic.bytes - passed);
      this.#passed.set(toxic, passed + length);
    }
    return Math.max(0, allowed);
  }

  async #write(bytes: Buffer): Promise<void> {
    const { to, toxics } = this.#options;
    for (let at = 0; at < bytes.length && !this.#isEnded; ) {
      const rate = bytesPerSecondOf(toxics);
      const isNarrow = Number.isFinite(rate);
      const size = isNarrow ? Math.max(1, Math.floor(rate / piecesPerSecond)) : bytes.length;
      const piece = bytes.subarray(at, at + size);
      at += piece.length;
      to.write(piece);
      if (isNarrow) await this.#pauseWhole((piece.length / rate) * 1_000);
      while (to.writableNeedDrain && !this.#isEnded) await this.#pause(Number.POSITIVE_INFINITY);
    }
  }

  /** Until then or until something changes. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(() => this.#wake(), ms) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve();
      };
    });
  }

  /** All of it, whatever changes meanwhile, but for the end. */
  async #pauseWhole(ms: number): Promise<void> {
    const untilAt = performance.now() + ms;
    for (let left = ms; left > 0 && !this.#isEnded; left = untilAt - performance.now()) {
      await this.#pause(left);
    }
  }
}
