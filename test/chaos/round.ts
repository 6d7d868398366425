// One round: a fleet drives, faults strike by their schedule, all is healed, what is left arrives,
// and the ledger is checked.

import { setTimeout as pause } from 'node:timers/promises';
import type { PlannedMessage } from '#loadtest/fleet/planned.ts';
import { createRandom } from '#loadtest/fleet/random.ts';
import { storedRecordOf } from '#loadtest/ledger/record-fields.ts';
import { type FleetRun, openFleet } from '../integration/fleet-run.ts';
import type { Scope } from '../integration/scope.ts';
import type { Bed } from './bed.ts';
import type { Crew } from './crew.ts';
import type { Appointment } from './schedule.ts';
import { whenSettled } from './settle.ts';
import { longestPauseMs, longestRecoveryMs, secondsText, Timeline } from './timeline.ts';
import { storiesOf } from './verdict/story.ts';
import { type Verdict, verdictOf } from './verdict/verdict.ts';
import { BrokerPulse } from './witness/broker-pulse.ts';

export interface RoundOptions {
  readonly bed: Bed;
  readonly crew: Crew;
  readonly scope: Scope;
  readonly seed: number;
  readonly vehicles: number;
  /** Of each vehicle. */
  readonly messagesPerSecond: number;
  readonly loadMs: number;
  readonly appointments: readonly Appointment[];
  /** Cars beside the fleet, in the same ledger, each message when it is due. Default: none. */
  readonly guests?: (startAt: number) => readonly Iterable<PlannedMessage>[];
  readonly say: (line: string) => void;
}

export interface RoundResult {
  readonly verdict: Verdict;
  readonly faultCount: number;
  readonly longestPauseMs: number;
  /** The longest after a fault that was healed. */
  readonly recoveryMs: number;
  /** Timeline and stories; empty where every promise was kept. */
  readonly report: readonly string[];
}

const spareMessages = 400;

export async function playRound(options: RoundOptions): Promise<RoundResult> {
  const { bed, crew, scope, vehicles, messagesPerSecond, loadMs, seed, say } = options;
  const { guests = () => [] } = options;
  const messagesPerVehicle = Math.ceil((loadMs / 1_000) * messagesPerSecond);
  const fleet = await openFleet(scope, {
    ground: bed.carGround,
    seed,
    vehicles,
    // Cars drive until all is healed, however long that takes.
    messagesPerVehicle: messagesPerVehicle + spareMessages,
    badShare: 0.03,
    // All that is sent must lie in the past, but never so far that a clock an hour ahead is right.
    reportPeriodMs: 1_000,
  });
  const timeline = new Timeline();
  const { hostname: host, port } = new URL(bed.mqtt.url);
  const broker = { host, port: Number(port) };
  const pulse = new BrokerPulse({ broker, stallMsMin });
  scope.after(() => pulse.stop());
  bed.witness.turnPage();
  const startAt = Date.now();
  const looking = lookOn(timeline, { fleet, bed, say });
  const striking = strikeAll(options, { timeline, startAt });
  const driving = fleet.drive(guests(startAt));
  try {
    await fleet.send(messagesPerVehicle, loadMs);
    await driveUntil(striking, fleet, messagesPerSecond);
    await driving;
  } finally {
    await striking;
  }
  await whenSettled(fleet, bed.witness);
  looking.stop();
  pulse.stop();
  await fleet.close();
  const faultCount = timeline.happenings.length;
  tellStalls(timeline, pulse);
  for (const { what, name, at, untilAt, excuses } of timeline.happenings) {
    // What the ledger's own check excuses by it is lateness after a redelivery.
    if (excuses.connectionsEnd) fleet.broken({ what: `${name} ${what}`, at, untilAt });
  }
  return judge(options, { fleet, crew, timeline, startAt, faultCount });
}

/** Of the keepalive of 3 s in `chaosSettings`, after which a bridge gives up on a broker. */
const stallMsMin = 1_500;

/** A broker that stands still ends connections, and so does a machine with other work to do. */
function tellStalls(timeline: Timeline, { stalls }: BrokerPulse): void {
  for (const { from: at, to: untilAt } of stalls) {
    const what = `no answer to a ping for ${secondsText(untilAt - at)}`;
    const stall = { name: 'the broker stands still', what, at };
    timeline.begins({ ...stall, excuses: { connectionsEnd: true } }).untilAt = untilAt;
  }
}

