// F6: another client comes with the client id of a bridge and takes its session.

import { openPublisher } from '#shared/mqtt/publisher.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import { openLinksOf } from '../witness/open-links.ts';
import type { Fault } from './fault.ts';

export const bridgeTakenOver: Fault = {
  id: 'F6',
  name: 'bridge-taken-over',
  sentence:
    'Another client takes the client id of a bridge: the bridge comes back under a fresh one, so' +
    ' they never throw each other out in turn; what it held is stored.',
  weight: 1,
  durationMs: [500, 2_000],
  claims: ['bridge', 'mqtt broker'],
  excuses: { connectionsEnd: true, sentAgain: true, answersLost: true },
  async strike({ bed, crew, random }) {
    const bridge = crew.at(random.pick(crew.places));
    const { clientId } = random.pick(openLinksOf(bed.witness, bridge.name));
    const thief = await openPublisher({ link: { ...linkSettingsOf(bed.ground.config), clientId } });
    return {
      what: clientId,
      check: async () => {
        const isOusted = await Promise.race([thief.closed.then(() => true), false]);
        if (isOusted) throw new Error(`${clientId} was taken back`);
      },
      heal: async () => {
        await thief.close();
        await bridge.whenReady(60_000);
      },
    };
  },
};
