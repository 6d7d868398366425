// Topics as people type them: `telemetry` for `vehicle.telemetry.v1`.

import { InvalidArgumentError } from 'commander';
import { nearest } from '#shared/runtime/nearest.ts';
import { type KafkaTopic, kafkaTopics } from '#shared/topics.ts';

const topicsByShortName: Readonly<Record<string, KafkaTopic>> = kafkaTopics;

export const shortNames = Object.keys(kafkaTopics);

/** By its short or its full name. Throws commander's error for wrong usage. */
export function parseTopic(name: string): KafkaTopic {
  const topics = Object.values(kafkaTopics);
  const topic = topicsByShortName[name] ?? topics.find((full) => full === name);
  if (topic !== undefined) return topic;
  const meant = nearest(name, [...shortNames, ...topics]);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  throw new InvalidArgumentError(
    `Wanted one of ${shortNames.join(', ')}, or its full name.${hint}`,
  );
}

export function shortNameOf(topic: string): string {
  return shortNames.find((name) => topicsByShortName[name] === topic) ?? topic;
}
