// F10: all of Kafka is killed and comes back.

import type { Fault } from './fault.ts';

export const kafkaDown: Fault = {
  id: 'F10',
  name: 'kafka-down',
  sentence:
    'SIGKILL of every Kafka broker: no PUBACK meanwhile, the MQTT connections live, nothing lost.',
  weight: 1,
  durationMs: [3_000, 10_000],
  claims: ['kafka nodes', 'kafka leaders', 'kafka links'],
  excuses: { sentAgain: true },
  async strike({ bed: { kafkaNodes } }) {
    await Promise.all(kafkaNodes.map((node) => node.kill()));
    return {
      what: `${kafkaNodes.length} of ${kafkaNodes.length} brokers`,
      heal: async () => void (await Promise.all(kafkaNodes.map((node) => node.start()))),
    };
  },
};
