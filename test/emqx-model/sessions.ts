// The life of sessions: opened, taken over, resumed, expired, kicked; and what becomes then of what
// they hold.

import type { Counters } from './counters.ts';
import type { Delivery } from './message.ts';
import type { Router } from './router.ts';
import { type Outlet, Session } from './session.ts';
import type { ModelSettings } from './settings.ts';
import { createDispatchState } from './strategy.ts';

export interface SessionsParts {
  readonly settings: ModelSettings;
  readonly counters: Counters;
  readonly router: Router;
}

export interface SessionRequest {
  readonly clientId: string;
  readonly isCleanStart: boolean;
  readonly expirySeconds: number;
}

/** MQTT 5 section 3.1.2.11.2. */
const expiryNever = 0xffff_ffff;

const sessionTakenOver = 0x8e;
const administrativeAction = 0x98;

type EndReason = 'closed' | 'expired' | 'discarded' | 'kicked';

export class Sessions {
  readonly #parts: SessionsParts;
  readonly #byClientId = new Map<string, Session>();

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  get(clientId: string): Session | undefined {
    return this.#byClientId.get(clientId);
  }

  get all(): readonly Session[] {
    return [...this.#byClientId.values()];
  }

  /** `isPresent`: one that was there before, with all that it holds. */
  open(request: SessionRequest): { readonly session: Session; readonly isPresent: boolean } {
    const { clientId, isCleanStart, expirySeconds } = request;
    const { counters, settings } = this.#parts;
    const before = this.#byClientId.get(clientId);
    if (before !== undefined && !isCleanStart) {
      const { outlet } = before;
      counters[outlet === null ? 'session.resumed' : 'session.takenover'] += 1;
      before.outlet = null;
      // Taken over: the new connection keeps what the session holds, nothing is redispatched.
      outlet?.close(sessionTakenOver);
      before.expirySeconds = expirySeconds;
      return { session: before, isPresent: true };
    }
    if (before !== undefined) {
      counters['session.discarded'] += 1;
      const { outlet } = before;
      this.#end(before, 'discarded');
      outlet?.close(sessionTakenOver);
    }
    const session = new Session({ clientId, settings, counters });
    session.expirySeconds = expirySeconds;
    this.#byClientId.set(clientId, session);
    counters['session.created'] += 1;
    return { session, isPresent: false };
  }

  /** The connection is gone, by DISCONNECT or without; `outlet` says which one. */
  disconnected(session: Session, outlet: Outlet): void {
    // Another connection has taken the session over.
    if (session.outlet !== outlet) return;
    session.outlet = null;
    const { expirySeconds } = session;
    if (expirySeconds === 0) this.#end(session, 'closed');
    else if (expirySeconds !== expiryNever) {
      const { clock } = this.#parts.settings;
      const end = () => this.#end(session, 'expired');
      session.cancelExpiry = clock.after(expirySeconds * 1000, end);
    }
  }

  /** By an operator: the API or the dashboard. */
  kick(clientId: string): boolean {
    const session = this.#byClientId.get(clientId);
    if (session === undefined) return false;
    const { outlet } = session;
    this.#end(session, 'kicked');
    outlet?.close(administrativeAction);
    return true;
  }

  /**
   * EMQX (emqx_session_mem) redispatches what a session holds when it ends, whatever the reason,
   * but for one that was kicked (that is lost) or taken over (that does not end here). In the model
   * this is one step; in EMQX messages may come in between.
   */
  #end(session: Session, reason: EndReason): void {
    const { counters, router } = this.#parts;
    session.outlet = null;
    session.cancelExpiry();
    this.#byClientId.delete(session.clientId);
    router.remove(session);
    counters['session.terminated'] += 1;
    const state = createDispatchState();
    for (const { message, qos, group } of session.takeAll()) {
      const isGiven = reason !== 'kicked' && isKept(qos, group) && group.dispatch(message, state);
      counters[isGiven ? 'model.redispatched' : 'model.lost_with_session'] += 1;
    }
  }
}

/** QoS 0 and plain subscriptions are never redispatched. */
function isKept(qos: 0 | 1, group: Delivery['group']): group is NonNullable<Delivery['group']> {
  return qos === 1 && group !== null;
}
