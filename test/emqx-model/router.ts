// Who has subscribed what, and the way of a message to them.

import type { Counters } from './counters.ts';
import type { Message } from './message.ts';
import type { Session } from './session.ts';
import type { ModelSettings } from './settings.ts';
import { SharedGroup } from './shared-group.ts';
import type { DispatchState } from './strategy.ts';
import { matcherOf, sharedFilterOf } from './topic-filter.ts';

interface PlainFilter {
  readonly matches: (topic: string) => boolean;
  readonly subscribers: Map<Session, 0 | 1>;
}

export interface RouterParts {
  readonly settings: ModelSettings;
  readonly counters: Counters;
  readonly random: () => number;
}

export class Router {
  readonly #parts: RouterParts;
  readonly #plain = new Map<string, PlainFilter>();
  /** By the whole text, `$share/name/filter`. */
  readonly #groups = new Map<string, SharedGroup>();

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  /** Client ids of a shared group's members, in the order in which they joined. */
  members(sharedFilter: string): readonly string[] {
    return this.#groups.get(sharedFilter)?.members.map(({ clientId }) => clientId) ?? [];
  }

  subscribe(session: Session, text: string, qos: 0 | 1): void {
    const shared = sharedFilterOf(text);
    if (shared === null) {
      const plain = this.#plain.get(text) ?? { matches: matcherOf(text), subscribers: new Map() };
      this.#plain.set(text, plain);
      plain.subscribers.set(session, qos);
      return;
    }
    const group = this.#groups.get(text) ?? this.#createGroup(shared.group, shared.filter);
    this.#groups.set(text, group);
    group.join(session, qos);
  }

  /** What the session holds already is still delivered to it. False: it had no such filter. */
  unsubscribe(session: Session, text: string): boolean {
    const left = this.#groups.get(text)?.leave(session);
    return left ?? this.#plain.get(text)?.subscribers.delete(session) ?? false;
  }

  remove(session: Session): void {
    for (const group of this.#groups.values()) group.leave(session);
    for (const { subscribers } of this.#plain.values()) subscribers.delete(session);
  }

  /**
   * False: nobody has subscribed it. EMQX (emqx_broker) drops it then and counts it, and tells an
   * MQTT 5 publisher so by PUBACK 0x10.
   */
  publish(message: Message, state: DispatchState): boolean {
    const { counters } = this.#parts;
    let isRouted = false;
    for (const group of this.#groups.values()) {
      if (group.matches(message.topic) && group.dispatch(message, state)) isRouted = true;
    }
    for (const { matches, subscribers } of this.#plain.values()) {
      if (subscribers.size === 0 || !matches(message.topic)) continue;
      isRouted = true;
      for (const [session, granted] of subscribers) {
        const qos = Math.min(message.qos, granted) as 0 | 1;
        session.deliver({ message, qos, group: null });
      }
    }
    if (!isRouted) counters['messages.dropped.no_subscribers'] += 1;
    return isRouted;
  }

  #createGroup(name: string, filter: string): SharedGroup {
    const { settings, random } = this.#parts;
    const strategy = settings.groupStrategies[name] ?? settings.strategy;
    return new SharedGroup({ name, filter, strategy, random });
  }
}
