// F20: the disk of one Kafka broker takes no more bytes. Kafka then gives up its only log folder,
// and the broker ends.

import { limitProcess } from '../process-limit.ts';
import type { Fault } from './fault.ts';

export const diskFull: Fault = {
  id: 'F20',
  name: 'disk-full',
  sentence:
    'No file of one of three Kafka brokers can grow: what it led is held until others lead it,' +
    ' nothing is lost.',
  weight: 1,
  durationMs: [6_000, 12_000],
  claims: ['kafka nodes', 'kafka leaders', 'kafka links'],
  excuses: { sentAgain: true },
  async strike({ bed, random }) {
    const node = random.pick(bed.kafkaNodes);
    await limitProcess(node.pid, 'fsize', 0);
    return {
      what: node.title,
      heal: async () => {
        // Where it has not given up by itself: a disk that was full is never trusted again.
        await node.kill();
        await node.start();
      },
    };
  },
};
