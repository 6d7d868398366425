// F12: a partition has fewer replicas in sync than its topic wants: Kafka refuses every record.

import assert from 'node:assert/strict';
import { topicsOf } from '#shared/topics.ts';
import { eventually } from '../../integration/eventually.ts';
import { setOnTopics } from '../kafka-settings.ts';
import type { Fault } from './fault.ts';

const toldMsMax = 45_000;

export const replicasShort: Fault = {
  id: 'F12',
  name: 'replicas-short',
  sentence:
    'One of three replicas is away and all three are wanted: Kafka answers NOT_ENOUGH_REPLICAS,' +
    ' bridges hold and say why, and store what they hold when the third is back.',
  weight: 1,
  durationMs: [3_000, 8_000],
  claims: ['kafka nodes', 'kafka leaders', 'kafka links'],
  excuses: { sentAgain: true },
  async strike({ bed, crew, random }) {
    const setting = { name: 'min.insync.replicas', value: '3' };
    const giveBack = await setOnTopics(bed.ground.config, topicsOf('bridge'), setting);
    const node = random.pick(bed.kafkaNodes);
    // By SIGTERM it leaves the replicas in sync at once; killed, only when it is missed.
    await node.stop();
    return {
      what: node.title,
      check: async () => {
        await eventually(
          'a bridge says what Kafka refuses',
          async () => {
            const bridges = crew.places.map((place) => crew.at(place));
            const reports = await Promise.all(bridges.map((bridge) => bridge.readyz()));
            assert.match(JSON.stringify(reports), /NOT_ENOUGH_REPLICAS/);
          },
          toldMsMax,
        );
      },
      heal: async () => {
        await node.start();
        await giveBack();
      },
    };
  },
};
