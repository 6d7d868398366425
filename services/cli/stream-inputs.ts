// What the processors read, in the order in which a state's provenance names their offsets: the
// schema's doc of `appliedOffsets`.

import { consumerGroups, type KafkaTopic, kafkaTopics } from '#shared/topics.ts';

export const stateInputs: readonly KafkaTopic[] = [
  kafkaTopics.telemetry,
  kafkaTopics.backfill,
  kafkaTopics.lifecycle,
  kafkaTopics.heartbeat,
];

/** Empty for a group that is none of ours: then its own offsets tell. */
export function inputsOf(group: string): readonly string[] {
  return group === consumerGroups.state ? stateInputs : [];
}
