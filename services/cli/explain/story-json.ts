// A story for tools. The shape is described in services/cli/README.md and only ever gains fields.

import { plainRecord } from '../plain-value.ts';
import { fieldsOf } from '../schema-fields.ts';
import type { Story } from './story.ts';

export function storyJson(story: Story): object {
  const { entry, guessedBecause, payload, vehicleId, isAccepted, suspicions, told } = story;
  const { mqttTopic, records, answers, refusals } = story.becomes;
  return {
    codec: entry.codec,
    guessedBecause,
    byteCount: payload.length,
    vehicleId,
    mqttTopic,
    isAccepted,
    refusals,
    suspicions,
    flips: story.flips.map(({ at, mask, sent }) => ({
      at,
      mask,
      field: sent.name,
      sentRaw: sent.raw,
    })),
    outcomes: story.outcomes.map(({ kind, reason, bytes }) => ({
      kind,
      reason,
      byteCount: bytes.length,
    })),
    frames: told,
    records: records.map(({ topic, schema, value }) => ({
      topic,
      schema,
      value: plainRecord(fieldsOf(schema), value),
    })),
    answers: answers.map(({ mqttTopic: topic, payload: bytes }) => ({
      mqttTopic: topic,
      hex: bytes.toString('hex'),
    })),
  };
}
