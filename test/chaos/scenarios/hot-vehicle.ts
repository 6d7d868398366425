// F26: one car sends a thousand times as often as the others. Nothing holds it back, and its frames
// are stored like all others; what is measured is what its neighbours feel.

import assert from 'node:assert/strict';
import { createExpectations } from '#loadtest/fleet/expectations.ts';
import { speakGb32960 } from '#loadtest/fleet/gb32960-speaker.ts';
import { journeyOf } from '#loadtest/fleet/journey.ts';
import type { PlannedMessage } from '#loadtest/fleet/planned.ts';
import { createRandom } from '#loadtest/fleet/random.ts';
import { SimulatedCar } from '#loadtest/fleet/simulated-car.ts';
import type { Speaker } from '#loadtest/fleet/speaker.ts';
import { createTerminal, type Terminal } from '#loadtest/fleet/terminal.ts';
import type { Figures, ProofStage } from '../../proof/proof.ts';
import type { Fates } from '../verdict/fates.ts';
import { stageRound } from './stage-round.ts';

const seed = 86;
const vehicles = 300;
/** Of a car: one report in five seconds. */
const messagesPerSecond = 0.2;
const hotFactor = 1_000;
const calmMs = 20_000;
const hotMs = 20_000;
/** Code that is not compiled yet is no neighbour's fault. */
const warmMs = 5_000;
/** For the slowest of a hundred: live all the same. */
const p99MsMax = 1_000;
/** So short that its whole journey fits into the half hour before. */
const reportPeriodMs = 500;
/** Beyond all cars of the fleet. */
const hotIndex = 900_001;

export async function hotVehicle(stage: ProofStage): Promise<Figures> {
  const terminal = createTerminal(new SimulatedCar(seed, hotIndex), await createExpectations());
  let hotAt = 0;
  const { verdict } = await stageRound(stage, {
    brokers: 1,
    bridges: 2,
    seed,
    vehicles,
    messagesPerSecond,
    loadMs: calmMs + hotMs,
    appointments: [],
    guests: (startAt) => {
      hotAt = startAt + calmMs;
      return [hotJourney(terminal, hotAt)];
    },
  });
  const { fates } = verdict;
  const isHot = ({ vehicleId }: Told) => vehicleId === terminal.vehicleId;
  const told = toldOf(fates);
  const lastAt = Math.max(...told.filter(isHot).map(({ at }) => at));
  const others = told.filter((one) => !isHot(one));
  const [firstAt] = others.map(({ at }) => at).sort((a, b) => a - b);
  const before = others.filter(({ at }) => at > (firstAt as number) + warmMs && at < hotAt);
  const during = others.filter(({ at }) => at >= hotAt && at <= lastAt);
  const hotCount = told.length - others.length;
  const rate = hotCount / ((lastAt - hotAt) / 1_000);
  stage.say(`The hot car sent ${hotCount} messages, ${Math.round(rate)} a second.`);
  assert.ok(rate > (hotFactor * messagesPerSecond) / 2, `${rate} messages a second`);
  const p99Ms = percentile(during, 0.99);
  assert.ok(p99Ms < p99MsMax, `99 % of the others' messages were stored within ${p99Ms} ms`);
  return {
    frames: verdict.frames,
    'of the hot car, messages a second': Math.round(rate),
    'p50 of the others before, ms': percentile(before, 0.5),
    'p99 before': percentile(before, 0.99),
    'p50 meanwhile': percentile(during, 0.5),
    'p99 meanwhile': p99Ms,
  };
}

function* hotJourney(terminal: Terminal, beginAt: number): Generator<PlannedMessage> {
  const stepMs = 1_000 / (hotFactor * messagesPerSecond);
  const count = hotMs / stepMs;
  const journey = journeyOf({
    speaker: speakGb32960(terminal, 1) as Speaker,
    random: createRandom(seed, hotIndex),
    // In the past, as those of the fleet: no report lies ahead of the clock.
    startAt: beginAt - count * reportPeriodMs,
    endAt: beginAt,
    reportPeriodMs,
    badShare: 0,
    stranger: terminal.simulated,
    payloadBytesMax: 65_536,
  });
  let at = beginAt;
  for (const message of journey) {
    if (at >= beginAt + hotMs) return;
    yield { ...message, dueAt: at };
    at += stepMs;
  }
}

interface Told {
  readonly vehicleId: string;
  readonly at: number;
  /** From the car's hand until a bridge acknowledged it. */
  readonly ms: number;
}

/** Of messages that are like no other: an acknowledgement of equal bytes could be another's. */
function toldOf(fates: Fates): readonly Told[] {
  const seen = new Set<number>();
  return fates.all.flatMap(({ vehicleId, sends }) => {
    const [send] = sends;
    if (sends.length !== 1 || send === undefined || seen.has(send.message.messageNo)) return [];
    const { message } = send;
    seen.add(message.messageNo);
    const [delivery] = fates.deliveriesOf(message);
    if (!delivery || delivery.ackedAt === null) return [];
    return [{ vehicleId, at: message.at, ms: delivery.ackedAt - message.at }];
  });
}

function percentile(told: readonly Told[], share: number): number {
  const sorted = told.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
