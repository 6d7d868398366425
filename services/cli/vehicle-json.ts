// What is known of a vehicle as one object: times as epoch ms, bytes as hex digits.

import { plainRecord } from './plain-value.ts';
import { recordObject } from './record-json.ts';
import { fieldsOf } from './schema-fields.ts';
import { signalsOf } from './state-signals.ts';
import type { VehicleLook } from './vehicle-look.ts';
import { redisText, stateOf } from './vehicle-source.ts';

export function vehicleJson(look: VehicleLook, nowAt: number): object {
  const { vehicleId, partition, lookBack, redis, topicState, pipeline } = look;
  const state = stateOf(look);
  const fields = fieldsOf('state.v1');
  return {
    vehicleId,
    partition,
    at: nowAt,
    source: sourceOf(look),
    redis: redis.kind === 'found' ? 'found' : redisText(redis),
    topicState: topicState && {
      offset: topicState.record.offset,
      timestamp: topicState.record.timestamp,
      lastSeenTime: topicState.state?.lastSeenTime ?? null,
      isForgotten: topicState.state === null,
    },
    state: state && plainRecord(fields, state),
    signals: state && signalsOf(state).map(({ text: _text, ...signal }) => signal),
    lookBack,
    records: look.frames.map(({ record, decoded }) => recordObject(record, decoded)),
    pipeline,
  };
}

function sourceOf({ redis, topicState }: VehicleLook): 'redis' | 'topic' | null {
  if (redis.kind === 'found') return 'redis';
  return topicState?.state ? 'topic' : null;
}
