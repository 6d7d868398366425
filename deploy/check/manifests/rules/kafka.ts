// Kafka itself: as many copies as tuning.yaml says, a door that asks for a certificate, and nothing
// that appears or vanishes by itself.

import { type Fault, fault } from '../fault.ts';
import { find, nameOf, ofKind, type Tree } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';

export const kafkaRules: readonly Rule[] = [
  {
    promise: 'a partition has brokers for its copies, and outside dev one may be away',
    check: copies,
  },
  { promise: 'Kafka lets in who shows a certificate, and nobody else', check: doors },
  { promise: 'no topic appears and no disk vanishes by itself', check: surprises },
  { promise: 'every topic that a right names is there, with copies', check: named },
];

/** What Kafka makes by itself follows the same numbers as our topics. */
const copyKeys: Readonly<Record<string, string>> = {
  'default.replication.factor': 'kafka.replication',
  'offsets.topic.replication.factor': 'kafka.replication',
  'transaction.state.log.replication.factor': 'kafka.replication',
  'min.insync.replicas': 'kafka.minIsr',
  'transaction.state.log.min.isr': 'kafka.minIsr',
};

function copies({ objects, tuning, environment }: Installation): readonly Fault[] {
  const [replication, minIsr] = [
    Number(tuning.get('kafka.replication')),
    Number(tuning.get('kafka.minIsr')),
  ];
  return ofKind(objects, 'Kafka').flatMap((kafka) => {
    const at = nameOf(kafka);
    const faults = Object.entries(copyKeys)
      .filter(([name, key]) => String(kafka.spec.kafka.config?.[name]) !== tuning.get(key))
      .map(([name, key]) => {
        const found = kafka.spec.kafka.config?.[name];
        return fault(at, `spec.kafka.config.[${name}]`, `${key}, ${tuning.get(key)}`, found);
      });
    const nodes = (role: string) =>
      ofKind(objects, 'KafkaNodePool')
        .filter(({ spec }) => spec.roles.includes(role))
        .reduce((sum, { spec }) => sum + spec.replicas, 0);
    const want = (isMet: boolean, path: string, wanted: string, found: unknown) => {
      if (!isMet) faults.push(fault(at, path, wanted, found));
    };
    const [brokers, controllers] = [nodes('broker'), nodes('controller')];
    want(brokers >= replication, 'brokers', `at least ${replication} for all copies`, brokers);
    want(controllers % 2 === 1, 'controllers', 'an odd number: half is no majority', controllers);
    if (environment === 'dev') return faults;
    want(minIsr >= 2, 'min.insync.replicas', 'at least 2: one alone can be lost', minIsr);
    want(minIsr < replication, 'min.insync.replicas', `below ${replication} copies`, minIsr);
    return faults;
  });
}

function doors({ objects }: Installation): readonly Fault[] {
  return ofKind(objects, 'Kafka').flatMap((kafka) =>
    kafka.spec.kafka.listeners.flatMap(({ name, tls, authentication }: Tree) => {
      const path = `spec.kafka.listeners[name=${name}]`;
      const faults: Fault[] = [];
      if (tls !== true) faults.push(fault(nameOf(kafka), `${path}.tls`, 'true', tls));
      if (authentication?.type !== 'tls') {
        const found = authentication?.type ?? 'none';
        faults.push(fault(nameOf(kafka), `${path}.authentication.type`, 'tls', found));
      }
      return faults;
    }),
  );
}

function surprises({ objects }: Installation): readonly Fault[] {
  const topics = ofKind(objects, 'Kafka')
    .filter(({ spec }) => spec.kafka.config?.['auto.create.topics.enable'] !== false)
    .map((kafka) => {
      const path = 'spec.kafka.config.[auto.create.topics.enable]';
      return fault(nameOf(kafka), path, 'false', 'Kafka’s default, true');
    });
  const disks = ofKind(objects, 'KafkaNodePool').flatMap((pool) =>
    (pool.spec.storage.volumes ?? [pool.spec.storage])
      .filter((volume: Tree) => volume.type === 'persistent-claim' && volume.deleteClaim === true)
      .map(() => fault(nameOf(pool), 'spec.storage deleteClaim', 'false', true)),
  );
  return [...topics, ...disks];
}

function named({ objects, tuning }: Installation): readonly Fault[] {
  const missing = ofKind(objects, 'KafkaUser').flatMap((user) =>
    ((user.spec.authorization?.acls ?? []) as readonly Tree[])
      .map(({ resource }) => resource)
      .filter(({ type, patternType = 'literal' }) => type === 'topic' && patternType === 'literal')
      .filter(({ name }) => find(objects, 'KafkaTopic', name) === undefined)
      .map(({ name }) => fault(nameOf(user), 'acls', `a KafkaTopic ${name}`, 'none')),
  );
  const copies = ofKind(objects, 'KafkaTopic')
    .filter(({ spec }) => String(spec.replicas) !== tuning.get('kafka.replication'))
    .map((topic) => {
      const wanted = `kafka.replication, ${tuning.get('kafka.replication')}`;
      return fault(nameOf(topic), 'spec.replicas', wanted, topic.spec.replicas);
    });
  return [...missing, ...copies];
}
