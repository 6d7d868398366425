// F6: an operator kicks a client of a bridge. EMQX gives what it held to nobody.

import { setTimeout as pause } from 'node:timers/promises';
import type { Dose } from '../proxy/toxics.ts';
import { openLinksOf } from '../witness/open-links.ts';
import type { Fault } from './fault.ts';

/** So long Kafka's answers are held before, so that there is something to lose. */
const heldMs = 1_500;

export const bridgeKicked: Fault = {
  id: 'F6',
  name: 'bridge-kicked',
  sentence:
    'A client of a bridge is kicked, which makes the broker drop what waits for it: the bridge' +
    ' stores what it had and comes back.',
  weight: 1,
  durationMs: [500, 2_000],
  claims: ['bridge', 'mqtt broker', 'kafka links'],
  excuses: { lostInBroker: true, connectionsEnd: true, sentAgain: true, answersLost: true },
  needsModel: true,
  async strike({ bed, crew, random }) {
    const bridge = crew.at(random.pick(crew.places));
    const slow: Dose = { direction: 'down', toxic: { kind: 'latency', ms: heldMs } };
    for (const proxy of bed.proxies.kafka) proxy.add(slow);
    try {
      await pause(heldMs);
      const { clientId } = random.pick(openLinksOf(bed.witness, bridge.name));
      bed.mqtt.model?.kick(clientId);
    } finally {
      for (const proxy of bed.proxies.kafka) proxy.remove(slow);
    }
    return { what: bridge.name, heal: () => bridge.whenReady(60_000) };
  },
};