/** What a fault shows, it shows under load. */
async function driveUntil(
  striking: Promise<void>,
  fleet: FleetRun,
  messagesPerSecond: number,
): Promise<void> {
  let isOver = false;
  void striking.finally(() => {
    isOver = true;
  });
  // Settled already where every fault was healed within the load.
  await Promise.race([striking, pause(1)]);
  while (!isOver) {
    await Promise.all([fleet.send(Math.ceil(messagesPerSecond), 1_000), pause(1_000)]);
  }
}

interface Played {
  readonly fleet: FleetRun;
  readonly crew: Crew;
  readonly timeline: Timeline;
  readonly startAt: number;
  readonly faultCount: number;
}

async function judge({ bed, seed }: RoundOptions, played: Played): Promise<RoundResult> {
  const { fleet, crew, timeline, startAt, faultCount } = played;
  const records = (await fleet.stored()).map(({ record, decoded }) => {
    const { topic: kafkaTopic, partition, offset, timestamp: appendedAt, key } = record;
    const place = { kafkaTopic, partition, offset, appendedAt, key: String(key) };
    return storedRecordOf(place, decoded.value);
  });
  const { ledger, messages } = fleet;
  const { happenings, looks } = timeline;
  const { conservation } = crew.watch;
  const { witness } = bed;
  const facts = { ledger, messages, records, witness, happenings, conservation, startAt };
  const verdict = verdictOf(facts);
  const { breaches, fates } = verdict;
  const report = [
    `seed ${seed}; the faults of this round:`,
    ...timeline.render(startAt),
    ...breaches.slice(0, 20).map(({ promise, found }) => `${promise}: ${found}`),
    ...storiesOf({ breaches, ledger, messages, fates, startAt }),
  ];
  return {
    verdict,
    faultCount,
    longestPauseMs: longestPauseMs(looks),
    recoveryMs: longestRecoveryMs(timeline),
    report: breaches.length === 0 ? [] : report,
  };
}

interface Strikes {
  readonly timeline: Timeline;
  readonly startAt: number;
}

/** Resolves when all that struck is healed. */
async function strikeAll(options: RoundOptions, strikes: Strikes): Promise<void> {
  const held = new Map<string, Promise<unknown>>();
  const running: Promise<void>[] = [];
  for (const appointment of options.appointments) {
    const dueMs = strikes.startAt + appointment.atMs - Date.now();
    await pause(Math.max(0, dueMs));
    const { claims } = appointment.fault;
    // What takes longer to heal than was planned still has what it claimed.
    await Promise.all(claims.map((claim) => held.get(claim)));
    const strike = strikeOne(appointment, options, strikes);
    for (const claim of claims) held.set(claim, strike);
    running.push(strike);
  }
  await Promise.all(running);
}

/** Never rejects: what fails is a broken promise like any other. */
async function strikeOne(
  { fault, durationMs, seed }: Appointment,
  { bed, crew, say }: RoundOptions,
  { timeline, startAt }: Strikes,
): Promise<void> {
  const at = Date.now();
  const { id, name, excuses } = fault;
  const happening = timeline.begins({ name: `${id} ${name}`, what: '…', excuses, at });
  const failed = (error: unknown) => {
    happening.fault ??= error instanceof Error ? error.message : String(error);
  };
  try {
    const struck = await fault.strike({ bed, crew, random: createRandom(seed) });
    happening.what = struck.what;
    say(`${secondsText(at - startAt)}: ${id} ${name}, ${struck.what}`);
    await pause(durationMs);
    await struck.check?.().catch(failed);
    await struck.heal();
  } catch (error) {
    failed(error);
  }
  happening.untilAt = Date.now();
  const how = happening.fault === null ? 'is healed' : `shows: ${happening.fault}`;
  say(`${secondsText(happening.untilAt - startAt)}: ${id} ${name} ${how}`);
}

const lookEveryMs = 100;
const tellEveryLooks = 50;

interface Onlooking {
  readonly fleet: FleetRun;
  readonly bed: Bed;
  readonly say: (line: string) => void;
}

function lookOn(timeline: Timeline, { fleet, bed, say }: Onlooking) {
  const before = bed.witness.ackedCount;
  const timer = setInterval(() => {
    const sentCount = fleet.ackedMessageCount;
    const ackedCount = bed.witness.ackedCount - before;
    timeline.looks.push({ at: Date.now(), sentCount, ackedCount });
    if (timeline.looks.length % tellEveryLooks !== 0) return;
    say(`sent ${sentCount}, acknowledged by bridges ${ackedCount} messages`);
  }, lookEveryMs);
  return { stop: () => clearInterval(timer) };
}
