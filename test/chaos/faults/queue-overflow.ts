// F5: Kafka is away for longer than the queues of EMQX can bear. EMQX drops the oldest: that loss
// is the broker's, and it is counted.

import type { Fault } from './fault.ts';
import { kafkaBlackHole } from './kafka-black-hole.ts';

export const queueOverflow: Fault = {
  ...kafkaBlackHole,
  id: 'F5',
  name: 'queue-overflow',
  sentence:
    'Kafka hangs for longer than the outage budget: EMQX drops what its queues cannot hold, and' +
    ' the ledger misses exactly that.',
  durationMs: [8_000, 15_000],
  excuses: { ...kafkaBlackHole.excuses, lostInBroker: true },
  needsModel: true,
};
