// The ledger of frames: received = produced + quarantined + returned + in flight, per codec, exact
// whenever it is read. A frame is in flight while its message is in a window, and leaves it by the
// PUBACK or by the loss of the connection.

import { type Codec, codecs } from '#shared/topics.ts';

export type LedgerCodec = Codec | 'unknown';

/** What the ledger needs to know of a message. */
export interface LedgerMessage {
  readonly codec: LedgerCodec;
  readonly frameCount: number;
  /** One for each frame of the message that went to quarantine. */
  readonly quarantineReasons: readonly string[];
}

/** A window, seen by the ledger. */
export interface LedgerWindow {
  entries(): Iterable<LedgerMessage>;
}

export interface LedgerLine {
  receivedCount: number;
  producedCount: number;
  readonly quarantinedCounts: Map<string, number>;
  returnedCount: number;
}

export class Ledger {
  readonly lines: ReadonlyMap<LedgerCodec, LedgerLine>;
  readonly #windows = new Set<LedgerWindow>();

  constructor() {
    this.lines = new Map([...codecs, 'unknown' as const].map((codec) => [codec, emptyLine()]));
  }

  opened(window: LedgerWindow): void {
    this.#windows.add(window);
  }

  closed(window: LedgerWindow): void {
    this.#windows.delete(window);
  }

  received(message: LedgerMessage): void {
    this.line(message.codec).receivedCount += message.frameCount;
  }

  acknowledged(message: LedgerMessage): void {
    const line = this.line(message.codec);
    const { frameCount, quarantineReasons } = message;
    line.producedCount += frameCount - quarantineReasons.length;
    for (const reason of quarantineReasons) {
      line.quarantinedCounts.set(reason, (line.quarantinedCounts.get(reason) ?? 0) + 1);
    }
  }

  /** Given back un-acknowledged: the broker owes them to another member. */
  returned(message: LedgerMessage): void {
    this.line(message.codec).returnedCount += message.frameCount;
  }

  /** Counted from the windows, never derived: a leak would show as an imbalance. */
  inFlightCount(codec: LedgerCodec): number {
    let count = 0;
    for (const window of this.#windows) {
      for (const message of window.entries()) {
        if (message.codec === codec) count += message.frameCount;
      }
    }
    return count;
  }

  line(codec: LedgerCodec): LedgerLine {
    return this.lines.get(codec) ?? unknownCodec(codec);
  }
}

function emptyLine(): LedgerLine {
  return { receivedCount: 0, producedCount: 0, quarantinedCounts: new Map(), returnedCount: 0 };
}

function unknownCodec(codec: string): never {
  throw new Error(`codec ${codec} is not in the address book`);
}
