// One session in memory, as EMQX keeps it by default (emqx_session_mem): the window of what is
// un-acknowledged, the queue behind it, and the connection while there is one.

import type { Counters } from './counters.ts';
import type { Delivery } from './message.ts';
import { Mqueue } from './mqueue.ts';
import type { ModelSettings } from './settings.ts';

/** What a session needs of its connection. */
export interface Outlet {
  /** min(the client's Receive Maximum, `mqtt.max_inflight`): emqx_channel. */
  readonly window: number;
  /** False: larger than the client allows; nothing was written. */
  send(delivery: Delivery, how: { packetId: number; dup: boolean }): boolean;
  /** DISCONNECT with this reason, and the end of the connection. */
  close(reasonCode: number): void;
}

export interface SessionParts {
  readonly clientId: string;
  readonly settings: ModelSettings;
  readonly counters: Counters;
}

export class Session {
  readonly clientId: string;
  expirySeconds = 0;
  outlet: Outlet | null = null;
  /** Calls off the end of a session that is absent. */
  cancelExpiry: () => void = () => undefined;
  droppedCount = 0;

  readonly #settings: ModelSettings;
  readonly #counters: Counters;
  /** By packet id, in the order sent. */
  #inflight = new Map<number, Delivery>();
  readonly #mqueue: Mqueue;
  #packetId = 0;

  constructor({ clientId, settings, counters }: SessionParts) {
    this.clientId = clientId;
    this.#settings = settings;
    this.#counters = counters;
    this.#mqueue = new Mqueue(settings.maxMqueueLen, () => {
      this.droppedCount += 1;
      counters['delivery.dropped.queue_full'] += 1;
    });
  }

  get inflightCount(): number {
    return this.#inflight.size;
  }

  get mqueueLength(): number {
    return this.#mqueue.length;
  }

  deliver(delivery: Delivery): void {
    const { outlet } = this;
    if (outlet === null) this.#mqueue.push(delivery);
    // QoS 0 has no window and does not wait for one.
    else if (delivery.qos === 0) this.#send(delivery, outlet);
    else if (this.#inflight.size < outlet.window) this.#send(delivery, outlet);
    else this.#mqueue.push(delivery);
  }

  /**
   * The only thing that frees a place: `mqtt.retry_interval` is infinity, so a message that is not
   * acknowledged is not sent again on a live connection, unless a test says so.
   */
  acknowledge(packetId: number): void {
    if (!this.#inflight.delete(packetId)) return;
    this.#counters['messages.acked'] += 1;
    this.#fillWindow();
  }

  /** A connection is there (again): what was un-acknowledged with DUP first, then the queue. */
  attach(outlet: Outlet): void {
    this.cancelExpiry();
    this.outlet = outlet;
    for (const [packetId, delivery] of this.#inflight)
      outlet.send(delivery, { packetId, dup: true });
    this.#fillWindow();
  }

  /** All that is un-acknowledged once more on the live connection, with DUP: see EmqxModel. */
  repeat(): void {
    for (const [packetId, delivery] of this.#inflight) {
      this.outlet?.send(delivery, { packetId, dup: true });
    }
  }

  /** For who gets them next: what was un-acknowledged in the order sent, then the queue. */
  takeAll(): readonly Delivery[] {
    const all = [...this.#inflight.values(), ...this.#mqueue.takeAll()];
    this.#inflight = new Map();
    return all;
  }

  #fillWindow(): void {
    const { outlet } = this;
    while (outlet !== null && this.#inflight.size < outlet.window) {
      const next = this.#mqueue.shift();
      if (next === undefined) return;
      this.#send(next, outlet);
    }
  }

  #send(delivery: Delivery, outlet: Outlet): void {
    const { expiresAt } = delivery.message;
    if (expiresAt !== null && expiresAt <= this.#settings.clock.now()) {
      this.#counters['delivery.dropped.expired'] += 1;
      return;
    }
    const packetId = delivery.qos === 0 ? 0 : this.#freePacketId();
    if (!outlet.send(delivery, { packetId, dup: false })) {
      this.#counters['delivery.dropped.too_large'] += 1;
    } else if (packetId > 0) this.#inflight.set(packetId, delivery);
  }

  #freePacketId(): number {
    do this.#packetId = (this.#packetId % 65_535) + 1;
    while (this.#inflight.has(this.#packetId));
    return this.#packetId;
  }
}
