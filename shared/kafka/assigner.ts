// Which member of a group reads which partition numbers: the same for all topics, as even as can
// be, and moving as few as possible. Pure; kafkajs-assigner.ts speaks Kafka's protocol around it.

export interface AssignMember {
  readonly id: string;
  /** Partition numbers that it owned before; anything is survived. */
  readonly owned: readonly number[];
}

/**
 * Every number from 0 to `partitionCount` - 1 comes to exactly one member, and no member has two
 * more than another. A member keeps what it owned up to its share; where two say that they owned a
 * partition, the one whose id comes first does. The same members give the same answer.
 */
export function assignPartitions(
  members: readonly AssignMember[],
  partitionCount: number,
): ReadonlyMap<string, readonly number[]> {
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : 1));
  const free = new Set(Array.from({ length: partitionCount }, (_, partition) => partition));
  const claims = sorted.map(({ id, owned }) => ({ id, kept: takeOwned(owned, free) }));
  const shares = sharesOf(claims, partitionCount);
  for (const { kept, size } of shares) {
    for (const partition of kept.splice(size)) free.add(partition);
  }
  const left = [...free].sort((a, b) => a - b);
  for (const { kept, size } of shares) kept.push(...left.splice(0, size - kept.length));
  return new Map(sorted.map(({ id }) => [id, keptBy(shares, id)]));
}

interface Claimed {
  readonly id: string;
  readonly kept: number[];
}

interface Share extends Claimed {
  readonly size: number;
}

/** Takes them out of `free`: nobody else can own them then. */
function takeOwned(owned: readonly number[], free: Set<number>): number[] {
  return owned.filter((partition) => free.delete(partition)).sort((a, b) => a - b);
}

/** The larger shares go to those who own most, so that nothing moves that need not. */
function sharesOf(claims: readonly Claimed[], partitionCount: number): readonly Share[] {
  const least = Math.floor(partitionCount / Math.max(claims.length, 1));
  const largerCount = partitionCount - least * claims.length;
  const byOwned = claims.toSorted((a, b) => b.kept.length - a.kept.length);
  return byOwned.map((claim, at) => ({ ...claim, size: at < largerCount ? least + 1 : least }));
}

function keptBy(shares: readonly Share[], id: string): readonly number[] {
  const share = shares.find((each) => each.id === id);
  return (share?.kept ?? []).toSorted((a, b) => a - b);
}
