// Answer frames on their way to the broker, over one link: in order, never more unanswered ones
// than its Receive Maximum allows, never kept for another link.

import type { Answer } from '#shared/ingest/contract.ts';
import type { Link } from '#shared/mqtt/link.ts';

export interface AnswerCounters {
  answersSentCount: number;
  /** The link had closed, or the broker left no place for them in time. */
  answersDroppedCount: number;
  /** The broker's PUBACK carried a refusal. */
  answersRefusedCount: number;
}

/** What the queue needs of a link. */
export type AnswerLink = Pick<Link, 'isOpen' | 'publishQuota' | 'publish'>;

/** A car that waits longer has asked again: the broker forgets it then, and so do we. */
export const answerExpirySeconds = 60;

interface WaitingAnswers {
  readonly answers: readonly Answer[];
  readonly onHanded: () => void;
  sentCount: number;
}

export class AnswerQueue {
  readonly #link: AnswerLink;
  readonly #counters: AnswerCounters;
  #waiting: WaitingAnswers[] = [];
  #expiry: NodeJS.Timeout | null = null;

  constructor(link: AnswerLink, counters: AnswerCounters) {
    this.#link = link;
    this.#counters = counters;
  }

  /** `onHanded` comes once, at once where there is room: written to the broker, or dropped. */
  hand(answers: readonly Answer[], onHanded: () => void): void {
    this.#waiting.push({ answers, onHanded, sentCount: 0 });
    this.#pump();
  }

  /** Gives up what has found no room: the link is closing, or nothing is read from it. */
  dropWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#disarm();
    for (const { answers, sentCount, onHanded } of waiting) {
      this.#counters.answersDroppedCount += answers.length - sentCount;
      onHanded();
    }
  }

  #pump(): void {
    if (!this.#link.isOpen) this.dropWaiting();
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      if (!this.#send(first)) {
        this.#arm();
        return;
      }
      this.#waiting.shift();
      this.#disarm();
      first.onHanded();
    }
  }

  /** False: no room for all of them now. */
  #send(entry: WaitingAnswers): boolean {
    for (const answer of entry.answers.slice(entry.sentCount)) {
      if (this.#link.publishQuota <= 0) return false;
      entry.sentCount += 1;
      this.#counters.answersSentCount += 1;
      const { mqttTopic: topic, payload } = answer;
      this.#link.publish({ topic, payload, expirySeconds: answerExpirySeconds }, (refusal) => {
        if (refusal !== null) this.#counters.answersRefusedCount += 1;
        this.#pump();
      });
    }
    return true;
  }

  #arm(): void {
    this.#expiry ??= setTimeout(() => this.dropWaiting(), answerExpirySeconds * 1000).unref();
  }

  #disarm(): void {
    if (this.#expiry) clearTimeout(this.#expiry);
    this.#expiry = null;
  }
}
