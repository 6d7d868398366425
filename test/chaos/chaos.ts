// A whole chaos run: brokers and bridges once, then round after round with a fleet, a schedule and
// a verdict of its own, and one line for all of them.

import { createRandom } from '#loadtest/fleet/random.ts';
import type { Scope } from '../integration/scope.ts';
import { openBed } from './bed.ts';
import { Crew } from './crew.ts';
import { FaultBag } from './fault-bag.ts';
import type { Fault } from './faults/fault.ts';
import { playRound, type RoundResult } from './round.ts';
import { drawSchedule } from './schedule.ts';
import { addRound, type ChaosSum, emptySum } from './sum.ts';
import { secondsText } from './timeline.ts';

export interface ChaosPlan {
  readonly minutes: number;
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly vehicles: number;
  /** Of each vehicle. */
  readonly messagesPerSecond: number;
  /** The real broker of the stack, or the model of EMQX. */
  readonly broker: 'artemis' | 'emqx-model';
}

export interface ChaosStage {
  readonly scope: Scope;
  readonly say: (line: string) => void;
  /** Told after each round. */
  readonly onRound?: (sum: ChaosSum) => void;
}

const bridgeCount = 3;
/** So that what a round has sent and stored fits into memory, and a failure is told early. */
const roundMsMax = 60_000;
const roundMsMin = 12_000;
/** After the last fault has begun. */
const tailMs = 8_000;
const gapMs = 5_000;

/** Of all bridges in a chaos run. */
export const chaosSettings = {
  // So that a bridge that is frozen loses its connections within a fault's time.
  MQTT_KEEPALIVE_SECONDS: '3',
  BRIDGE_BROKER_QUEUE_FRAMES: '100000',
};

/** Nothing overflows by itself: that is a fault of its own. */
const roomyModel = { maxInflight: 4_000, maxMqueueLen: 100_000 };

/** Resolves with the sum of all rounds. */
export async function playChaos(plan: ChaosPlan, stage: ChaosStage): Promise<ChaosSum> {
  const { scope, say, onRound } = stage;
  const model = plan.broker === 'emqx-model' ? { model: roomyModel } : {};
  const bed = await openBed({ brokers: 3, bridges: bridgeCount, scope, say, ...model });
  const crew = new Crew({ bed, scope, settings: chaosSettings });
  await crew.fill();
  const rounds = Math.ceil((plan.minutes * 60_000) / roundMsMax);
  const roundMs = Math.max(roundMsMin, (plan.minutes * 60_000) / rounds);
  const faults = plan.faults.filter(({ needsModel }) => !needsModel || bed.mqtt.model !== null);
  const bag = new FaultBag(faults, createRandom(plan.seed));
  let sum = emptySum;
  for (let round = 1; round <= rounds; round += 1) {
    const seed = plan.seed * 1_000 + round;
    const { vehicles, messagesPerSecond } = plan;
    const appointments = drawSchedule({ bag, seed, roundMs: roundMs - tailMs, gapMs });
    const what = `${appointments.length} faults in ${secondsText(roundMs)} of load`;
    say(`Round ${round} of ${rounds}, seed ${seed}: ${what}.`);
    const load = { vehicles, messagesPerSecond, loadMs: roundMs };
    const own = { bed, crew, scope, seed, appointments, say };
    const result = await playRound({ ...own, ...load });
    tell(result, say);
    sum = addRound(sum, result);
    onRound?.(sum);
  }
  await crew.watch.stop();
  if (sum.breaches > 0) say(`Logs of the bridges: ${await crew.writeLogs()}`);
  return sum;
}

function tell({ report, verdict }: RoundResult, say: (line: string) => void): void {
  for (const line of report) say(line);
  const broken = verdict.breaches.length;
  say(broken === 0 ? 'Every promise of the round was kept.' : `BROKEN PROMISES: ${broken}`);
}
