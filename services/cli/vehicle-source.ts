// Which of the two copies of a vehicle's state is shown, and what is said about it.

import type { VehicleState } from '#shared/avro/types.generated.ts';
import { ageText, durationText } from './durations.ts';
import type { RedisState } from './redis-state.ts';
import type { TopicState, VehicleLook } from './vehicle-look.ts';

/** That of Redis where it can be had: the topic follows it. */
export function stateOf({ redis, topicState }: VehicleLook): VehicleState | null {
  return redis.kind === 'found' ? redis.state : (topicState?.state ?? null);
}

export function sourceText(look: VehicleLook, nowAt: number): readonly string[] {
  const { redis, topicState } = look;
  if (redis.kind === 'found') {
    return [`state from Redis${heard(redis.state, nowAt)}`, ...copyLines(redis.state, topicState)];
  }
  const without = redisText(redis);
  if (topicState === null) return [`no state: ${without}, and vehicle.state.v1 has none`];
  const place = placeOf(topicState);
  if (topicState.state === null) return [`no state: ${without}, and it was forgotten (${place})`];
  return [
    `state from vehicle.state.v1, ${place}, since ${without}${heard(topicState.state, nowAt)}`,
  ];
}

export function redisText(redis: Exclude<RedisState, { readonly kind: 'found' }>): string {
  switch (redis.kind) {
    case 'absent':
      return 'Redis has none';
    case 'not_asked':
      return 'Redis was not asked (REDIS_URL is not set)';
    case 'unusable':
      return redis.detail;
  }
}

function heard({ lastSeenTime }: VehicleState, nowAt: number): string {
  return `; last seen ${ageText(lastSeenTime, nowAt)} ago`;
}

/** The topic follows within STREAM_REFRESH_MS; how far it is behind is worth a line. */
function copyLines(state: VehicleState, topicState: TopicState | null): readonly string[] {
  if (topicState === null) return ['  vehicle.state.v1 has none among the records that were read'];
  const place = placeOf(topicState);
  if (topicState.state === null) return [`  in vehicle.state.v1 it is forgotten (${place})`];
  const olderMs = state.lastSeenTime - topicState.state.lastSeenTime;
  if (olderMs === 0) return [`  vehicle.state.v1 has the same (${place})`];
  const order = olderMs > 0 ? 'older' : 'newer';
  return [
    `  vehicle.state.v1 has one that is ${durationText(Math.abs(olderMs))} ${order} (${place})`,
  ];
}

function placeOf({ record }: TopicState): string {
  return `${record.partition}/${record.offset}`;
}
