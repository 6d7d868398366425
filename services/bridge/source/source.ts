// All MQTT connections of the bridge and the intakes of their links: what comes in, how full the
// windows are, and how it ends.

import { Connection, type ConnectionStatus } from '#shared/mqtt/connection.ts';
import type { Link, LinkSettings } from '#shared/mqtt/link.ts';
import type { Delivery } from '#shared/mqtt/publish-reader.ts';
import type { Logger } from '#shared/runtime/log.ts';
import { type Route, shareName } from '#shared/topics.ts';
import type { Inflow } from '../headroom.ts';
import { Intake, type IntakeOptions } from './intake.ts';

export interface SourceOptions extends Omit<IntakeOptions, 'link' | 'windowMax' | 'receive'> {
  readonly link: Omit<LinkSettings, 'clientId' | 'receiveMaximum'>;
  readonly connectionCount: number;
  readonly windowFrames: number;
  readonly routes: readonly Route[];
  readonly clientIdPrefix: string;
  /** See Connection. */
  readonly payloadBytesMax: number;
  readonly receive: (delivery: Delivery, intake: Intake) => void;
  readonly log: Logger;
  /** Told whenever a connection's status changes. */
  readonly onStatus: () => void;
}

export class Source {
  readonly connections: readonly Connection[];
  /** Of the links that are open. */
  readonly intakes = new Set<Intake>();
  /** Between `leave` and `join`. */
  hasLeft = false;
  readonly #options: SourceOptions;
  #epoch = 0;
  #hasFirst = false;

  constructor(options: SourceOptions) {
    this.#options = options;
    const { windowFrames, connectionCount, clientIdPrefix, routes, log, onStatus } = options;
    const { payloadBytesMax } = options;
    this.connections = Array.from({ length: connectionCount }, (_, i) => {
      return new Connection({
        index: i + 1,
        link: { ...options.link, receiveMaximum: windowFrames },
        clientIdPrefix,
        filters: routes.map(({ filter }) => `$share/${shareName}/${filter}`),
        payloadBytesMax,
        log,
        nextEpoch: () => ++this.#epoch,
        accept: (link) => this.#accept(link),
        onStatus,
      });
    });
  }

  /** Connects and stays connected; resolves after `drain` and `disconnect`. */
  async run(): Promise<void> {
    const running: Promise<void>[] = [];
    for (const connection of this.connections) {
      running.push(connection.run());
      // One after the other: two that open a new group at once trip Artemis (DISCONNECT 0x83).
      await connection.tried;
    }
    await Promise.all(running);
  }

  /** Null when every connection is subscribed; else what is wrong with the first that is not. */
  get trouble(): string | null {
    const unwell = this.connections.filter(({ status }) => status.kind !== 'subscribed');
    const [first] = unwell;
    if (!first) return null;
    const { length } = this.connections;
    return `${detailOf(first.status)} (${unwell.length} of ${length} connections)`;
  }

  get inFlightMessageCount(): number {
    return [...this.intakes].reduce((sum, { window }) => sum + window.size, 0);
  }

  /** The fullest window, 0 to 1. */
  get windowUse(): number {
    return Math.max(0, ...[...this.intakes].map(({ windowUse }) => windowUse));
  }

  /** Of the links that are open. */
  get inflows(): readonly Inflow[] {
    const byLink = new Map([...this.intakes].map((intake) => [intake.link, intake]));
    return this.connections.flatMap(({ index, link }) => {
      const intake = link?.isOpen ? byLink.get(link) : undefined;
      return intake ? [this.#inflowOf(index, intake)] : [];
    });
  }

  #inflowOf(connection: number, { link, messageCount, window, isHeld }: Intake): Inflow {
    return {
      connection,
      link,
      receivedCount: messageCount,
      windowCount: window.size,
      // EMQX gives us the smaller of the two.
      windowMax: Math.min(this.#options.windowFrames, link.brokerReceiveMaximum),
      isHeld,
    };
  }

  /** Takes nothing more; resolves when all that was taken is acknowledged. */
  async drain(): Promise<void> {
    for (const connection of this.connections) connection.stop();
    await Promise.all([...this.intakes].map((intake) => intake.drain()));
  }

  async disconnect(timeoutMs: number): Promise<void> {
    await Promise.all([...this.intakes].map((intake) => intake.disconnect(timeoutMs)));
  }

  /**
   * Leaves the shared group until `join`: what is not acknowledged goes to the other members. What
   * came from these links stays on its way, since the broker may have lost its copy.
   */
  async leave(why: string, timeoutMs: number): Promise<void> {
    this.hasLeft = true;
    for (const connection of this.connections) connection.leave(why);
    await this.disconnect(timeoutMs);
  }

  join(): void {
    this.hasLeft = false;
    for (const connection of this.connections) connection.join();
  }

  #accept(link: Link): Intake {
    const { windowFrames } = this.#options;
    const intake: Intake = new Intake({
      ...this.#options,
      link,
      windowMax: windowFrames,
      receive: this.#receive,
      onClosed: () => this.intakes.delete(intake),
    });
    this.intakes.add(intake);
    return intake;
  }

  readonly #receive = (delivery: Delivery, intake: Intake): void => {
    if (!this.#hasFirst) {
      this.#hasFirst = true;
      this.#options.log.info({ bytes: delivery.payload.length }, 'First message.');
    }
    this.#options.receive(delivery, intake);
  };
}

function detailOf(status: ConnectionStatus): string {
  return status.kind === 'subscribed' ? 'subscribed' : status.detail;
}
