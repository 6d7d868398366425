// The lag of a consumer group as people read it: who reads, and where it is behind.

import type { GroupMember } from '#shared/kafka/group-look.ts';
import { durationText } from './durations.ts';
import type { Drain, LagFigures } from './lag-figures.ts';
import { type Column, tableLines } from './table.ts';
import { shortNameOf } from './topic-name.ts';

export interface GroupLag extends LagFigures {
  readonly group: string;
  readonly members: readonly GroupMember[];
  readonly topics: readonly TopicLag[];
}

export interface TopicLag extends LagFigures {
  readonly topic: string;
  readonly partitions: readonly PartitionLag[];
}

export interface PartitionLag extends LagFigures {
  readonly partition: number;
  /** Null: never. */
  readonly committed: number | null;
  readonly end: number;
  /** Records that retention has deleted before they were read. */
  readonly overtaken: number;
  /** Client id of the member that reads it; null: nobody does. */
  readonly owner: string | null;
}

export function groupLines(lag: GroupLag): readonly string[] {
  return [
    ...memberLines(lag),
    ...tableLines(columns, rowsOf(lag)).map((line) => `  ${line}`),
    ...overtakenLines(lag),
  ];
}

function memberLines({ group, members, records }: GroupLag): readonly string[] {
  if (members.length === 0) {
    const waiting = records === 0 ? 'nothing waits yet' : `${records} records wait`;
    return [`${group}: NO MEMBERS, NOBODY READS: ${waiting}`];
  }
  const count = members.length === 1 ? '1 member' : `${members.length} members`;
  return [
    `${group}: ${count}`,
    ...members.map(({ clientId, host, partitions }) => {
      return `  ${clientId} at ${host.replace(/^\//, '')}: ${ownedText(partitions)}`;
    }),
  ];
}

/** Our assigner gives the same partitions of every topic; another one may not. */
function ownedText(partitions: GroupMember['partitions']): string {
  const owned = Object.entries(partitions).map(([topic, numbers]) => {
    return { topic: shortNameOf(topic), text: rangesText(numbers) };
  });
  const texts = new Set(owned.map(({ text }) => text));
  if (texts.size === 0) return 'no partitions';
  if (texts.size === 1) return `partitions ${[...texts][0]} of each topic`;
  return owned.map(({ topic, text }) => `${topic} ${text}`).join(', ');
}

/** `0-5 7` */
export function rangesText(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && number <= run[1] + 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(' ');
}

const columns: readonly Column[] = [
  { title: 'topic', align: 'left' },
  { title: 'partition', align: 'right' },
  { title: 'committed', align: 'right' },
  { title: 'end', align: 'right' },
  { title: 'records', align: 'right' },
  { title: 'seconds', align: 'right' },
  { title: 'vehicles', align: 'right' },
  { title: 'time to drain', align: 'left' },
  { title: 'read by', align: 'left' },
];

/** Partitions without lag stand only in the sum of their topic: most have none. */
function rowsOf(lag: GroupLag): readonly (readonly string[])[] {
  const topics = lag.topics.flatMap((topic) => {
    const name = shortNameOf(topic.topic);
    const behind = topic.partitions.filter(({ records }) => records > 0);
    const rows = behind.map((partition) => [
      name,
      String(partition.partition),
      String(partition.committed ?? 'never'),
      String(partition.end),
      ...figureCells(partition),
      partition.owner ?? 'nobody',
    ]);
    return [...rows, [name, `all ${topic.partitions.length}`, '', '', ...figureCells(topic)]];
  });
  return [...topics, ['all', '', '', '', ...figureCells(lag)]];
}

function figureCells({ records, seconds, vehicles, hasUnseen, drain }: LagFigures): string[] {
  const bound = hasUnseen ? '>= ' : '';
  return [
    String(records),
    seconds === null ? '?' : seconds.toFixed(seconds < 10 ? 1 : 0),
    vehicles === null ? '?' : `${bound}${vehicles}`,
    drainText(drain),
  ];
}

export function drainText(drain: Drain): string {
  switch (drain.kind) {
    case 'keeps_up':
      return 'keeps up';
    case 'standing':
      return 'stands still';
    case 'unread':
      return 'nobody reads it';
    case 'drained':
      return `drained in ${durationText(Math.max(1, drain.inSeconds) * 1000)}`;
    case 'grows':
      return `grows by ${Math.max(1, Math.round(drain.recordsPerSecond))}/s`;
  }
}

function overtakenLines({ topics }: GroupLag): readonly string[] {
  return topics.flatMap(({ topic, partitions }) => {
    const overtaken = partitions.filter((partition) => partition.overtaken > 0);
    return overtaken.map(({ partition, overtaken: count }) => {
      const place = `${shortNameOf(topic)} ${partition}`;
      return `  LOST: retention deleted ${count} records of ${place} before they were read`;
    });
  });
}
