// What the MQTT broker tells of a vehicle's connection, and a platform that speaks on a vehicle's
// topic, which says nothing of the vehicle itself.

import type { Lifecycle } from '#shared/avro/types.generated.ts';
import { blankLifecycle } from '#shared/telemetry/blank-records.ts';
import type { Habits } from './habits.ts';

const platformShare = 0.05;

export function brokerEventsOf(vehicleId: string, habits: Habits): readonly Lifecycle[] {
  const { random, silences, endsAt } = habits;
  const told = silences
    .filter(({ isTold }) => isTold)
    .flatMap(({ from, to }) => [
      eventOf(vehicleId, 'disconnected', from + 20_000),
      eventOf(vehicleId, 'connected', Math.max(from + 30_000, to - 1_000)),
    ]);
  if (random.chance(platformShare)) {
    const at = endsAt - random.integer(0, 600_000);
    told.push(eventOf(vehicleId, random.pick(['platform_login', 'platform_logout']), at));
  }
  return told.filter(({ receivedTime }) => receivedTime < endsAt);
}

function eventOf(vehicleId: string, event: string, at: number): Lifecycle {
  const receivedTime = Math.round(at);
  return {
    ...blankLifecycle,
    ...{ vehicleId, codec: 'gb32960-2016', event, response: 0xfe, encryption: 1 },
    ...{ eventTime: receivedTime, receivedTime },
  };
}
