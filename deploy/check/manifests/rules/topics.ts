// Topics and rights in Kafka: what the code's address book says, no more and no less.

import { wantedConfig } from '#shared/kafka/admin.ts';
import { readerGroupPrefix } from '#shared/kafka/reader.ts';
import { kafkaTopics, topicSpecs } from '#shared/topics.ts';
import { access, processors, toolboxAccess } from '../facts.ts';
import { type Fault, fault } from '../fault.ts';
import { find, type Manifest, nameOf, ofKind, type Tree } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';

export const topicRules: readonly Rule[] = [
  {
    promise: 'the topics are those of the code, set as `fleetwire topics apply` sets them',
    check: topics,
  },
  { promise: 'Kafka, its pools, topics and users name one cluster', check: cluster },
  { promise: 'each service has exactly the rights in Kafka that its code needs', check: rights },
  { promise: 'no right in Kafka is a wildcard', check: wildcards },
];

/** Where Kafka is somebody else's, the release Job makes the topics. */
function hasKafka({ objects }: Installation): boolean {
  return ofKind(objects, 'Kafka').length > 0;
}

function topics(installation: Installation): readonly Fault[] {
  if (!hasKafka(installation)) return [];
  const { objects, tuning } = installation;
  const minIsr = Number(tuning.get('kafka.minIsr'));
  const known: ReadonlySet<string> = new Set(Object.values(kafkaTopics));
  const strangers = ofKind(objects, 'KafkaTopic')
    .filter(({ metadata }) => /^(vehicle|fleetwire)\./.test(metadata.name))
    .filter(({ metadata }) => !known.has(metadata.name))
    .map((topic) => fault(nameOf(topic), 'metadata.name', 'a topic of the code', 'none of them'));
  const faults = topicSpecs.flatMap((spec) => {
    const topic = find(objects, 'KafkaTopic', spec.topic);
    if (topic === undefined) return [fault(`KafkaTopic/${spec.topic}`, '', 'it', 'nothing')];
    return [
      ...sizeFaults(topic, tuning),
      ...configFaults(topic, new Map(wantedConfig(spec, minIsr))),
    ];
  });
  return [...strangers, ...faults];
}

function sizeFaults(topic: Manifest, tuning: ReadonlyMap<string, string>): readonly Fault[] {
  const { partitions, replicas, topicName = topic.metadata.name } = topic.spec;
  const faults: Fault[] = [];
  const want = (field: string, found: unknown, wanted: unknown) => {
    if (String(found) === String(wanted)) return;
    faults.push(fault(nameOf(topic), `spec.${field}`, String(wanted), found));
  };
  want('topicName', topicName, topic.metadata.name);
  want('partitions', partitions, tuning.get('kafka.partitions'));
  want('replicas', replicas, tuning.get('kafka.replication'));
  return faults;
}

function configFaults(topic: Manifest, wanted: ReadonlyMap<string, string>): readonly Fault[] {
  const config = (topic.spec.config ?? {}) as Readonly<Record<string, unknown>>;
  const names = new Set([...wanted.keys(), ...Object.keys(config)]);
  return [...names]
    .filter((name) => String(config[name]) !== wanted.get(name))
    .map((name) => {
      const path = `spec.config.[${name}]`;
      return fault(nameOf(topic), path, wanted.get(name) ?? 'none', config[name]);
    });
}

function cluster(installation: Installation): readonly Fault[] {
  const names = ofKind(installation.objects, 'Kafka').map(({ metadata }) => metadata.name);
  const kinds = ['KafkaNodePool', 'KafkaTopic', 'KafkaUser'];
  return installation.objects
    .filter(({ kind }) => kinds.includes(kind))
    .filter(({ metadata }) => !names.includes(metadata.labels?.['strimzi.io/cluster'] ?? ''))
    .map((object) => {
      const found = object.metadata.labels?.['strimzi.io/cluster'];
      const wanted = `a Kafka that is rendered: ${names.join(', ') || 'there is none'}`;
      return fault(nameOf(object), 'metadata.labels.[strimzi.io/cluster]', wanted, found);
    });
}

/** `topic vehicle.state.v1: Describe, Read`. */
type Rights = ReadonlyMap<string, string>;

