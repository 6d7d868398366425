// Whether a vehicle is there: by what it and the broker said last, and by how long it is silent.
// Everything follows from registers that only grow, so that the order of the topics is no matter.

import type { Lifecycle } from '#shared/avro/types.generated.ts';
import { type Loudness, loud, louder, none, quiet } from './change.ts';
import type { WorkingState } from './vehicle-state.ts';

export interface PresenceTiming {
  readonly silentAfterMs: number;
  readonly offlineAfterMs: number;
}

export interface Sign {
  readonly kind: 'heard' | 'login' | 'logout' | 'disconnected' | 'foreign';
  /** When a bridge received it, epoch ms. */
  readonly receivedTime: number;
}

/** Platform messages are not the vehicle's own: they carry the id of a platform. */
export function signKindOf({ event, presence }: Lifecycle): Sign['kind'] {
  switch (event) {
    case 'login':
    case 'auth':
    case 'connected':
      return 'login';
    case 'logout':
    // JT/T 808: the terminal gives up its registration.
    case 'unregister':
      return 'logout';
    case 'disconnected':
      return isReplaced(presence?.reason ?? null) ? 'foreign' : event;
    case 'platform_login':
    case 'platform_logout':
      return 'foreign';
    default:
      return 'heard';
  }
}

/** The vehicle has a newer connection already: the end of the old one says nothing. */
function isReplaced(reason: string | null): boolean {
  return reason === 'takenover' || reason === 'discarded';
}

/** Takes a sign of life, or of its end, into the registers and judges anew. */
export function applySign(state: WorkingState, sign: Sign, timing: PresenceTiming): Loudness {
  const knownUntil = judgedAt(state, timing);
  if (!register(state, sign)) return none;
  // A message that is older than what a tick has judged must not turn time back.
  const nowMs = Math.max(knownUntil, state.lastHeardTime ?? Number.NEGATIVE_INFINITY);
  return louder(quiet, judge(state, nowMs, timing));
}

/** Nothing more was received before `nowMs`. */
export function tickPresence(state: WorkingState, nowMs: number, timing: PresenceTiming): Loudness {
  return judge(state, Math.max(nowMs, judgedAt(state, timing)), timing);
}

/** When time alone changes the presence next, epoch ms; Infinity: never. */
export function presenceDueAt(state: WorkingState, timing: PresenceTiming): number {
  const { presence, lastHeardTime } = state;
  if (lastHeardTime === null || presence === 'offline') return Number.POSITIVE_INFINITY;
  return lastHeardTime + (presence === 'online' ? timing.silentAfterMs : timing.offlineAfterMs);
}

/** The least time at which the presence is what it is. */
function judgedAt(state: WorkingState, timing: PresenceTiming): number {
  const { presenceReason, lastHeardTime } = state;
  if (lastHeardTime === null) return Number.NEGATIVE_INFINITY;
  if (presenceReason === 'silence') return lastHeardTime + timing.silentAfterMs;
  if (presenceReason === 'timeout') return lastHeardTime + timing.offlineAfterMs;
  return lastHeardTime;
}

/** False: the sign is not newer than what the registers hold. */
function register(state: WorkingState, { kind, receivedTime }: Sign): boolean {
  if (kind === 'foreign') return false;
  if (kind === 'logout' || kind === 'disconnected') return registerEnd(state, kind, receivedTime);
  const isLogin = kind === 'login' && isAfter(receivedTime, state.lastLoginTime);
  if (isLogin) state.lastLoginTime = receivedTime;
  if (!isAfter(receivedTime, state.lastHeardTime)) return isLogin;
  state.lastHeardTime = receivedTime;
  return true;
}

/** Of a logout and a disconnect in the same millisecond the logout stays: it tells more. */
function registerEnd(
  state: WorkingState,
  kind: 'logout' | 'disconnected',
  receivedTime: number,
): boolean {
  const isNewer = isAfter(receivedTime, state.lastOfflineTime);
  const isTie = receivedTime === state.lastOfflineTime;
  if (!isNewer && !(isTie && kind === 'logout' && state.lastOfflineReason !== kind)) return false;
  state.lastOfflineTime = receivedTime;
  state.lastOfflineReason = kind;
  return true;
}

function isAfter(timeMs: number, held: number | null): boolean {
  return held === null || timeMs > held;
}

function judge(state: WorkingState, nowMs: number, timing: PresenceTiming): Loudness {
  const { lastHeardTime, lastOfflineTime } = state;
  if (lastOfflineTime !== null && (lastHeardTime === null || lastOfflineTime >= lastHeardTime)) {
    return set(state, 'offline', state.lastOfflineReason!, lastOfflineTime);
  }
  if (lastHeardTime === null) return none;
  const quietMs = nowMs - lastHeardTime;
  if (quietMs < timing.silentAfterMs) return set(state, 'online', 'message', onlineSince(state));
  if (quietMs < timing.offlineAfterMs) return set(state, 'silent', 'silence', lastHeardTime);
  return set(state, 'offline', 'timeout', lastHeardTime + timing.offlineAfterMs);
}

/** Null where no login was seen since it was last offline by its own or the broker's word. */
function onlineSince({ lastLoginTime, lastOfflineTime }: WorkingState): number | null {
  return lastLoginTime !== null && isAfter(lastLoginTime, lastOfflineTime) ? lastLoginTime : null;
}

// Four plain arguments: an object for each would be garbage for each record.
function set(state: WorkingState, presence: string, reason: string, since: number | null) {
  const isLoud = state.presence !== presence || state.presenceReason !== reason;
  const isSame = !isLoud && state.presenceSince === since;
  state.presence = presence;
  state.presenceReason = reason;
  state.presenceSince = since;
  if (isSame) return none;
  return isLoud ? loud : quiet;
}
