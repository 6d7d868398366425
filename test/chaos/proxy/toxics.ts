// What a proxy can do to bytes on their way, in toxiproxy's words. Plain data: `flow.ts` obeys it.

/** `up` is from the client to the server, `down` what comes back. */
export type Direction = 'up' | 'down';

export type Toxic =
  /** Each chunk comes so much later, order kept. */
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** The end of the stream is told so much later. */
  | { readonly kind: 'slow_close'; readonly ms: number }
  /**
   * Nothing passes, not even an end; after `closeAfterMs` the connection is closed. Without it this
   * is a black hole: what is held back passes when the toxic is removed, as after a partition.
   */
  | { readonly kind: 'timeout'; readonly closeAfterMs?: number }
  /** RST to both sides. */
  | { readonly kind: 'reset_peer'; readonly afterMs?: number }
  /** Closes after so many bytes; with 0 as soon as there is a first one, which does not pass. */
  | { readonly kind: 'limit_data'; readonly bytes: number }
  /** The far side is reset, the near one stays open and hears nothing any more. */
  | { readonly kind: 'half_open' };

export interface Dose {
  readonly direction: Direction;
  readonly toxic: Toxic;
}

/** How long a chunk that came at `at` is still to be held; infinite while nothing may pass. */
export function holdMsOf(toxics: Iterable<Toxic>, { at, jitter, now }: Held): number {
  let ms = 0;
  for (const toxic of toxics) {
    if (toxic.kind === 'timeout' || toxic.kind === 'half_open') return Number.POSITIVE_INFINITY;
    if (toxic.kind !== 'latency') continue;
    ms += toxic.ms + (jitter * 2 - 1) * Math.min(toxic.ms, toxic.jitterMs ?? 0);
  }
  return at + ms - now;
}

export interface Held {
  /** When it came. */
  readonly at: number;
  /** 0 to 1, drawn once for each chunk. */
  readonly jitter: number;
  readonly now: number;
}

/** Bytes each second that the narrowest of them lets through; infinite without one. */
export function bytesPerSecondOf(toxics: Iterable<Toxic>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const toxic of toxics) {
    if (toxic.kind === 'bandwidth') least = Math.min(least, toxic.bytesPerSecond);
  }
  return least;
}

export function slowCloseMsOf(toxics: Iterable<Toxic>): number {
  let ms = 0;
  for (const toxic of toxics) if (toxic.kind === 'slow_close') ms += toxic.ms;
  return ms;
}
