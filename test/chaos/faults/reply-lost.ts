// F11: Kafka appends a batch and its answer never arrives, since the connection ends first.

import type { Dose } from '../proxy/toxics.ts';
import type { Fault } from './fault.ts';

export const replyLost: Fault = {
  id: 'F11',
  name: 'reply-lost',
  sentence:
    'Connections to Kafka end when the first byte of an answer comes: the batch is sent again,' +
    ' and its copies have the same origin and the same bytes.',
  weight: 3,
  durationMs: [500, 3_000],
  claims: ['kafka links'],
  excuses: { sentAgain: true },
  async strike({ bed: { proxies } }) {
    const cut: Dose = { direction: 'down', toxic: { kind: 'limit_data', bytes: 0 } };
    for (const proxy of proxies.kafka) proxy.add(cut);
    return {
      what: 'every answer of Kafka',
      heal: async () => {
        for (const proxy of proxies.kafka) proxy.remove(cut);
      },
    };
  },
};
