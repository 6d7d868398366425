// The life of one vehicle as the messages it sends: login, reports, now and then a heartbeat or a
// time sync, a tunnel whose reports are sent afterwards, perhaps a break, logout. Sends nothing.

import type { PlannedMessage } from './planned.ts';
import type { Random } from './random.ts';
import type { SimulatedCar } from './simulated-car.ts';
import type { Said, Speaker } from './speaker.ts';

export interface JourneyOptions {
  readonly speaker: Speaker;
  readonly random: Random;
  /** Epoch ms: first login within a period after it, last logout within a period before the end. */
  readonly startAt: number;
  readonly endAt: number;
  readonly reportPeriodMs: number;
  /** Refused frames among all frames, 0 to 1. */
  readonly badShare: number;
  /** Another car: its identity is not this one's. */
  readonly stranger: SimulatedCar;
  readonly payloadBytesMax: number;
}

/** Per message; enough that a minute of 500 vehicles has every kind. */
const oddShare = 0.01;
const tunnelShare = 0.25;
const breakShare = 0.1;
const heartbeatEveryMs = 25_000;
const syncEveryMs = 40_000;

export function* journeyOf(options: JourneyOptions): Generator<PlannedMessage> {
  const plan = planOf(options);
  const { speaker, reportPeriodMs } = options;
  yield* withBad(options, speaker.login(plan.loginAt));
  for (let at = plan.loginAt + reportPeriodMs; at < plan.logoutAt; ) {
    speaker.simulated.advance(reportPeriodMs / 1000);
    if (at >= plan.breakAt) {
      at = yield* takeBreak(options, plan, at);
      continue;
    }
    for (const message of messagesAt(options, plan, at)) yield* withBad(options, [message]);
    at += reportPeriodMs;
  }
  yield* leaveTunnel(options, plan, plan.logoutAt);
  yield* withBad(options, speaker.logout(plan.logoutAt));
}

interface Plan {
  readonly loginAt: number;
  readonly logoutAt: number;
  readonly tunnel: { readonly from: number; readonly to: number };
  readonly stored: unknown[];
  /** When it logs out for a while; infinite: never. */
  breakAt: number;
  heartbeatAt: number;
  syncAt: number;
}

function planOf({ random, startAt, endAt, reportPeriodMs }: JourneyOptions): Plan {
  const lengthMs = endAt - startAt;
  const loginAt = startAt + random.integer(0, reportPeriodMs);
  const tunnelFrom = startAt + lengthMs * random.between(0.2, 0.7);
  const tunnelMs = random.chance(tunnelShare) ? Math.min(30_000, lengthMs * 0.3) : 0;
  return {
    loginAt,
    logoutAt: endAt - random.integer(0, reportPeriodMs),
    tunnel: { from: tunnelFrom, to: tunnelFrom + tunnelMs * random.between(0.4, 1) },
    stored: [],
    breakAt: random.chance(breakShare)
      ? startAt + lengthMs * random.between(0.3, 0.8)
      : Number.POSITIVE_INFINITY,
    heartbeatAt: loginAt + random.between(0, heartbeatEveryMs),
    syncAt: loginAt + random.between(0, syncEveryMs),
  };
}

/** What is due at the end of one period. */
function* messagesAt(options: JourneyOptions, plan: Plan, at: number): Generator<PlannedMessage> {
  const { speaker, random } = options;
  if (at >= plan.tunnel.from && at < plan.tunnel.to) {
    speaker.simulated.isInTunnel = true;
    plan.stored.push(speaker.collect(at));
    return;
  }
  yield* leaveTunnel(options, plan, at);
  if (at >= plan.heartbeatAt) {
    plan.heartbeatAt += heartbeatEveryMs;
    yield* speaker.heartbeat(at);
  }
  if (at >= plan.syncAt) {
    plan.syncAt += syncEveryMs;
    yield* speaker.sync(at);
  }
  yield* speaker.report(speaker.collect(at), at);
  if (random.chance(oddShare)) yield* speaker.odd({ at, random });
}

/** What was stored while the link was away is sent now, oldest first. */
function* leaveTunnel(
  { speaker }: JourneyOptions,
  plan: Plan,
  at: number,
): Generator<PlannedMessage> {
  speaker.simulated.isInTunnel = false;
  if (plan.stored.length > 0) yield* speaker.reissue(plan.stored.splice(0), at);
}

/** Logs out and in again two periods later; answers when the next report is due. */
function* takeBreak(
  options: JourneyOptions,
  plan: Plan,
  at: number,
): Generator<PlannedMessage, number> {
  const { speaker, reportPeriodMs } = options;
  plan.breakAt = Number.POSITIVE_INFINITY;
  yield* leaveTunnel(options, plan, at);
  yield* speaker.logout(at);
  const backAt = at + 2 * reportPeriodMs;
  if (backAt + reportPeriodMs >= plan.logoutAt) {
    // No time left for another drive: in again at once, so that the last logout has its login.
    yield* speaker.login(at);
    return at + reportPeriodMs;
  }
  speaker.simulated.advance((backAt - at) / 1000);
  yield* speaker.login(backAt);
  return backAt + reportPeriodMs;
}

/** Messages, and by chance a bad one behind each. */
function* withBad(options: JourneyOptions, said: Said): Generator<PlannedMessage> {
  const { random, speaker, badShare, stranger, payloadBytesMax } = options;
  for (const message of said) {
    yield message;
    if (!random.chance(badShare / Math.max(1 - badShare, 0.01))) continue;
    yield* speaker.bad({ at: message.dueAt, random, stranger, payloadBytesMax });
  }
}
