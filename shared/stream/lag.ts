// How far one partition is behind: in records, in seconds, and up to which instant everything that
// was stored by then has been applied.

/** A look: what was stored by `at` lies before `ends`. */
export interface Marker {
  /** Epoch ms. */
  readonly at: number;
  /** In the order of the inputs. */
  readonly ends: readonly number[];
}

export interface LagPlace {
  readonly nextOffsets: readonly number[];
  /** Epoch ms, 0: unknown. */
  readonly appendedAt: readonly number[];
}

/** Of a partition that is behind for long the oldest are worth most: they are reached first. */
const markersMax = 64;

export class PartitionLag {
  /** Epoch ms: everything stored until then has been applied. Null: not known yet. */
  reachedAt: number | null = null;
  readonly records: number[];
  readonly seconds: number[];
  /** Not reached on all inputs. */
  readonly #markers: Marker[] = [];
  /** As `reachedAt`, of each input alone. */
  readonly #inputReachedAt: (number | null)[];

  constructor(inputCount: number) {
    this.records = new Array<number>(inputCount).fill(0);
    this.seconds = new Array<number>(inputCount).fill(0);
    this.#inputReachedAt = new Array<number | null>(inputCount).fill(null);
  }

  /** Offsets went back: what was reached is reached no more. */
  reset(): void {
    this.#markers.length = 0;
    this.#inputReachedAt.fill(null);
    this.reachedAt = null;
    this.records.fill(0);
    this.seconds.fill(0);
  }

  look(marker: Marker, place: LagPlace): void {
    if (this.#markers.length >= markersMax) this.#markers.pop();
    this.#markers.push(marker);
    for (const each of this.#markers) this.#note(each, place);
    while (this.#markers[0] !== undefined && isReached(this.#markers[0], place)) {
      this.reachedAt = this.#markers.shift()!.at;
    }
    for (const input of this.records.keys()) this.#measure(input, marker, place);
  }

  #note({ at, ends }: Marker, { nextOffsets }: LagPlace): void {
    for (const [input, end] of ends.entries()) {
      if (nextOffsets[input]! >= end) this.#inputReachedAt[input] = at;
    }
  }

  /**
   * The oldest record not applied is younger than the last one applied, and younger than the latest
   * look that has been reached: the nearer of both is its age at most. Where neither is known yet,
   * it is as old as the first look that found it, at least.
   */
  #measure(input: number, { at, ends }: Marker, { nextOffsets, appendedAt }: LagPlace): void {
    const behind = Math.max(0, ends[input]! - nextOffsets[input]!);
    this.records[input] = behind;
    const known = Math.max(appendedAt[input]!, this.#inputReachedAt[input] ?? 0);
    const since = known > 0 ? known : (this.#markers[0]?.at ?? at);
    this.seconds[input] = behind > 0 ? Math.max(0, at - since) / 1000 : 0;
  }
}

function isReached({ ends }: Marker, { nextOffsets }: LagPlace): boolean {
  return ends.every((end, input) => nextOffsets[input]! >= end);
}
