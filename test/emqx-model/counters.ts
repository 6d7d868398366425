// What the model counts, by EMQX's own names; `model.…` is what EMQX has no name for.

const names = [
  'messages.received',
  'messages.acked',
  'messages.dropped.no_subscribers',
  'delivery.dropped.queue_full',
  'delivery.dropped.too_large',
  'delivery.dropped.expired',
  'session.created',
  'session.resumed',
  'session.takenover',
  'session.discarded',
  'session.terminated',
  'authorization.deny',
  /** Messages of a session that ended, given to another member. */
  'model.redispatched',
  /** Messages of a session that ended, given to nobody. */
  'model.lost_with_session',
] as const;

export type CounterName = (typeof names)[number];
export type Counters = Record<CounterName, number>;

export function createCounters(): Counters {
  return Object.fromEntries(names.map((name) => [name, 0])) as Counters;
}
