// Faults of Kafka, its topics, rights and names, each planted into a good installation.

import type { Tree } from '#deploy/check/manifests/manifest.ts';
import type { Planted } from './planted.ts';
import { triggerOf } from './planted-scaling.ts';
import type { Breakable } from './rendered.ts';

const acls = ({ get }: Breakable, user: string): Tree[] =>
  get('KafkaUser', user).spec.authorization.acls;

export const kafkaFaults: readonly Planted[] = [
  {
    rule: 'the topics are those of the code, set as `fleetwire topics apply` sets them',
    faults: {
      'another retention': ({ get }) => {
        get('KafkaTopic', 'vehicle.telemetry.v1').spec.config['retention.ms'] = 3_600_000;
      },
      'a setting of its own': ({ get }) => {
        get('KafkaTopic', 'vehicle.telemetry.v1').spec.config['segment.ms'] = 1000;
      },
      'other partitions': ({ get }) => {
        get('KafkaTopic', 'vehicle.backfill.v1').spec.partitions = 12;
      },
      'a topic has gone': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('KafkaTopic', 'vehicle.state.v1')), 1);
      },
      'a topic that nobody knows': ({ get, objects }) => {
        const topic = structuredClone(get('KafkaTopic', 'vehicle.state.v1'));
        topic.metadata.name = 'vehicle.states.v1';
        objects.push(topic);
      },
    },
  },
  {
    rule: 'a partition has brokers for its copies, and outside dev one may be away',
    faults: {
      'fewer brokers than copies': ({ get }) => {
        get('KafkaNodePool', 'brokers').spec.replicas = 2;
      },
      'two controllers': ({ get }) => {
        get('KafkaNodePool', 'controllers').spec.replicas = 2;
      },
      'every copy must be there': ({ tuning }) => {
        tuning.set('kafka.minIsr', '3');
      },
      'offsets with one copy': ({ get }) => {
        get('Kafka', 'fleetwire').spec.kafka.config['offsets.topic.replication.factor'] = 1;
      },
    },
  },
  {
    rule: 'Kafka, its pools, topics and users name one cluster',
    faults: {
      'a topic of nobody': ({ get }) => {
        get('KafkaTopic', 'vehicle.state.v1').metadata.labels['strimzi.io/cluster'] = 'kafka';
      },
    },
  },
  {
    rule: 'each service has exactly the rights in Kafka that its code needs',
    faults: {
      'the bridge may read': (broken) => {
        acls(broken, 'bridge')[0].operations.push('Read');
      },
      'a topic is missing': (broken) => {
        acls(broken, 'state').shift();
      },
      'KEDA may read': (broken) => {
        acls(broken, 'keda-lag')[0].operations = ['Describe', 'Read'];
      },
      'people may write reports': (broken) => {
        acls(broken, 'toolbox')[0].operations.push('Write');
      },
      'people may not read what was refused': (broken) => {
        acls(broken, 'toolbox').splice(4, 1);
      },
      'another topic': (broken) => {
        acls(broken, 'bridge').push(acls(broken, 'state').at(-3));
      },
    },
  },
  {
    rule: 'every topic that is named anywhere is one of the code',
    faults: {
      'an old version in a trigger': (broken) => {
        triggerOf(broken).metadata.topic = 'vehicle.telemetry.v0';
      },
    },
  },
  {
    rule: 'every consumer group in a query is one of the code',
    faults: {
      'another group': ({ get }) => {
        const [group] = get('PrometheusRule', 'fleetwire-figures').spec.groups;
        group.rules[0].expr = 'kafka_consumergroup_lag{consumergroup="fleetwire-states"}';
      },
    },
  },
  {
    rule: 'Valkey lets processors do what they do, on their own keys alone',
    faults: {
      'keys of another group': ({ get }) => {
        const { data } = get('ConfigMap', 'valkey-config');
        data['valkey.conf'] = data['valkey.conf'].replace('~fleetwire-state:', '~fleetwire:');
      },
      'one command more': ({ get }) => {
        const { data } = get('ConfigMap', 'valkey-config');
        data['valkey.conf'] = data['valkey.conf'].replace('+info', '+info +flushall');
      },
    },
  },
  {
    rule: 'no right in Kafka is a wildcard',
    faults: {
      'all topics': (broken) => {
        acls(broken, 'registry')[0].resource.name = '*';
      },
      'all operations': (broken) => {
        acls(broken, 'registry')[0].operations = ['All'];
      },
    },
  },
  {
    rule: 'a Job applies the topics and then the schemas',
    faults: {
      'no Job': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('Job', 'release')), 1);
      },
      'topics alone': ({ get }) => {
        const { spec } = get('Job', 'release').spec.template;
        spec.containers = spec.initContainers.splice(0);
      },
    },
  },
  {
    rule: 'the release may write its one ConfigMap and nothing else',
    faults: {
      'all ConfigMaps': ({ get }) => {
        delete get('Role', 'release').rules[0].resourceNames;
      },
      'Secrets too': ({ get }) => {
        get('Role', 'release').rules.push({
          apiGroups: [''],
          resources: ['secrets'],
          verbs: ['get'],
        });
      },
      'another ConfigMap': ({ get }) => {
        get('Role', 'release').rules[0].resourceNames = ['schema-ids'];
      },
      'no binding': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('RoleBinding', 'release')), 1);
      },
    },
  },
  {
    rule: 'Kafka lets in who shows a certificate, and nobody else',
    faults: {
      'a plain door': ({ get }) => {
        const { listeners } = get('Kafka', 'fleetwire').spec.kafka;
        listeners.push({ name: 'plain', port: 9092, type: 'internal', tls: false });
      },
    },
  },
  {
    rule: 'no topic appears and no disk vanishes by itself',
    faults: {
      'topics by accident': ({ get }) => {
        delete get('Kafka', 'fleetwire').spec.kafka.config['auto.create.topics.enable'];
      },
      'disks that go with the pool': ({ get }) => {
        get('KafkaNodePool', 'brokers').spec.storage.volumes[0].deleteClaim = true;
      },
    },
  },
  {
    rule: 'every topic that a right names is there, with copies',
    faults: {
      'a topic of the registry has gone': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('KafkaTopic', 'kafkasql-journal')), 1);
      },
      'one copy': ({ get }) => {
        get('KafkaTopic', 'kafkasql-journal').spec.replicas = 1;
      },
    },
  },
];
