// What happens in a small world, scene by scene: the shortest stories in which a bridge can break a
// promise.

import type { Scenario } from '../plant.ts';
import { SmallWorld } from './small-world.ts';

const plan = { seed: 31, vehicles: 30, messagesPerVehicle: 12, badShare: 0.15 };

function scene(
  name: string,
  sentence: string,
  tell: (world: SmallWorld) => Promise<void>,
): Scenario {
  return {
    name,
    sentence,
    async play(treeDir, stage) {
      const world = await SmallWorld.open(treeDir, plan, stage);
      await world.join('left');
      await world.join('right');
      await tell(world);
      return world.judge();
    },
  };
}

export const scenes: readonly Scenario[] = [
  scene('calm', 'Two bridges, nothing is broken.', async ({ fleet }) => {
    await fleet.send();
  }),
  scene(
    'kafka refuses',
    'Kafka refuses partitions by chance, leaves some out of its answer, loses answers.',
    async (world) => {
      await world.fault('Kafka refuses by chance', { sentAgain: true }, async () => {
        // What waits behind the requests that will be refused is of the same cars.
        world.kafka.freeze();
        await world.fleet.send(4);
        await world.whenAllHanded();
        world.kafka.moodyRequests = 60;
        world.kafka.thaw();
        await world.fleet.send(4, 400);
        world.kafka.moodyRequests = 0;
        await world.fleet.send();
      });
    },
  ),
  scene(
    'connections end',
    'Connections of a bridge end while Kafka stands still; new ones come, then Kafka goes on.',
    async (world) => {
      await world.fleet.send(2);
      world.kafka.freeze();
      await world.fleet.send(4);
      await world.whenAllHanded();
      const excuses = { connectionsEnd: true, answersLost: true } as const;
      await world.fault('connections end', excuses, async () => {
        world.cut('left');
        await world.whenCut('left');
        await world.whenSubscribed('left');
        await world.fleet.send(3);
        world.kafka.thaw();
      });
      await world.fleet.send();
    },
  ),
  scene(
    'broker repeats',
    'The broker sends twice more, with DUP, what bridges hold while Kafka stands still.',
    async (world) => {
      await world.fleet.send(2);
      world.kafka.freeze();
      await world.fleet.send(4);
      await world.whenAllHanded();
      await world.fault('the broker repeats', { brokerRepeats: true }, async () => {
        await world.repeat();
        await world.repeat();
      });
      world.kafka.thaw();
      await world.fleet.send();
    },
  ),
  scene(
    'bridge dies',
    'A bridge dies with a full window while Kafka stands still.',
    async (world) => {
      await world.fleet.send(2);
      world.kafka.freeze();
      await world.fleet.send(4);
      await world.whenAllHanded();
      await world.fault('a bridge dies', { connectionsEnd: true }, () => world.kill('left'));
      world.kafka.thaw();
      await world.fleet.send();
    },
  ),
  scene(
    'bridge drains',
    'A bridge is asked to stop while Kafka stands still for longer than its drain.',
    async (world) => {
      await world.fleet.send(2);
      world.kafka.freeze();
      await world.fleet.send(4);
      await world.whenAllHanded();
      await world.fault('a bridge drains', { connectionsEnd: true }, () => world.drain('left'));
      world.kafka.thaw();
      await world.fleet.send();
    },
  ),
];
