// Scenarios: what is broken is fixed, and beside the verdict something of its own must hold. The
// long forms run in `npm run prove`, each by name in `npm run chaos -- --scenario`.

import type { Figures, ProofStage } from '../../proof/proof.ts';
import { answersUnderFaults } from './answers.ts';
import { kicked, overflow } from './counted-loss.ts';
import { hostile } from './hostile.ts';
import { hotVehicle } from './hot-vehicle.ts';
import { kafkaAway } from './kafka-away.ts';
import { memoryBound } from './memory.ts';
import { addedPartitions } from './partitions-added.ts';
import { rollAll } from './rolling.ts';
import { twoBuilds } from './two-builds.ts';

export interface Scenario {
  readonly name: string;
  readonly sentence: string;
  /** `minutes` is heard by those that last. */
  run(stage: ProofStage, minutes: number): Promise<Figures>;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'rolling',
    sentence: 'A rolling restart of all bridges under load loses nothing and stores nothing twice.',
    run: (stage) =>
      rollAll(stage, { bridges: 3, vehicles: 150, messagesPerSecond: 3, restarts: 3 }),
  },
  {
    name: 'kafka-away-long',
    sentence:
      'Kafka is away for minutes: no MQTT connection ends, every bridge stays below 400 MiB,' +
      ' nothing is lost, and 90 % of the rate is back within 10 s.',
    run: (stage, minutes) => {
      return kafkaAway(stage, { awayMs: minutes * 60_000, vehicles: 150, messagesPerSecond: 1 });
    },
  },
  {
    name: 'answers',
    sentence:
      'With answers to reports: none comes while Kafka is away or before the record; where one is' +
      ' lost the car reissues, and the reissue has the frameId of its original.',
    run: (stage) => answersUnderFaults(stage, { cars: 30, reports: 100, awayMs: 8_000 }),
  },
  {
    name: 'queue-overflow',
    sentence: 'Past the outage budget EMQX (a model of it) drops exactly what the ledger misses.',
    run: overflow,
  },
  {
    name: 'kicked',
    sentence:
      'A bridge kicked out of EMQX (a model of it) loses exactly what its session had queued;' +
      ' what the bridge held is stored.',
    run: kicked,
  },
  {
    name: 'hostile',
    sentence:
      'Cars that send deep JSON, bombs, noise and megabytes, under faults: all of it is in' +
      ' quarantine to the last byte, and nobody else notices.',
    run: hostile,
  },
  {
    name: 'hot-vehicle',
    sentence:
      'One car sends a thousand times as often as the others: all of it is stored in order, and' +
      ' 99 % of what the others send is stored within a second all the same.',
    run: hotVehicle,
  },
  {
    name: 'two-builds',
    sentence:
      'An older build of the bridge and this one work together, one takes over from the other and' +
      ' back: nothing is lost, stored twice or altered.',
    run: twoBuilds,
  },
  {
    name: 'memory',
    sentence:
      'Kafka hangs while payloads of 64 KiB come at 16 MiB a second: the bridge holds what it' +
      ' may, stays below 400 MiB, keeps its connections, and nothing is lost.',
    run: memoryBound,
  },
  {
    name: 'partitions-added',
    sentence:
      'Partitions are added to a topic: running bridges keep every vehicle where it was and are' +
      ' not ready, one that starts then takes no frames and says why; nothing is lost.',
    run: addedPartitions,
  },
];

/** Throws with what there is. */
export function scenarioOf(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found) return found;
  const known = scenarios.map((scenario) => scenario.name).join(', ');
  throw new RangeError(`Wanted one of ${known}; found ${name}.`);
}
