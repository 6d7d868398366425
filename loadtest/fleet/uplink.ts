// A connection that many vehicles share, opened again when it is lost; what was not acknowledged
// leaves again then, as a terminal would do it.

import type { LinkSettings } from '#shared/mqtt/link.ts';
import { openPublisher, type Publisher } from '#shared/mqtt/publisher.ts';
import { backoffMs, delay } from '#shared/runtime/retry.ts';
import type { FleetUplink } from './fleet.ts';

export interface UplinkOptions {
  readonly link: Omit<LinkSettings, 'receiveMaximum' | 'clientId'>;
  readonly clientId: string;
  /** Subscribed on every connection before anything is sent. */
  readonly answers?: {
    readonly filter: string;
    readonly onAnswer: (mqttTopic: string, payload: Buffer) => void;
  };
  readonly signal: AbortSignal;
}

export class Uplink implements FleetUplink {
  readonly #options: UplinkOptions;
  #publisher: Promise<Publisher> | null = null;
  #openedCount = 0;

  constructor(options: UplinkOptions) {
    this.#options = options;
  }

  /** Connections opened so far; one while nothing was lost. */
  get openedCount(): number {
    return this.#openedCount;
  }

  /** Rejects when the first connection cannot be had. */
  async open(): Promise<void> {
    await this.#current();
  }

  async send(topic: string, payload: Buffer, onAgain: () => void): Promise<number> {
    const { signal } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        const publisher = await this.#current();
        if (attempt > 1) onAgain();
        return await publisher.publish(topic, payload);
      } catch {
        // Lost or refused; either way the next attempt is due after a while.
        await delay(100 + backoffMs(attempt), signal);
      }
    }
  }

  async close(): Promise<void> {
    const publisher = await this.#publisher?.catch(() => null);
    await publisher?.close();
  }

  #current(): Promise<Publisher> {
    this.#publisher ??= this.#openOne();
    return this.#publisher;
  }

  async #openOne(): Promise<Publisher> {
    const { link, clientId, answers } = this.#options;
    try {
      const publisher = await openPublisher({
        link: { ...link, clientId: `${clientId}-${this.#openedCount}` },
        ...(answers && { onMessage: answers.onAnswer }),
      });
      this.#openedCount += 1;
      void publisher.closed.then(() => {
        this.#publisher = null;
      });
      if (answers) await publisher.subscribe(answers.filter);
      return publisher;
    } catch (error) {
      this.#publisher = null;
      throw error;
    }
  }
}
