// F12: topics take only small batches for a while.

import { kafkaTopics } from '#shared/topics.ts';
import { setOnTopics } from '../kafka-settings.ts';
import type { Fault } from './fault.ts';

/** Of a batch as Kafka stores it, compressed: room for a few records. */
const messageBytesMax = 3_000;
const topics = [kafkaTopics.telemetry, kafkaTopics.backfill, kafkaTopics.lifecycle];

export const batchesTooLarge: Fault = {
  id: 'F12',
  name: 'batches-too-large',
  sentence:
    'Kafka answers MESSAGE_TOO_LARGE to batches that it took before: they are split until they' +
    ' fit, in order; no record is refused.',
  weight: 1,
  durationMs: [2_000, 6_000],
  claims: ['kafka links', 'kafka nodes'],
  excuses: { sentAgain: true },
  async strike({ bed }) {
    const setting = { name: 'max.message.bytes', value: String(messageBytesMax) };
    const giveBack = await setOnTopics(bed.ground.config, topics, setting);
    return { what: `${messageBytesMax} bytes a batch`, heal: giveBack };
  },
};
