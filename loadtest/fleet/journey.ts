// The life of one vehicle as the messages it sends: login, reports, now and then a heartbeat or a
// time sync, a tunnel whose reports are sent afterwards, perhaps a break, logout. Sends nothing.

import { type BadScene, buildBad, pickBadKind } from './bad-frames.ts';
import { buildOdd, oddKinds } from './odd-frames.ts';
import type { PlannedMessage } from './planned.ts';
import type { Random } from './random.ts';
import {
  buildHeartbeat,
  buildLogin,
  buildLogout,
  buildReport,
  buildTimeSync,
  collect,
  messageOf,
  type StoredReport,
  type Terminal,
} from './terminal.ts';

export interface JourneyOptions {
  readonly terminal: Terminal;
  readonly random: Random;
  /** Epoch ms: first login within a period after it, last logout within a period before the end. */
  readonly startAt: number;
  readonly endAt: number;
  readonly reportPeriodMs: number;
  /** Refused frames among all frames, 0 to 1. */
  readonly badShare: number;
  readonly foreignVin: string;
  readonly payloadBytesMax: number;
}

/** Per message; enough that a minute of 500 vehicles has every kind. */
const oddShare = 0.01;
const tunnelShare = 0.25;
const breakShare = 0.1;
const heartbeatEveryMs = 25_000;
const timeSyncEveryMs = 40_000;

export function* journeyOf(options: JourneyOptions): Generator<PlannedMessage> {
  const plan = planOf(options);
  yield* withBad(options, login(options, plan));
  for (let at = plan.loginAt + options.reportPeriodMs; at < plan.logoutAt; ) {
    options.terminal.simulated.advance(options.reportPeriodMs / 1000);
    if (at >= plan.breakAt) {
      at = yield* takeBreak(options, plan, at);
      continue;
    }
    for (const message of messagesAt(options, plan, at)) yield* withBad(options, message);
    at += options.reportPeriodMs;
  }
  yield* leaveTunnel(options, plan, plan.logoutAt);
  yield* withBad(options, logout(options, plan, plan.logoutAt));
}

interface Plan {
  readonly loginAt: number;
  readonly logoutAt: number;
  readonly tunnel: { readonly from: number; readonly to: number };
  readonly stored: StoredReport[];
  /** When it logs out for a while; infinite: never. */
  breakAt: number;
  serial: number;
  heartbeatAt: number;
  timeSyncAt: number;
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
    serial: random.integer(1, 400),
    heartbeatAt: loginAt + random.between(0, heartbeatEveryMs),
    timeSyncAt: loginAt + random.between(0, timeSyncEveryMs),
  };
}

/** What is due at the end of one period. */
function* messagesAt(options: JourneyOptions, plan: Plan, at: number): Generator<PlannedMessage> {
  const { terminal, random } = options;
  if (at >= plan.tunnel.from && at < plan.tunnel.to) {
    terminal.simulated.isInTunnel = true;
    plan.stored.push(collect(terminal, at));
    return;
  }
  yield* leaveTunnel(options, plan, at);
  if (at >= plan.heartbeatAt) {
    plan.heartbeatAt += heartbeatEveryMs;
    yield messageOf(terminal, at, buildHeartbeat(terminal));
  }
  if (at >= plan.timeSyncAt) {
    plan.timeSyncAt += timeSyncEveryMs;
    yield messageOf(terminal, at, buildTimeSync(terminal));
  }
  yield messageOf(terminal, at, buildReport(terminal, collect(terminal, at), 'report'));
  if (random.chance(oddShare)) {
    yield messageOf(terminal, at, ...buildOdd(random.pick(oddKinds), terminal, { at, random }));
  }
}

/** Annex B.1: what was stored while the link was away is sent with command 0x03, oldest first. */
function* leaveTunnel(
  { terminal }: JourneyOptions,
  plan: Plan,
  at: number,
): Generator<PlannedMessage> {
  terminal.simulated.isInTunnel = false;
  for (const stored of plan.stored.splice(0)) {
    yield messageOf(terminal, at, buildReport(terminal, stored, 'reissue'));
  }
}

function login({ terminal }: JourneyOptions, plan: Plan): PlannedMessage {
  return messageOf(terminal, plan.loginAt, buildLogin(terminal, plan.serial, plan.loginAt));
}

function logout({ terminal }: JourneyOptions, plan: Plan, at: number): PlannedMessage {
  return messageOf(terminal, at, buildLogout(terminal, plan.serial, at));
}

/** Logs out and in again two periods later; answers when the next report is due. */
function* takeBreak(
  options: JourneyOptions,
  plan: Plan,
  at: number,
): Generator<PlannedMessage, number> {
  const { terminal, reportPeriodMs } = options;
  plan.breakAt = Number.POSITIVE_INFINITY;
  yield* leaveTunnel(options, plan, at);
  yield logout(options, plan, at);
  const backAt = at + 2 * reportPeriodMs;
  if (backAt + reportPeriodMs >= plan.logoutAt) {
    // No time left for another drive: in again at once, so that the last logout has its login.
    plan.serial += 1;
    yield messageOf(terminal, at, buildLogin(terminal, plan.serial, at));
    return at + reportPeriodMs;
  }
  terminal.simulated.advance((backAt - at) / 1000);
  plan.serial += 1;
  yield messageOf(terminal, backAt, buildLogin(terminal, plan.serial, backAt));
  return backAt + reportPeriodMs;
}

/** The message, and by chance a bad one behind it. */
function* withBad(options: JourneyOptions, message: PlannedMessage): Generator<PlannedMessage> {
  yield message;
  const { random, terminal, badShare } = options;
  if (!random.chance(badShare / Math.max(1 - badShare, 0.01))) return;
  const { foreignVin, payloadBytesMax } = options;
  const scene: BadScene = { at: message.dueAt, random, foreignVin, payloadBytesMax };
  yield messageOf(terminal, message.dueAt, ...buildBad(pickBadKind(random), terminal, scene));
}
