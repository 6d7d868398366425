// F8: a broker that is set to does not wait for a connection to end: what a bridge has not
// acknowledged in time it sends once more, with DUP, to the bridge that has it.

import assert from 'node:assert/strict';
import type { Dose } from '../proxy/toxics.ts';
import type { Fault } from './fault.ts';

const everyMs = 700;

export const brokerRepeats: Fault = {
  id: 'F8',
  name: 'broker-repeats',
  sentence:
    'Kafka holds its answers, and the broker sends what is un-acknowledged again and again with' +
    ' DUP: each is stored and acknowledged once, but for what the PUBACK of crossed the repeat.',
  weight: 1,
  durationMs: [2_500, 5_000],
  claims: ['mqtt broker', 'kafka links'],
  excuses: { sentAgain: true, brokerRepeats: true },
  needsModel: true,
  async strike({ bed: { mqtt, proxies, witness } }) {
    const hole: Dose = { direction: 'down', toxic: { kind: 'timeout' } };
    for (const proxy of proxies.kafka) proxy.add(hole);
    const before = witness.repeatedCount;
    const repeat = () => mqtt.model?.repeatUnacknowledged();
    const timer = setInterval(repeat, everyMs);
    return {
      what: 'all that is un-acknowledged',
      check: async () => {
        assert.ok(witness.repeatedCount > before, 'no message came with DUP');
      },
      heal: async () => {
        for (const proxy of proxies.kafka) proxy.remove(hole);
        clearInterval(timer);
        // While PUBACKs are on their way.
        repeat();
      },
    };
  },
};
