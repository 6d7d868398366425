// F10: one of three Kafka brokers is killed and comes back.

import type { Fault } from './fault.ts';

export const kafkaNodeKilled: Fault = {
  id: 'F10',
  name: 'kafka-node-killed',
  sentence: 'SIGKILL of one of three Kafka brokers: acknowledgements pause, nothing is lost.',
  weight: 2,
  durationMs: [4_000, 15_000],
  claims: ['kafka nodes', 'kafka leaders'],
  excuses: { sentAgain: true },
  async strike({ bed, random }) {
    const node = random.pick(bed.kafkaNodes);
    await node.kill();
    return { what: node.title, heal: () => node.start() };
  },
};
