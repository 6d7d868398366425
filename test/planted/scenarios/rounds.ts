// Rounds of chaos with bridges of a source tree: real processes, a real Kafka and MQTT broker. What
// the small world shows at once has to show here as well, among all that a real run does.

import { join } from 'node:path';
import { type Bed, openBed } from '../../chaos/bed.ts';
import { chaosSettings } from '../../chaos/chaos.ts';
import { Crew } from '../../chaos/crew.ts';
import { bridgeFrozen } from '../../chaos/faults/bridge-frozen.ts';
import { bridgeKilled } from '../../chaos/faults/bridge-killed.ts';
import type { Fault } from '../../chaos/faults/fault.ts';
import { kafkaBlackHole } from '../../chaos/faults/kafka-black-hole.ts';
import { kafkaDown } from '../../chaos/faults/kafka-down.ts';
import { playRound } from '../../chaos/round.ts';
import type { Appointment } from '../../chaos/schedule.ts';
import type { Scope } from '../../integration/scope.ts';
import type { Played, Scenario, ScenarioStage } from '../plant.ts';

const load = { seed: 33, vehicles: 60, messagesPerSecond: 2 };
const tailMs = 2_500;

export const rounds: readonly Scenario[] = [
  round('a process is killed', [at(1_000, bridgeKilled, 1_000)]),
  // Kafka hangs until the bridge is back: what it stores then came on connections that have ended.
  round('a process is frozen', [at(500, kafkaBlackHole, 10_500), at(1_500, bridgeFrozen, 6_500)]),
  // A hang would not do: what it held arrives at last, so nothing is overtaken for good.
  round('kafka is down', [at(1_000, kafkaDown, 3_000)]),
];

function at(atMs: number, fault: Fault, durationMs: number): Appointment {
  return { fault, atMs, durationMs, seed: 1 };
}

function round(name: string, appointments: readonly Appointment[]): Scenario {
  const ends = appointments.map(({ atMs, durationMs }) => atMs + durationMs);
  const loadMs = Math.max(...ends) + tailMs;
  return {
    name,
    sentence: appointments.map(({ fault }) => fault.sentence).join(' '),
    async play(treeDir, stage) {
      const bed = await sharedBed(stage);
      // What a mistake has left un-acknowledged is no business of the next one.
      await bed.mqtt.kill();
      await bed.mqtt.start();
      const scope: Scope = { passed: true, after: stage.after };
      const mainFileOf = () => join(treeDir, 'services/bridge/main.ts');
      const crew = new Crew({ bed, scope, settings: chaosSettings, mainFileOf });
      await crew.fill();
      const before = new Set(bed.witness.breaches);
      const { say } = stage;
      const own = { bed, crew, scope, appointments, say, loadMs, ...load };
      const { verdict } = await playRound(own);
      await crew.watch.stop();
      const findings = verdict.breaches.filter(({ found }) => !before.has(found));
      return { frames: verdict.frames, findings } satisfies Played;
    },
  };
}

let opened: Promise<Bed> | null = null;

/** One after the other, so one for all. */
function sharedBed({ atLast, say }: ScenarioStage): Promise<Bed> {
  if (opened !== null) return opened;
  const scope: Scope = { passed: true, after: atLast };
  opened = openBed({ brokers: 1, bridges: 2, scope, say });
  atLast(() => {
    opened = null;
  });
  return opened;
}
