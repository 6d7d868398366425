// Names of the code that stand in texts: queries, rights, keys. A renamed topic or group leaves no
// trace of the old name.

import { redisSettings } from '#shared/stream/redis-settings.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { processors } from '../facts.ts';
import { type Fault, fault } from '../fault.ts';
import { leavesOf, nameOf, ofKind } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';

export const nameRules: readonly Rule[] = [
  { promise: 'every topic that is named anywhere is one of the code', check: topics },
  { promise: 'every consumer group in a query is one of the code', check: groups },
  { promise: 'Valkey lets processors do what they do, on their own keys alone', check: store },
];

const topicPattern = /\bvehicle\.[a-z]+\.v\d+\b/g;

function topics({ objects }: Installation): readonly Fault[] {
  const known: ReadonlySet<string> = new Set(Object.values(kafkaTopics));
  return objects.flatMap((object) =>
    [...leavesOf(object)].flatMap(([path, value]) => {
      const named = typeof value === 'string' ? (value.match(topicPattern) ?? []) : [];
      const strangers = [...new Set(named)].filter((topic) => !known.has(topic));
      return strangers.map((topic) => fault(nameOf(object), path, 'a topic of the code', topic));
    }),
  );
}

const groupPattern = /\b(?:consumer_?group|group)=~?\\?"(fleetwire-[^"\\]+)/gi;

function groups({ objects }: Installation): readonly Fault[] {
  const known = Object.values(processors).map(({ group }) => group);
  return objects.flatMap((object) =>
    [...leavesOf(object)].flatMap(([path, value]) => {
      if (typeof value !== 'string') return [];
      const named = [...value.matchAll(groupPattern)].map(([, group]) => group!);
      return named
        .filter((group) => !/[.*|]/.test(group) && !known.includes(group))
        .map((group) => fault(nameOf(object), path, known.join(' or '), group));
    }),
  );
}

/** As the setting REDIS_USERNAME says what its user needs. */
const neededCommands: readonly string[] = /~<group>:\* ([^`]+)`/
  .exec(redisSettings.redisUsername.doc)![1]!
  .split(' ');

function store({ objects }: Installation): readonly Fault[] {
  return ofKind(objects, 'ConfigMap').flatMap((map) => {
    const text = map.data?.['valkey.conf'];
    if (text === undefined) return [];
    const words = /^user default (.*)$/m.exec(text)?.[1]?.split(/\s+/) ?? [];
    const wanted = [
      ...Object.values(processors).map(({ group }) => `~${group}:*`),
      ...neededCommands,
      '-@all',
    ];
    const missing = wanted
      .filter((word) => !words.includes(word))
      .map((word) => fault(nameOf(map), 'user default', word, words.join(' ')));
    const others = words
      .filter((word) => /^[~+&%]|^allkeys$|^allcommands$/.test(word) && !wanted.includes(word))
      .map((word) => fault(nameOf(map), 'user default', 'no right beyond those', word));
    return [...missing, ...others];
  });
}
