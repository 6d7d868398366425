// F1: all cars lose their connections at once and come back together.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { openPublisher, type Publisher } from '#shared/mqtt/publisher.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import type { Fault, Scene } from './fault.ts';

/** Beside the fleet's own connections, each with many cars. */
const stormCars = 200;
/** Each car waits for a part of it, by chance. */
const jitterMs = 1_000;

export const reconnectStorm: Fault = {
  id: 'F1',
  name: 'reconnect-storm',
  sentence:
    'Every car is cut off at once and connects again with jitter: bridges keep their connections,' +
    ' what cars send again is stored.',
  weight: 1,
  durationMs: [1_000, 3_000],
  claims: ['car links'],
  excuses: { answersLost: true },
  async strike(scene) {
    const { cars } = scene.bed.proxies;
    const storm = await connectAll(scene, 'before', () => 0);
    await cars.down();
    await Promise.all(storm.map(({ closed }) => closed));
    return {
      what: `${stormCars} cars and the fleet`,
      heal: async () => {
        await cars.up();
        const back = await connectAll(scene, 'after', () => scene.random.next() * jitterMs);
        assert.equal(back.length, stormCars);
        await Promise.all(back.map((car) => car.close()));
      },
    };
  },
};

function connectAll(
  { bed, random }: Scene,
  when: string,
  waitMs: () => number,
): Promise<readonly Publisher[]> {
  const link = linkSettingsOf(bed.carGround.config);
  const name = `storm-${when}-${random.integer(1, 1e9)}`;
  return Promise.all(
    Array.from({ length: stormCars }, async (_, car) => {
      await pause(waitMs());
      return openPublisher({ link: { ...link, clientId: `${name}-${car}` } });
    }),
  );
}
