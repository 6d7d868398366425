// A consumer group from outside: who is in it, who reads what, how far it has committed.

import type { Admin } from 'kafkajs';
import type { KafkaClient } from './client.ts';
import { kafkajs } from './kafkajs-patched.ts';
import { withAdmin } from './with-admin.ts';

export interface GroupLook {
  /** As Kafka says: `Stable`, `Empty`, `Dead` (there is none), `PreparingRebalance`, … */
  readonly state: string;
  readonly members: readonly GroupMember[];
  /** By `topic/partition`: the offset that is read next. Only where one was committed. */
  readonly committed: ReadonlyMap<string, number>;
}

export interface GroupMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  /** Partition numbers by topic; none while the group rebalances. */
  readonly partitions: Readonly<Record<string, readonly number[]>>;
}

/** A group that nobody has made is `Dead`, without members and offsets. */
export async function lookAtGroup(client: KafkaClient, groupId: string): Promise<GroupLook> {
  return withAdmin(client, async (admin) => {
    const { groups } = await admin.describeGroups([groupId]);
    const group = groups[0];
    const members = (group?.members ?? []).map((member) => ({
      memberId: member.memberId,
      clientId: member.clientId,
      host: member.clientHost,
      partitions: assignmentOf(member.memberAssignment),
    }));
    return { state: group?.state ?? 'Dead', members, committed: await committedOf(admin, groupId) };
  });
}

function assignmentOf(bytes: Buffer): GroupMember['partitions'] {
  if (bytes.length === 0) return {};
  return kafkajs.AssignerProtocol.MemberAssignment.decode(bytes)?.assignment ?? {};
}

async function committedOf(admin: Admin, groupId: string): Promise<ReadonlyMap<string, number>> {
  const committed = new Map<string, number>();
  for (const { topic, partitions } of await admin.fetchOffsets({ groupId })) {
    for (const { partition, offset } of partitions) {
      // Kafka says -1 where nothing was committed.
      if (Number(offset) >= 0) committed.set(`${topic}/${partition}`, Number(offset));
    }
  }
  return committed;
}
