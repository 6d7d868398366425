// How far a consumer group is behind, out of two looks at its offsets and a reading of what it has
// not read yet. Pure: the same rules for a partition, a topic and a whole group.

/** A partition at one moment. */
export interface PartitionLook {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the record that the group reads next; null: it has never committed here. */
  readonly committed: number | null;
  /** Offset of the first record that is kept. */
  readonly low: number;
  /** Offset of the record that comes next. */
  readonly end: number;
}

/** The first of the records that the group has not read. */
export interface UnreadLook {
  /** Epoch ms of its append; null: none was found. */
  readonly firstAt: number | null;
  readonly keys: ReadonlySet<string>;
  /** There are more than were read here. */
  readonly isCutOff: boolean;
}

export interface WatchedPartition {
  readonly now: PartitionLook;
  readonly before: PartitionLook;
  /** Undefined: nobody looked. */
  readonly unread: UnreadLook | undefined;
}

export interface LagFigures {
  readonly records: number;
  /** Age of the first unread record; null where nobody looked. */
  readonly seconds: number | null;
  /** Distinct keys among the unread records; null where nobody looked. */
  readonly vehicles: number | null;
  /** Some unread records were not looked at: there may be more vehicles than that. */
  readonly hasUnseen: boolean;
  readonly drain: Drain;
}

/**
 * standing: nothing is read and nothing comes. unread: nobody is there to read it.
 */
export type Drain =
  | { readonly kind: 'keeps_up' | 'standing' | 'unread' }
  | { readonly kind: 'drained'; readonly inSeconds: number }
  | { readonly kind: 'grows'; readonly recordsPerSecond: number };

export interface LagMoment {
  /** Epoch ms. */
  readonly nowAt: number;
  /** Between the two looks. */
  readonly elapsedMs: number;
  readonly hasMembers: boolean;
}

export function lagOf(partitions: readonly WatchedPartition[], moment: LagMoment): LagFigures {
  const records = sum(partitions, ({ now }) => recordsOf(now));
  const looks = partitions.flatMap(({ unread }) => (unread === undefined ? [] : [unread]));
  const isLooked = looks.length === partitions.length;
  const seconds = isLooked ? secondsOf(looks, moment.nowAt) : null;
  const vehicles = isLooked ? new Set(looks.flatMap(({ keys }) => [...keys])).size : null;
  const hasUnseen = looks.some(({ isCutOff }) => isCutOff);
  return { records, seconds, vehicles, hasUnseen, drain: drainOf(partitions, seconds, moment) };
}

/** What retention has deleted before the group could read it. */
export function overtakenOf({ committed, low }: PartitionLook): number {
  return committed === null ? 0 : Math.max(0, low - committed);
}

/** Where the group reads next: what is no longer kept, it cannot. */
export function positionOf({ committed, low }: PartitionLook): number {
  return Math.max(committed ?? low, low);
}

export function recordsOf(look: PartitionLook): number {
  return Math.max(0, look.end - positionOf(look));
}

function secondsOf(looks: readonly UnreadLook[], nowAt: number): number {
  const ages = looks.map(({ firstAt }) => (firstAt === null ? 0 : nowAt - firstAt));
  // The broker's clock may be ahead of ours.
  return Math.max(0, ...ages) / 1000;
}

/**
 * Commits come at most 2 s apart (STREAM_COMMIT_MS and a slice), so a group that keeps up is seen
 * up to that far behind, and its rate goes by jumps.
 */
const commitSecondsMax = 3;

function drainOf(
  partitions: readonly WatchedPartition[],
  seconds: number | null,
  { elapsedMs, hasMembers }: LagMoment,
): Drain {
  if (!hasMembers) return { kind: 'unread' };
  const records = sum(partitions, ({ now }) => recordsOf(now));
  if (records === 0) return { kind: 'keeps_up' };
  const readCount = sum(partitions, ({ now, before }) => positionOf(now) - positionOf(before));
  if (readCount > 0 && seconds !== null && seconds <= commitSecondsMax) return { kind: 'keeps_up' };
  const storedCount = sum(partitions, ({ now, before }) => now.end - before.end);
  const perSecond = ((storedCount - readCount) * 1000) / Math.max(1, elapsedMs);
  if (perSecond > 0) return { kind: 'grows', recordsPerSecond: perSecond };
  if (perSecond < 0) return { kind: 'drained', inSeconds: records / -perSecond };
  return { kind: readCount > 0 ? 'keeps_up' : 'standing' };
}

function sum(
  partitions: readonly WatchedPartition[],
  count: (partition: WatchedPartition) => number,
): number {
  return partitions.reduce((total, partition) => total + count(partition), 0);
}
