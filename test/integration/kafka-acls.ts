// Rights in Kafka as deploy/messaging gives them to its users, for a test's own Kafka.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AclEntry } from 'kafkajs';
import { find, parseManifests, type Tree } from '#deploy/check/manifests/manifest.ts';
import { deployFolder } from '#deploy/check/manifests/repository.ts';

/** Kafka's numbers. */
const resourceTypes: Readonly<Record<string, number>> = { topic: 2, group: 3, cluster: 4 };
const patternTypes: Readonly<Record<string, number>> = { literal: 3, prefix: 4 };
const operationNumbers: Readonly<Record<string, number>> = {
  ...{ Read: 3, Write: 4, Create: 5, Delete: 6, Alter: 7, Describe: 8 },
  ...{ DescribeConfigs: 10, AlterConfigs: 11 },
};
const allowed = 3;

interface Right {
  readonly type: string;
  readonly name: string;
  readonly patternType: string;
  readonly operation: string;
  /** User of this Kafka. */
  readonly who: string;
}

/** Of the KafkaUser `name`, for the user that this Kafka knows as `who`. */
export function aclsOfUser(name: string, who: string): readonly AclEntry[] {
  const text = readFileSync(join(deployFolder, 'messaging/kafka/users.yaml'), 'utf8');
  const user = find(parseManifests(text), 'KafkaUser', name)!;
  return user.spec.authorization.acls.flatMap(({ resource, operations }: Tree) =>
    operations.map((operation: string) => aclOf({ ...resource, operation, who })),
  );
}

const nobody = { patternType: 'literal', operation: 'Describe', who: 'nobody' };

/** The stack's Kafka lets everybody do what it finds no rule for: here is one for everything. */
export const walls: readonly AclEntry[] = [
  aclOf({ ...nobody, type: 'topic', name: '*' }),
  aclOf({ ...nobody, type: 'group', name: '*' }),
  aclOf({ ...nobody, type: 'cluster', name: 'kafka-cluster' }),
];

function aclOf({ type, name, patternType, operation, who }: Right): AclEntry {
  return {
    resourceType: resourceTypes[type]!,
    resourceName: name,
    resourcePatternType: patternTypes[patternType]!,
    principal: `User:${who}`,
    host: '*',
    operation: operationNumbers[operation]!,
    permissionType: allowed,
  };
}
