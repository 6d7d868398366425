// Rounds of chaos with bridges of a source tree: real processes, a real Kafka and MQTT broker. What
// the small world shows at once has to show here as well, among all that a real run does.

import { join } from 'node:path';
import { type Bed, openBed } from '../../chaos/bed.ts';
import { chaosSettings } from '../../chaos/chaos.ts';
import { Crew } from '../../chaos/crew.ts';
import { bridgeFrozen } from '../../chaos/faults/bridge-frozen.ts';
import { bridgeKilled } from '../../chaos/faults/bridge-killed.ts';
import type { Fault } from '../../chaos/faults/fault.ts';
import { kafkaDown } from '../../chaos/faults/kafka-down.ts';
import { playRound } from '../../chaos/round.ts';
import type { Scope } from '../../integration/scope.ts';
import type { Played, Scenario, ScenarioStage } from '../plant.ts';

const load = { seed: 33, vehicles: 60, messagesPerSecond: 2 };
const strikeAtMs = 1_000;
const tailMs = 2_500;

export const rounds: readonly Scenario[] = [
  round('a process is killed', bridgeKilled, 1_000),
  round('a process is frozen', bridgeFrozen, 6_500),
  // A hang would not do: what it held arrives at last, so nothing is overtaken for good.
  round('kafka is down', kafkaDown, 3_000),
];

function round(name: string, fault: Fault, durationMs: number): Scenario {
  const appointments = [{ fault, atMs: strikeAtMs, durationMs, seed: 1 }];
  return {
    name,
    sentence: fault.sentence,
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
      const loadMs = strikeAtMs + durationMs + tailMs;
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
