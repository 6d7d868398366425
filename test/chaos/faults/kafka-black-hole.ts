// F10: Kafka hangs. Connections stay up, nothing passes, no RST tells it: only time does.

import type { Dose } from '../proxy/toxics.ts';
import type { Fault } from './fault.ts';

export const kafkaBlackHole: Fault = {
  id: 'F10',
  name: 'kafka-black-hole',
  sentence: 'Nothing passes between bridges and Kafka: found out by time alone, nothing is lost.',
  weight: 2,
  durationMs: [3_000, 15_000],
  claims: ['kafka links'],
  excuses: { sentAgain: true },
  async strike({ bed: { proxies }, random }) {
    // Both, or only what Kafka says: then it appends what it is sent.
    const directions = random.chance(0.5) ? (['up', 'down'] as const) : (['down'] as const);
    const hole: Dose[] = directions.map((direction) => ({ direction, toxic: { kind: 'timeout' } }));
    for (const proxy of proxies.kafka) proxy.add(...hole);
    return {
      what: `Kafka, ${directions.join(' and ')}`,
      heal: async () => {
        for (const proxy of proxies.kafka) proxy.remove(...hole);
      },
    };
  },
};
