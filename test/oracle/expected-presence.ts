// Whether a vehicle is there, out of all that was received of it. See expected-state.ts.

import type { VehicleState } from '#shared/avro/types.generated.ts';
import type { StreamRecord } from '#shared/stream/processor.ts';
import type { StateLimits } from './expected-state.ts';

type Presence = Pick<
  VehicleState,
  | 'presence'
  | 'presenceReason'
  | 'presenceSince'
  | 'lastLoginTime'
  | 'lastOfflineTime'
  | 'lastOfflineReason'
  | 'lastHeardTime'
>;

export function expectedPresence(
  records: readonly StreamRecord[],
  nowMs: number,
  limits: StateLimits,
): Presence {
  const lastLoginTime = latest(records, isHello);
  const lastOfflineTime = latest(records, isGoodbye);
  const lastHeardTime = latest(records, (event) => !isGoodbye(event) && !isNotOfVehicle(event));
  const lastOfflineReason = lastOfflineTime === null ? null : goodbyeOf(records, lastOfflineTime);
  const registers = { lastLoginTime, lastOfflineTime, lastOfflineReason, lastHeardTime };
  return { ...judge(registers, nowMs, limits), ...registers };
}

type Registers = Pick<
  Presence,
  'lastLoginTime' | 'lastOfflineTime' | 'lastOfflineReason' | 'lastHeardTime'
>;

type Judgement = Pick<Presence, 'presence' | 'presenceReason' | 'presenceSince'>;

function judge(registers: Registers, nowMs: number, limits: StateLimits): Judgement {
  const { lastLoginTime, lastOfflineTime, lastOfflineReason, lastHeardTime } = registers;
  if (lastHeardTime === null && lastOfflineTime === null) {
    // Only a platform spoke.
    return { presence: 'offline', presenceReason: '', presenceSince: null };
  }
  const offlineAt = lastOfflineTime ?? Number.NEGATIVE_INFINITY;
  const heardAt = lastHeardTime ?? Number.NEGATIVE_INFINITY;
  if (offlineAt >= heardAt) {
    const presenceReason = lastOfflineReason ?? '';
    return { presence: 'offline', presenceReason, presenceSince: offlineAt };
  }
  if (nowMs - heardAt < limits.silentAfterMs) {
    const hasLogin = lastLoginTime !== null && lastLoginTime > offlineAt;
    const presenceSince = hasLogin ? lastLoginTime : null;
    return { presence: 'online', presenceReason: 'message', presenceSince };
  }
  if (nowMs - heardAt < limits.offlineAfterMs) {
    return { presence: 'silent', presenceReason: 'silence', presenceSince: heardAt };
  }
  const presenceSince = heardAt + limits.offlineAfterMs;
  return { presence: 'offline', presenceReason: 'timeout', presenceSince };
}

function isHello(event: string): boolean {
  return event === 'login' || event === 'auth' || event === 'connected';
}

function isGoodbye(event: string): boolean {
  return event === 'logout' || event === 'disconnected';
}

function isNotOfVehicle(event: string): boolean {
  return event === 'platform_login' || event === 'platform_logout' || event === 'replaced';
}

function eventOf(record: StreamRecord): string {
  if (record.kind !== 'lifecycle.v1') return 'report';
  const { event, presence } = record.value;
  const isReplaced = ['takenover', 'discarded'].includes(presence?.reason ?? '');
  return event === 'disconnected' && isReplaced ? 'replaced' : event;
}

/** Receive time of the latest record with such an event. */
function latest(
  records: readonly StreamRecord[],
  isWanted: (event: string) => boolean,
): number | null {
  return records
    .filter((record) => isWanted(eventOf(record)))
    .reduce<number | null>((last, { value }) => Math.max(last ?? 0, value.receivedTime), null);
}

function goodbyeOf(records: readonly StreamRecord[], at: number): string | null {
  const record = records.find((one) => isGoodbye(eventOf(one)) && one.value.receivedTime === at);
  return record === undefined ? null : eventOf(record);
}
