// F20: names cannot be resolved: the resolver says so, or says nothing. Who is connected stays so;
// who must connect again cannot.

import assert from 'node:assert/strict';
import type { Resolution } from '../../names/hosts.ts';
import type { Fault } from './fault.ts';

const resolutions: readonly Resolution[] = ['ENOTFOUND', 'EAI_AGAIN', 'hangs'];

export const namesLost: Fault = {
  id: 'F20',
  name: 'names-lost',
  sentence:
    'No name can be resolved when all bridges lose their connections to Kafka, and one of them' +
    ' those to the broker: nothing is acknowledged, and all go on by themselves when names are' +
    ' found again.',
  weight: 1,
  // A name that hangs is found out when a connection has had its time, 3 s.
  durationMs: [6_000, 10_000],
  claims: ['bridge', 'kafka links'],
  excuses: { connectionsEnd: true, sentAgain: true },
  async strike({ bed, crew, random }) {
    const resolution = random.pick(resolutions);
    const place = random.pick(crew.places);
    const bridge = crew.at(place);
    bed.hosts.set(resolution);
    for (const proxy of bed.proxies.kafka) proxy.resetAll();
    bed.proxies.bridges[place]?.resetAll();
    return {
      what: `${resolution}, ${bridge.name}`,
      check: async () => {
        const { status, report } = await bridge.askReady();
        assert.equal(status, 503);
        assert.ok(report.unready.includes('mqtt'), JSON.stringify(report));
      },
      heal: async () => {
        bed.hosts.set('answers');
        await bridge.whenReady(60_000);
      },
    };
  },
};
