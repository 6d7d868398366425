// Looks at a consumer group and its topics: offsets, members, and what is not read yet.

import type { KafkaClient } from '#shared/kafka/client.ts';
import { type GroupLook, lookAtGroup } from '#shared/kafka/group-look.ts';
import { readPartitionSpans, readStretches } from '#shared/kafka/stretches.ts';
import {
  type LagMoment,
  lagOf,
  overtakenOf,
  type PartitionLook,
  positionOf,
  type UnreadLook,
  type WatchedPartition,
} from './lag-figures.ts';
import type { GroupLag, PartitionLag, TopicLag } from './lag-lines.ts';
import { inputsOf } from './stream-inputs.ts';

/** Offsets at one moment. */
export interface GroupSample {
  readonly group: string;
  /** Epoch ms. */
  readonly at: number;
  readonly look: GroupLook;
  readonly partitions: readonly PartitionLook[];
}

/** Null: there is no such group, and none of ours is called so. */
export async function sampleGroup(client: KafkaClient, group: string): Promise<GroupSample | null> {
  const look = await lookAtGroup(client, group);
  const topics = topicsOf(group, look);
  if (topics.length === 0) return null;
  // Offsets first: what is stored between the two looks must not seem to be read.
  const spans = await readPartitionSpans(client, topics);
  const partitions = spans.map(({ topic, partition, low, high }) => {
    const committed = look.committed.get(`${topic}/${partition}`) ?? null;
    return { topic, partition, committed, low, end: high };
  });
  return { group, at: Date.now(), look, partitions };
}

function topicsOf(group: string, { members, committed }: GroupLook): readonly string[] {
  const ofOffsets = [...committed.keys()].map((key) => key.slice(0, key.lastIndexOf('/')));
  const ofMembers = members.flatMap(({ partitions }) => Object.keys(partitions));
  return [...new Set([...inputsOf(group), ...ofOffsets, ...ofMembers])];
}

export interface LagLook {
  readonly before: GroupSample;
  readonly now: GroupSample;
  /** At most so many unread records of each partition are read; 0: none. */
  readonly unreadMax: number;
}

export async function lookAtLag(client: KafkaClient, look: LagLook): Promise<GroupLag> {
  const { before, now, unreadMax } = look;
  const unread = await readUnread(client, now.partitions, unreadMax);
  const earlier = new Map(before.partitions.map((partition) => [keyOf(partition), partition]));
  const watched = now.partitions.map((partition) => {
    const key = keyOf(partition);
    return { now: partition, before: earlier.get(key) ?? partition, unread: unread?.get(key) };
  });
  const { members } = now.look;
  const hasMembers = members.length > 0;
  const moment = { nowAt: Date.now(), elapsedMs: now.at - before.at, hasMembers };
  const owners = ownersOf(now.look);
  const topics = [...new Set(now.partitions.map(({ topic }) => topic))].map((topic) => {
    const ofTopic = watched.filter((partition) => partition.now.topic === topic);
    return topicLag(topic, ofTopic, { moment, owners });
  });
  return { group: now.group, members, topics, ...lagOf(watched, moment) };
}

interface Setting {
  readonly moment: LagMoment;
  readonly owners: ReadonlyMap<string, string>;
}

function topicLag(
  topic: string,
  watched: readonly WatchedPartition[],
  { moment, owners }: Setting,
): TopicLag {
  const partitions = watched.map((one): PartitionLag => {
    const { partition, committed, end } = one.now;
    const owner = owners.get(keyOf(one.now)) ?? null;
    const overtaken = overtakenOf(one.now);
    return { partition, committed, end, overtaken, owner, ...lagOf([one], moment) };
  });
  return { topic, partitions, ...lagOf(watched, moment) };
}

function ownersOf({ members }: GroupLook): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { clientId, partitions } of members) {
    for (const [topic, numbers] of Object.entries(partitions)) {
      for (const partition of numbers) owners.set(keyOf({ topic, partition }), clientId);
    }
  }
  return owners;
}

/** Undefined: not asked for. */
async function readUnread(
  client: KafkaClient,
  partitions: readonly PartitionLook[],
  unreadMax: number,
): Promise<ReadonlyMap<string, UnreadLook> | undefined> {
  if (unreadMax === 0) return undefined;
  const found = new Map(partitions.map((look) => [keyOf(look), emptyLook(look, unreadMax)]));
  const stretches = partitions.map((look) => {
    const from = positionOf(look);
    return { ...look, from, end: Math.min(look.end, from + unreadMax) };
  });
  await readStretches({
    client,
    stretches,
    onRecord: (record) => {
      const look = found.get(keyOf(record));
      if (look === undefined) return;
      look.firstAt ??= record.timestamp;
      if (record.key !== null) look.keys.add(record.key.toString());
    },
  });
  return found;
}

interface OpenLook extends UnreadLook {
  firstAt: number | null;
  readonly keys: Set<string>;
}

function emptyLook(look: PartitionLook, unreadMax: number): OpenLook {
  const isCutOff = look.end - positionOf(look) > unreadMax;
  return { firstAt: null, keys: new Set(), isCutOff };
}

function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }) {
  return `${topic}/${partition}`;
}
