// How long Kafka may stay away before the MQTT broker drops frames: the room in our windows and in
// the broker's queues, by the rate at which messages come. Looks at plain numbers now and then;
// costs nothing per frame. The broker's queue is never seen, it is reckoned.

/** One connection on its present link. */
export interface Inflow {
  /** Of the connection; its share of the messages outlives its links. */
  readonly connection: number;
  /** Another one for each link: with a link the broker's queue for it ends too. */
  readonly link: object;
  /** Messages received on this link so far. */
  readonly receivedCount: number;
  /** Messages in the window. */
  readonly windowCount: number;
  /** How many the broker gives us un-acknowledged. */
  readonly windowMax: number;
  /** We do not read: what comes waits with the broker, or on the way. */
  readonly isHeld: boolean;
}

export interface HeadroomOptions {
  readonly inflows: () => readonly Inflow[];
  /** Messages that the broker keeps per connection beyond the window. */
  readonly brokerQueueFrames: number;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

/** What stands for "nothing arrives, so nothing can be dropped": a day. */
export const headroomSecondsMax = 86_400;

/** The rate forgets what is older than this: cars report each 1 to 30 s. */
const rateTimeMs = 30_000;

/** So long must no more arrive than usual, with room in the window: the broker's queue is empty. */
const calmAfterMs = 2000;

/** Looks that follow one another more closely tell nothing new of the rate. */
const lookMsMin = 100;

export class Headroom {
  readonly #options: HeadroomOptions;
  readonly #now: () => number;
  readonly #reckonings = new Map<number, Reckoning>();
  #inflows: readonly Inflow[] = [];
  #lookedAt: number;

  constructor(options: HeadroomOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#lookedAt = this.#now();
  }

  /** To be called each second or so; looks that are too close are left out. */
  look(): void {
    const at = this.#now();
    const elapsedMs = at - this.#lookedAt;
    if (elapsedMs < lookMsMin) return;
    this.#lookedAt = at;
    this.#inflows = this.#options.inflows();
    for (const inflow of this.#inflows) this.#reckoningOf(inflow).look(inflow, elapsedMs);
  }

  /** Seconds until the broker drops the first frame if nothing is acknowledged from now on. */
  get seconds(): number {
    this.look();
    const rooms = this.#inflows.map((inflow) => this.#reckoningOf(inflow).room(inflow));
    return headroomSeconds(rooms, this.#options.brokerQueueFrames);
  }

  /** What is left of window and queue, 0 to 1, of the connection that has least. */
  get share(): number {
    this.look();
    const { brokerQueueFrames } = this.#options;
    const shares = this.#inflows.map((inflow) => {
      const { freeCount } = this.#reckoningOf(inflow).room(inflow);
      return Math.max(0, freeCount + brokerQueueFrames) / (inflow.windowMax + brokerQueueFrames);
    });
    return Math.min(1, ...shares);
  }

  /** Some connection gets less than comes for it: the broker must be queueing. */
  get isInUse(): boolean {
    return this.#inflows.some((inflow) => this.#reckoningOf(inflow).isBehind);
  }

  #reckoningOf({ connection }: Inflow): Reckoning {
    const known = this.#reckonings.get(connection);
    if (known) return known;
    const reckoning = new Reckoning(this.#options.brokerQueueFrames);
    this.#reckonings.set(connection, reckoning);
    return reckoning;
  }
}

/** What is left of one connection, and how fast it goes. */
export interface Room {
  /** Free in the window, less what is reckoned to wait with the broker: below 0 in an outage. */
  readonly freeCount: number;
  /** Messages a second. */
  readonly rate: number;
}

/** The connection that is full first decides: one car's frames all come on one of them. */
export function headroomSeconds(rooms: readonly Room[], brokerQueueFrames: number): number {
  const seconds = rooms.map(({ freeCount, rate }) => {
    const left = Math.max(0, freeCount + brokerQueueFrames);
    return rate > 0 ? left / rate : headroomSecondsMax;
  });
  return Math.min(headroomSecondsMax, ...seconds);
}

/** The rate of one connection, and what waits for it where we do not see it. */
class Reckoning {
  /** Messages that the broker has for us and that we have not read. */
  #waitingCount = 0;
  #isStalled = false;
  #link: object | null = null;
  #receivedCount = 0;
  /** Both fade with `rateTimeMs`: their quotient is the rate, right from the first look on. */
  #messages = 0;
  #ms = 0;
  #calmMs = 0;
  readonly #brokerQueueFrames: number;

  constructor(brokerQueueFrames: number) {
    this.#brokerQueueFrames = brokerQueueFrames;
  }

  look(inflow: Inflow, elapsedMs: number): void {
    if (inflow.link !== this.#link) {
      this.#link = inflow.link;
      this.#receivedCount = 0;
      this.#waitingCount = 0;
    }
    const arrivedCount = inflow.receivedCount - this.#receivedCount;
    this.#receivedCount = inflow.receivedCount;
    this.#isStalled = inflow.isHeld || inflow.windowCount >= inflow.windowMax;
    // More than the rate promised says that the rate has risen, however full the window is.
    const surplusCount = arrivedCount - this.#waitingCount - this.#perMs * elapsedMs;
    if (this.isBehind && surplusCount <= 0) this.#reckon(inflow, { arrivedCount, elapsedMs });
    else this.#learn(arrivedCount - this.#waitingCount, elapsedMs);
  }

  room(inflow: Inflow): Room {
    return { freeCount: freeCountOf(inflow) - this.#waitingCount, rate: this.#perMs * 1000 };
  }

  get isBehind(): boolean {
    return this.#isStalled || this.#waitingCount > 0;
  }

  get #perMs(): number {
    return this.#ms > 0 ? this.#messages / this.#ms : 0;
  }

  #learn(arrivedCount: number, elapsedMs: number): void {
    this.#waitingCount = 0;
    const kept = Math.exp(-elapsedMs / rateTimeMs);
    this.#messages = this.#messages * kept + arrivedCount;
    this.#ms = this.#ms * kept + elapsedMs;
  }

  /**
   * What arrives now says how fast we read, not how fast cars send: the rate stands still, and what
   * it promised and did not arrive waits with the broker, as far as there is room.
   */
  #reckon(inflow: Inflow, { arrivedCount, elapsedMs }: Look): void {
    const usualCount = this.#perMs * elapsedMs;
    const roomCount = freeCountOf(inflow) + this.#brokerQueueFrames;
    this.#waitingCount = Math.min(roomCount, this.#waitingCount + usualCount - arrivedCount);
    const isCalm = !this.#isStalled && arrivedCount <= usualCount;
    this.#calmMs = isCalm ? this.#calmMs + elapsedMs : 0;
    if (this.#calmMs >= calmAfterMs) this.#waitingCount = 0;
  }
}

interface Look {
  readonly arrivedCount: number;
  readonly elapsedMs: number;
}

/** Some brokers overrun the window. */
function freeCountOf({ windowMax, windowCount }: Inflow): number {
  return Math.max(0, windowMax - windowCount);
}
