// F4: the MQTT broker is killed with all that it holds in memory, and starts empty.

import type { Fault } from './fault.ts';

export const brokerRestarted: Fault = {
  id: 'F4',
  name: 'broker-restarted',
  sentence:
    'SIGKILL of the MQTT broker, whose sessions are in memory: what it had not handed on is lost' +
    ' in the broker and counted there; nothing that a bridge acknowledged is lost.',
  weight: 1,
  durationMs: [1_000, 4_000],
  claims: ['mqtt broker', 'bridge', 'car links'],
  excuses: { lostInBroker: true, connectionsEnd: true, sentAgain: true, answersLost: true },
  async strike({ bed, crew }) {
    const { mqtt } = bed;
    await mqtt.kill();
    return {
      what: mqtt.title,
      heal: async () => {
        await mqtt.start();
        // Until the first bridge has subscribed, the broker throws away what cars send.
        await Promise.all(crew.places.map((place) => crew.at(place).whenReady(60_000)));
      },
    };
  },
};
