// Our assignment in the words of Kafka's group protocol: what a member owns travels as user data.

import type { Assigner, GroupMember, PartitionAssigner } from 'kafkajs';
import { FatalError } from '../runtime/retry.ts';
import { type AssignMember, assignPartitions } from './assigner.ts';
import { kafkajs } from './kafkajs-patched.ts';

export interface AssignerOptions {
  /** Partition numbers that we own at the moment of a join. */
  readonly owned: () => readonly number[];
  /** Counts that have become unequal: no retry can mend that. */
  readonly onFault: (error: FatalError) => void;
}

/** A new name for each change of the rules: members of two versions must not share a group. */
const name = 'fleetwire-copartition-1';
const version = 1;
const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

export function createAssigner({ owned, onFault }: AssignerOptions): PartitionAssigner {
  return ({ cluster }): Assigner => ({
    name,
    version,
    protocol: ({ topics }) => ({
      name,
      metadata: MemberMetadata.encode({ version, topics, userData: bytesOf(owned()) }),
    }),
    async assign({ members, topics }) {
      const counts = topics.map((topic) => {
        const found = cluster.findTopicPartitionMetadata(topic) as readonly unknown[];
        return { topic, count: found.length };
      });
      const fault = unequalFault(counts);
      if (fault !== null) {
        onFault(fault);
        throw fault;
      }
      const assigned = assignPartitions(members.map(memberOf), counts[0]?.count ?? 0);
      return [...assigned].map(([memberId, partitions]) => {
        const assignment = Object.fromEntries(topics.map((topic) => [topic, [...partitions]]));
        return {
          memberId,
          memberAssignment: MemberAssignment.encode({
            version,
            assignment,
            userData: Buffer.alloc(0),
          }),
        };
      });
    },
  });
}

export interface TopicCount {
  readonly topic: string;
  readonly count: number;
}

/** Null where all topics have the same number of partitions, and have any. */
export function unequalFault(counts: readonly TopicCount[]): FatalError | null {
  const first = counts[0]?.count ?? 0;
  if (first > 0 && counts.every(({ count }) => count === first)) return null;
  const found = counts.map(({ topic, count }) => `${topic} has ${count}`).join(', ');
  return new FatalError(
    'PARTITION_COUNTS_DIFFER',
    `want the same number of partitions in all inputs, found: ${found}. A vehicle's records must` +
      ' come to one owner: make the topics with fleetwire topics apply.',
  );
}

const numberBytes = 4;

function bytesOf(partitions: readonly number[]): Buffer {
  const bytes = Buffer.alloc(partitions.length * numberBytes);
  partitions.forEach((partition, at) => {
    bytes.writeInt32BE(partition, at * numberBytes);
  });
  return bytes;
}

/** Of a member that speaks nonsense we take it that it owned nothing. */
function memberOf({ memberId: id, memberMetadata }: GroupMember): AssignMember {
  try {
    const bytes = MemberMetadata.decode(memberMetadata)?.userData ?? Buffer.alloc(0);
    const count = Math.floor(bytes.length / numberBytes);
    const owned = Array.from({ length: count }, (_, at) => bytes.readInt32BE(at * numberBytes));
    return { id, owned };
  } catch {
    return { id, owned: [] };
  }
}
