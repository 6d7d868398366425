// Which member of a shared group gets a message: the strategies of emqx_shared_sub, as far as the
// model has them. Not here: `local` (the model is one node) and `round_robin_per_group`.

import type { Message } from './message.ts';
import type { Session } from './session.ts';

export type Strategy = 'hash_topic' | 'hash_clientid' | 'round_robin' | 'sticky' | 'random';

/**
 * What EMQX keeps in the process of the publishing connection: it is lost when that reconnects.
 * Keys are groups with their filter.
 */
export interface DispatchState {
  readonly turns: Map<object, number>;
  readonly picks: Map<object, Session>;
}

export function createDispatchState(): DispatchState {
  return { turns: new Map(), picks: new Map() };
}

export interface Choice {
  readonly strategy: Strategy;
  /** In order of joining; at least one. */
  readonly members: readonly Session[];
  readonly message: Message;
  readonly state: DispatchState;
  /** The group with its filter. */
  readonly roster: object;
  /** 0 to 1. */
  readonly random: () => number;
}

export function chooseMember(choice: Choice): Session {
  const { members } = choice;
  switch (choice.strategy) {
    // The rest of a division by the number of members there are now, no consistent hashing: who
    // joins or leaves moves most topics to another member.
    case 'hash_topic':
      return members[hashOf(choice.message.topic) % members.length]!;
    case 'hash_clientid':
      return members[hashOf(choice.message.publisherId) % members.length]!;
    case 'round_robin':
      return members[nextTurn(choice)]!;
    case 'sticky':
      return stickTo(choice);
    case 'random':
      return anyOf(choice);
  }
}

/** Each publishing connection begins anywhere and goes on from there. */
function nextTurn({ members, state, roster, random }: Choice): number {
  const before = state.turns.get(roster);
  const turn =
    before === undefined ? Math.floor(random() * members.length) : (before + 1) % members.length;
  state.turns.set(roster, turn);
  return turn;
}

/** Any member at first (`mqtt.shared_subscription_initial_sticky_pick` = random), then that one. */
function stickTo(choice: Choice): Session {
  const { members, state, roster } = choice;
  const before = state.picks.get(roster);
  if (before !== undefined && members.includes(before)) return before;
  const picked = anyOf(choice);
  state.picks.set(roster, picked);
  return picked;
}

function anyOf({ members, random }: Choice): Session {
  return members[Math.floor(random() * members.length)]!;
}

/**
 * FNV-1a, 32 bits, with its bits mixed at the end, where EMQX has Erlang's phash2: as stable, but
 * not equal, so a topic may have another member here than there.
 */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
