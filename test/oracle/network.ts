// The way from the vehicles into Kafka: it delays, repeats and reorders, and two bridges share it.

import type { Random } from '#loadtest/fleet/random.ts';
import type { Lifecycle } from '#shared/avro/types.generated.ts';
import { type KafkaTopic, kafkaTopics } from '#shared/topics.ts';
import { asReissue } from './frame-edits.ts';
import type { Sending } from './sendings.ts';

export interface Delivery {
  /** Epoch ms: when a bridge received it. */
  readonly receivedAt: number;
  /** When it is in Kafka: after the receipt, now and then overtaken by what was received later. */
  readonly appendAt: number;
  readonly bridge: string;
  readonly content: Message | ToldEvent;
}

interface Message {
  readonly kind: 'message';
  readonly mqttTopic: string;
  readonly payload: Buffer;
}

/** What the broker says of a vehicle's connection, or a platform of itself. */
export interface ToldEvent {
  readonly kind: 'event';
  readonly kafkaTopic: KafkaTopic;
  readonly value: Lifecycle;
}

const bridges = ['bridge-a', 'bridge-b'];
const shares = { late: 0.02, overtaken: 0.02, twice: 0.02, longAfter: 0.01, reissued: 0.01 };
const minuteMs = 60_000;

export class Network {
  readonly #random: Random;
  readonly #endAt: number;
  #pending: Delivery[] = [];

  /** What would come a second time after `endAt` does not. */
  constructor(random: Random, endAt: number) {
    this.#random = random;
    this.#endAt = endAt;
  }

  send({ leavesAt, mqttTopic, payload, isRepeatable, isLiveReport }: Sending): void {
    const random = this.#random;
    const lateMs = random.chance(shares.late) ? random.integer(1_000, minuteMs) : 0;
    const receivedAt = leavesAt + random.integer(5, 400) + lateMs;
    const message: Message = { kind: 'message', mqttTopic, payload };
    this.#deliver(receivedAt, message);
    if (!isRepeatable) return;
    // Within the reach of the duplicate ring, and far beyond it.
    if (random.chance(shares.twice)) this.#again(receivedAt + random.integer(50, 5_000), message);
    if (random.chance(shares.longAfter)) {
      this.#again(receivedAt + random.integer(20, 60) * minuteMs, message);
    }
    if (isLiveReport && random.chance(shares.reissued)) {
      const reissue = { ...message, payload: asReissue(payload) };
      this.#again(receivedAt + random.integer(10_000, 30 * minuteMs), reissue);
    }
  }

  /** Told by the value's receive time. */
  tell(value: Lifecycle): void {
    const event: ToldEvent = { kind: 'event', kafkaTopic: kafkaTopics.lifecycle, value };
    this.#deliver(value.receivedTime, event);
  }

  /** In the order in which Kafka gets them; each only once. */
  arrivalsBefore(at: number): readonly Delivery[] {
    const arrived = this.#pending.filter(({ appendAt }) => appendAt < at);
    this.#pending = this.#pending.filter(({ appendAt }) => appendAt >= at);
    return arrived.sort((a, b) => a.appendAt - b.appendAt);
  }

  #again(receivedAt: number, content: Message): void {
    if (receivedAt < this.#endAt) this.#deliver(receivedAt, content);
  }

  #deliver(receivedAt: number, content: Delivery['content']): void {
    const random = this.#random;
    const isOvertaken = random.chance(shares.overtaken);
    const appendAt = receivedAt + (isOvertaken ? random.integer(100, 3_000) : 20);
    this.#pending.push({ receivedAt, appendAt, bridge: random.pick(bridges), content });
  }
}
