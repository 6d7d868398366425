// What waits for a session beyond its window, as emqx_mqueue keeps it: in memory, gone with the
// node, the oldest dropped when it is full (`mqtt.max_mqueue_len`).

import type { Delivery } from './message.ts';

export class Mqueue {
  readonly #lengthMax: number;
  readonly #onDropped: (delivery: Delivery) => void;
  #deliveries: Delivery[] = [];
  /** Of those before it nothing is left; cut off now and then. */
  #head = 0;

  constructor(lengthMax: number, onDropped: (delivery: Delivery) => void) {
    this.#lengthMax = lengthMax;
    this.#onDropped = onDropped;
  }

  get length(): number {
    return this.#deliveries.length - this.#head;
  }

  /** `mqtt.mqueue_store_qos0` is true: QoS 0 waits here, too. */
  push(delivery: Delivery): void {
    this.#deliveries.push(delivery);
    if (this.length <= this.#lengthMax) return;
    this.#onDropped(this.shift()!);
  }

  shift(): Delivery | undefined {
    if (this.length === 0) return undefined;
    const delivery = this.#deliveries[this.#head]!;
    this.#head += 1;
    if (this.#head > 1000 && this.#head > this.length) {
      this.#deliveries = this.#deliveries.slice(this.#head);
      this.#head = 0;
    }
    return delivery;
  }

  takeAll(): readonly Delivery[] {
    const all = this.#deliveries.slice(this.#head);
    this.#deliveries = [];
    this.#head = 0;
    return all;
  }
}
