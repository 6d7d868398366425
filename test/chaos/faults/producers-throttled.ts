// F12: a quota of Kafka is far below what bridges write.

import { limitProducers } from '../../proof/kafka-requests.ts';
import { placeOf } from '../../proof/kafka-wire.ts';
import type { Fault } from './fault.ts';

/** To one broker: a small part of what the load of a chaos run needs. */
const bytesPerSecond = 2_000;

export const producersThrottled: Fault = {
  id: 'F12',
  name: 'producers-throttled',
  sentence:
    'A quota slows bridges down to a part of the load: they hold what waits, refuse nothing, and' +
    ' are as fast as before when it is lifted.',
  weight: 1,
  durationMs: [3_000, 8_000],
  claims: ['kafka links', 'kafka nodes'],
  excuses: { sentAgain: true },
  async strike({ bed }) {
    const [broker] = bed.ground.config.kafkaBrokers.map(placeOf);
    if (!broker) throw new Error('no Kafka broker');
    await limitProducers(broker, bytesPerSecond);
    return {
      what: `${bytesPerSecond} bytes a second to each broker`,
      heal: () => limitProducers(broker, null),
    };
  },
};
