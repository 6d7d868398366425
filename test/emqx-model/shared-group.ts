// One shared group on one filter. EMQX (emqx_shared_sub) keeps a roster for each (group, filter):
// one group on two filters has two, and may give one car's topics to two members.

import type { Message } from './message.ts';
import type { Session } from './session.ts';
import { chooseMember, type DispatchState, type Strategy } from './strategy.ts';
import { matcherOf } from './topic-filter.ts';

export interface SharedGroupOptions {
  readonly name: string;
  readonly filter: string;
  readonly strategy: Strategy;
  readonly random: () => number;
}

export class SharedGroup {
  readonly name: string;
  readonly filter: string;
  readonly matches: (topic: string) => boolean;
  readonly #strategy: Strategy;
  readonly #random: () => number;
  /** With the QoS that each was granted, in order of joining. */
  readonly #members = new Map<Session, 0 | 1>();

  constructor({ name, filter, strategy, random }: SharedGroupOptions) {
    this.name = name;
    this.filter = filter;
    this.matches = matcherOf(filter);
    this.#strategy = strategy;
    this.#random = random;
  }

  /**
   * Sessions, absent ones too: EMQX goes on dealing to a member that is away until its session
   * expires, which is why its documentation advises clean sessions for shared subscribers.
   */
  get members(): readonly Session[] {
    return [...this.#members.keys()];
  }

  join(session: Session, qos: 0 | 1): void {
    this.#members.set(session, qos);
  }

  leave(session: Session): boolean {
    return this.#members.delete(session);
  }

  /** False: nobody is there. No strategy looks at how busy a member is. */
  dispatch(message: Message, state: DispatchState): boolean {
    const { members } = this;
    if (members.length === 0) return false;
    const strategy = this.#strategy;
    const random = this.#random;
    const member = chooseMember({ strategy, members, message, state, roster: this, random });
    const qos = Math.min(message.qos, this.#members.get(member)!) as 0 | 1;
    member.deliver({ message, qos, group: this });
    return true;
  }
}
