// The bridge's side of one link: the window of messages, the deferred PUBACK and when to stop
// reading. One intake per link: a late acknowledgement finds its own link closed, never the next.

import type { Link, LinkUser } from '#shared/mqtt/link.ts';
import type { Delivery, NextDelivery } from '#shared/mqtt/publish-reader.ts';
import type { HeldBytes } from '../held-bytes.ts';
import type { Ledger } from '../ledger.ts';
import type { Message } from '../message.ts';
import { type AnswerCounters, AnswerQueue } from './answers.ts';
import { pubackBytes } from './puback.ts';
import { Window } from './window.ts';

export interface IntakeCounters extends AnswerCounters {
  /** PUBACKs that came too late for their link; the broker has given the frames to others. */
  acksDroppedCount: number;
  /** Sent again on a live link while we still held them; MQTT 5 forbids it, some brokers do it. */
  repeatsCount: number;
  /** Times that reading stopped because a bound was reached. */
  holdsCount: number;
}

export interface IntakeOptions {
  readonly link: Link;
  /** Messages in the window beyond which reading stops: some brokers overrun Receive Maximum. */
  readonly windowMax: number;
  readonly heldBytes: HeldBytes;
  readonly ledger: Ledger;
  readonly counters: IntakeCounters;
  /** Starts a message on its way: it is admitted at once and completed when all is stored. */
  readonly receive: (delivery: Delivery, intake: Intake) => void;
  readonly onClosed?: () => void;
}

/** Reading goes on when the window has fallen to so much of its bound. */
const resumeAt = 0.75;

export class Intake implements LinkUser {
  readonly link: Link;
  readonly window = new Window<Message>();
  /** Frames received on this link so far, and the messages that they came in. */
  frameCount = 0;
  messageCount = 0;

  readonly #options: IntakeOptions;
  readonly #answers: AnswerQueue;
  #state: 'reading' | 'held' | 'draining' | 'closed' = 'reading';
  #heldNext: NextDelivery | null = null;
  #isReleasePlanned = false;
  #onIdle: (() => void) | null = null;
  readonly #resume = (): void => this.#resumeIfRoom();

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.link = options.link;
    this.#answers = new AnswerQueue(options.link, options.counters);
    options.ledger.opened(this.window);
  }

  /** Share of the window in use, 0 to 1; more where the broker overruns it. */
  get windowUse(): number {
    return this.window.size / this.#options.windowMax;
  }

  get isHeld(): boolean {
    return this.#state === 'held';
  }

  deliver(delivery: Delivery, next: NextDelivery): void {
    // Parsed but not handed on when the drain began: goes back un-acknowledged. `next` is withheld,
    // so nothing more is read either.
    if (this.#state === 'draining' || this.#state === 'closed') return;
    if (delivery.dup && this.#isHere(delivery)) this.#options.counters.repeatsCount += 1;
    else this.#options.receive(delivery, this);
    if (this.#isFull()) this.#hold(next);
    else next();
  }

  /** From here on the message is in flight. */
  admit(message: Message): void {
    this.frameCount += message.frameCount;
    this.messageCount += 1;
    this.window.push(message);
    this.#options.ledger.received(message);
  }

  /** All records of the message are stored: its answers, then its place in the prefix. */
  complete(message: Message): void {
    if (this.#state === 'closed') {
      this.#options.counters.acksDroppedCount += 1;
      this.#options.counters.answersDroppedCount += message.answers.length;
      return;
    }
    if (message.answers.length === 0) {
      this.#done(message);
      return;
    }
    this.#answers.hand(message.answers, () => this.#done(message));
    if (this.#state !== 'reading') this.#answers.dropWaiting();
  }

  /** Takes no further message; resolves when all that are in the window are acknowledged. */
  drain(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve();
    this.#stopReading('draining');
    this.#heldNext = null;
    if (this.window.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Acknowledges what is stored by now; then DISCONNECT. What is left is returned. */
  async disconnect(timeoutMs: number): Promise<void> {
    this.#release();
    await this.link.disconnect(timeoutMs);
  }

  closed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#heldNext = null;
    this.#options.heldBytes.forget(this.#resume);
    for (const message of this.window.takeAll()) {
      this.#options.ledger.returned(message);
      // Stored, but behind one that was not.
      if (message.isDone) this.#options.counters.acksDroppedCount += 1;
    }
    this.#options.ledger.closed(this.window);
    this.#answers.dropWaiting();
    this.#onIdle?.();
    this.#options.onClosed?.();
  }

  /** A second entry for one packet id would acknowledge whatever reuses the id. */
  #isHere(delivery: Delivery): boolean {
    for (const message of this.window.entries()) {
      if (message.packetId === delivery.messageId) return true;
    }
    return false;
  }

  #done(message: Message): void {
    message.isDone = true;
    if (this.#isReleasePlanned || this.#state === 'closed') return;
    this.#isReleasePlanned = true;
    // After the whole Kafka batch is settled: one write for all its PUBACKs.
    process.nextTick(() => this.#release());
  }

  #release(): void {
    this.#isReleasePlanned = false;
    if (!this.link.isOpen) return;
    const prefix = this.window.takePrefix();
    if (prefix.length === 0) return;
    this.link.write(pubackBytes(prefix.map((message) => message.packetId)));
    for (const message of prefix) this.#options.ledger.acknowledged(message);
    this.#resumeIfRoom();
    if (this.window.size === 0) this.#onIdle?.();
  }

  #isFull(): boolean {
    const { windowMax, heldBytes } = this.#options;
    return this.window.size > windowMax || heldBytes.isFull;
  }

  #hold(next: NextDelivery): void {
    this.#heldNext = next;
    this.#options.counters.holdsCount += 1;
    this.#stopReading('held');
    this.#resumeIfRoom();
  }

  #stopReading(state: 'held' | 'draining'): void {
    this.#state = state;
    this.link.startHandPings();
    // The broker's PUBACKs stay unread: waiting for room would wait for ever.
    this.#answers.dropWaiting();
  }

  #resumeIfRoom(): void {
    const { windowMax, heldBytes } = this.#options;
    if (this.#state !== 'held' || this.window.size > windowMax * resumeAt) return;
    if (heldBytes.isFull) {
      heldBytes.onRoom(this.#resume);
      return;
    }
    const next = this.#heldNext;
    this.#heldNext = null;
    this.#state = 'reading';
    this.link.stopHandPings();
    next?.();
  }
}
