// A model of EMQX, no EMQX: a small MQTT 5 broker in memory, on loopback, that does what is known
// of one EMQX node (6.2) with memory sessions where it matters to a shared group: who gets a
// message, how many un-acknowledged, what is queued and dropped, and what becomes of it when a
// member goes. Each rule names the setting or the module of EMQX that it was read from. It proves
// our reading of EMQX, never EMQX itself. Not here: clusters, durable sessions, rules, rate limits,
// mailboxes.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createRandom } from '#loadtest/fleet/random.ts';
import { Channel } from './channel.ts';
import { type Counters, createCounters } from './counters.ts';
import { Router } from './router.ts';
import { Sessions } from './sessions.ts';
import { type ModelSettings, settingsDefault } from './settings.ts';

/** As EMQX's REST API tells of a client. */
export interface ClientFacts {
  readonly isConnected: boolean;
  readonly inflightCount: number;
  readonly mqueueLength: number;
  readonly mqueueDropped: number;
}

export class EmqxModel {
  /** Live; see counters.ts. */
  readonly counters: Readonly<Counters>;
  readonly #server: Server;
  readonly #channels = new Set<Channel>();
  readonly #router: Router;
  readonly #sessions: Sessions;
  #waiting: (() => void)[] = [];
  #clientCount = 0;

  private constructor(settings: ModelSettings) {
    const counters = createCounters();
    this.counters = counters;
    this.#router = new Router({ settings, counters, random: createRandom(settings.seed).next });
    this.#sessions = new Sessions({ settings, counters, router: this.#router });
    const parts = {
      settings,
      counters,
      router: this.#router,
      sessions: this.#sessions,
      nextClientId: () => `model-${++this.#clientCount}`,
      onChange: () => this.#wake(),
    };
    this.#server = createServer({ noDelay: true }, (socket) => {
      const channel = new Channel(socket, parts);
      this.#channels.add(channel);
      socket.once('close', () => this.#channels.delete(channel));
    });
  }

  static async start(settings: Partial<ModelSettings> = {}): Promise<EmqxModel> {
    const model = new EmqxModel({ ...settingsDefault, ...settings });
    model.#server.listen(settings.port ?? 0, '127.0.0.1');
    await once(model.#server, 'listening');
    return model;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** As MQTT_URL takes it. */
  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  get clientIds(): readonly string[] {
    return this.#sessions.all.map(({ clientId }) => clientId);
  }

  /** Null: there is no such session. */
  client(clientId: string): ClientFacts | null {
    const session = this.#sessions.get(clientId);
    if (session === undefined) return null;
    const { outlet, inflightCount, mqueueLength, droppedCount } = session;
    return {
      isConnected: outlet !== null,
      inflightCount,
      mqueueLength,
      mqueueDropped: droppedCount,
    };
  }

  /** Client ids of `$share/name/filter`, in the order in which they joined. */
  members(sharedFilter: string): readonly string[] {
    return this.#router.members(sharedFilter);
  }

  /** As `DELETE /api/v5/clients/{clientid}` does. False: there is no such client. */
  kick(clientId: string): boolean {
    const isKicked = this.#sessions.kick(clientId);
    this.#wake();
    return isKicked;
  }

  /**
   * As where somebody has set `mqtt.retry_interval`, when it runs out: every session sends what is
   * un-acknowledged once more, with DUP, on its live connection.
   */
  repeatUnacknowledged(): void {
    for (const session of this.#sessions.all) session.repeat();
  }

  /** Resolves when the condition holds; asked again whenever something has happened. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** As when the node crashes: every connection ends without a word, every session is gone. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const channel of this.#channels) channel.destroy();
    await closed;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