function rights(installation: Installation): readonly Fault[] {
  if (!hasKafka(installation)) return [];
  const wanted = new Map<string, Rights>([
    ...Object.keys(access).map((name) => [name, rightsOf(name)] as const),
    ['release', releaseRights()],
    ['keda-lag', lagRights()],
    ['toolbox', toolboxRights()],
  ]);
  return [...wanted].flatMap(([name, rights]) => {
    const user = find(installation.objects, 'KafkaUser', name);
    if (user === undefined) return [fault(`KafkaUser/${name}`, '', 'it', 'nothing')];
    return differences(user, rights, name in access);
  });
}

function rightsOf(name: string): Rights {
  const { reads, writes, groups } = access[name]!;
  const rights = new Map<string, string>();
  for (const topic of new Set([...reads, ...writes])) {
    const operations = ['Describe'];
    if (reads.includes(topic)) operations.push('Read');
    if (writes.includes(topic)) operations.push('Write');
    rights.set(`topic literal ${topic}`, operations.join(', '));
  }
  for (const group of groups) rights.set(`group literal ${group}`, 'Describe, Read');
  // A rebuild reads the state topic by a reader of its own.
  if (groups.length > 0) rights.set(`group prefix ${readerGroupPrefix}`, readerOperations);
  return rights;
}

function releaseRights(): Rights {
  const operations = 'AlterConfigs, Create, Describe, DescribeConfigs';
  return new Map(topicSpecs.map(({ topic }) => [`topic literal ${topic}`, operations]));
}

/** What KEDA sees: ends of the inputs and offsets of the groups. */
function lagRights(): Rights {
  const all = Object.values(processors);
  const inputs = all.flatMap(({ inputs }) => inputs.map(({ topic }) => `topic literal ${topic}`));
  const groups = all.map(({ group }) => `group literal ${group}`);
  return new Map([...inputs, ...groups].map((resource) => [resource, 'Describe']));
}

/** `vehicle forget` tells when topics age out, by their settings. */
function toolboxRights(): Rights {
  const { reads, writes, looksAt } = toolboxAccess;
  const topics = reads.map((topic) => {
    const operations = ['Describe', 'DescribeConfigs', 'Read'];
    if (writes.some((one) => one === topic)) operations.push('Write');
    return [`topic literal ${topic}`, operations.join(', ')] as const;
  });
  const groups = looksAt.map((group) => [`group literal ${group}`, 'Describe'] as const);
  return new Map([...topics, ...groups, [`group prefix ${readerGroupPrefix}`, readerOperations]]);
}

/** kafkajs reads as a member of a group of its own, and deletes it afterwards. */
const readerOperations = 'Delete, Describe, Read';

function differences(user: Manifest, wanted: Rights, mayLack: boolean): readonly Fault[] {
  const at = nameOf(user);
  const found = new Map<string, string>();
  for (const acl of (user.spec.authorization?.acls ?? []) as readonly Tree[]) {
    const operations = (acl.operations as string[]).toSorted().join(', ');
    const known = found.get(resourceOf(acl));
    found.set(resourceOf(acl), known === undefined ? operations : `${known}, ${operations}`);
  }
  const names = new Set([...wanted.keys(), ...found.keys()]);
  return [...names]
    .filter((name) => found.get(name) !== wanted.get(name))
    .map((name) => {
      const why = mayLack && !wanted.has(name) ? ' (its code uses nothing of it)' : '';
      const text = `${wanted.get(name) ?? 'no right'}${why}`;
      return fault(at, `acls of ${name}`, text, found.get(name) ?? 'no right');
    });
}

function resourceOf({ resource: { type, patternType = 'literal', name = '' } }: Tree): string {
  return `${type} ${patternType} ${name}`.trimEnd();
}

function wildcards({ objects }: Installation): readonly Fault[] {
  return ofKind(objects, 'KafkaUser').flatMap((user) =>
    ((user.spec.authorization?.acls ?? []) as readonly Tree[]).flatMap((acl) => {
      const path = `acls of ${resourceOf(acl)}`;
      const faults: Fault[] = [];
      const { name = '', patternType = 'literal' } = acl.resource;
      const isWide = name === '*' || (patternType === 'prefix' && name.length < prefixCharsMin);
      if (isWide) faults.push(fault(nameOf(user), path, 'a name', name));
      if (acl.operations.includes('All')) {
        faults.push(fault(nameOf(user), path, 'the operations that it needs', 'All'));
      }
      return faults;
    }),
  );
}

const prefixCharsMin = 5;
