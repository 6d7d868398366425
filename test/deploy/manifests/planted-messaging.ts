// Faults of Kafka, EMQX and the network, each planted into a good installation.

import type { Tree } from '#deploy/check/manifests/manifest.ts';
import type { Planted } from './planted.ts';
import { triggerOf } from './planted-scaling.ts';
import type { Breakable } from './rendered.ts';

const acls = ({ get }: Breakable, user: string): Tree[] =>
  get('KafkaUser', user).spec.authorization.acls;

/** Of v2beta1: its text, one path a line. */
function configure({ get }: Breakable, from: string | RegExp, to: string): void {
  const { config } = get('EMQX', 'emqx').spec;
  const before = config.data;
  config.data = before.replace(from, to);
  if (config.data === before) throw new Error(`want ${from} in the configuration, found none`);
}

function setVariable({ get }: Breakable, name: string, value: string): void {
  const { env } = get('EMQX', 'emqx').spec.replicantTemplate.spec;
  env.find((one: Tree) => one.name === name).value = value;
}

export const messagingFaults: readonly Planted[] = [
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
    rule: 'the broker’s window, queue and heap for a bridge are those of tuning.yaml',
    faults: {
      'another window': (broken) => {
        setVariable(broken, 'EMQX_ZONES__BRIDGE__MQTT__MAX_INFLIGHT', '32');
      },
    },
  },
  {
    rule: 'the broker sends one car’s frames to one bridge',
    faults: {
      'in turn': (broken) => configure(broken, 'hash_topic', 'round_robin'),
      'another group': (broken) =>
        configure(broken, 'subscription_group.fleetwire.', 'subscription_group.bridges.'),
    },
  },
  {
    rule: 'the Services of the broker lead to nodes that are there',
    faults: {
      'no replicants': ({ get }) => {
        get('EMQX', 'emqx').spec.replicantTemplate.spec.replicas = 0;
      },
    },
  },
  {
    rule: 'more than one node of EMQX from 5.9 on has a licence',
    faults: {
      'three cores': ({ get }) => {
        get('EMQX', 'emqx').apiVersion = 'apps.emqx.io/v3beta1';
      },
    },
  },
  {
    rule: 'an EMQX that can evacuate does so at a set rate',
    faults: {
      'no rate': ({ get }) => {
        const broker = get('EMQX', 'emqx');
        broker.apiVersion = 'apps.emqx.io/v3beta1';
        delete broker.spec.updateStrategy;
      },
    },
  },
  {
    rule: 'certificates carry the names that clients connect to',
    faults: {
      'another Service': ({ tuning }) => {
        tuning.set('mqtt.url', 'mqtts://emqx.fleetwire.svc:8884');
      },
      'another store': ({ get }) => {
        get('Certificate', 'valkey-tls').spec.dnsNames = ['valkey'];
      },
    },
  },
  {
    rule: 'the bridge’s certificate has the name that the broker gives rights to',
    faults: {
      'another name': ({ get }) => {
        get('Certificate', 'bridge-mqtt-tls').spec.commonName = 'bridges';
      },
    },
  },
  {
    rule: 'cars and services have different authorities',
    faults: {
      'the authority of cars signs a bridge': ({ get }) => {
        get('Certificate', 'bridge-mqtt-tls').spec.issuerRef.name = 'emqx-cars-ca';
      },
    },
  },
  {
    rule: 'listeners ask for certificates, and the right authority’s',
    faults: {
      'no certificate asked for': (broken) =>
        configure(broken, /fail_if_no_peer_cert = true/, 'fail_if_no_peer_cert = false'),
      'what fits no rule is allowed': (broken) =>
        configure(broken, 'no_match = deny', 'no_match = allow'),
      'cars by our authority': (broken) =>
        configure(broken, '/etc/fleetwire/tls/cars/ca.crt', '/etc/fleetwire/tls/server/ca.crt'),
    },
  },
  {
    rule: 'nobody but a bridge hears the cars, and a car speaks for itself alone',
    faults: {
      'everybody hears the cars': ({ get }) => {
        const { data } = get('ConfigMap', 'emqx-acl');
        data['acl.conf'] = `{allow, all, subscribe, ["v1/up/#"]}.\n${data['acl.conf']}`;
      },
      'all is allowed at the end': ({ get }) => {
        const { data } = get('ConfigMap', 'emqx-acl');
        data['acl.conf'] = data['acl.conf'].replace('{deny, all}.', '{allow, all}.');
      },
    },
  },
  {
    rule: 'every edge that a service needs is open',
    faults: {
      'a way has gone': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('NetworkPolicy', 'bridge-to-kafka')), 1);
      },
      'KEDA is no peer of Kafka': ({ get }) => {
        const [listener] = get('Kafka', 'fleetwire').spec.kafka.listeners;
        listener.networkPolicyPeers = listener.networkPolicyPeers.filter(
          (peer: Tree) => peer.namespaceSelector === undefined,
        );
      },
      'another namespace watches': ({ get }) => {
        const [rule] = get('NetworkPolicy', 'state-from-prometheus').spec.ingress;
        rule.from[0].namespaceSelector.matchLabels['kubernetes.io/metadata.name'] = 'prometheus';
      },
    },
  },
  {
    rule: 'every other edge that was thought of is shut',
    faults: {
      'Valkey for everybody': ({ get }) => {
        delete get('NetworkPolicy', 'valkey-from-state').spec.ingress[0].from;
      },
      'nothing is denied': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('NetworkPolicy', 'deny-ingress')), 1);
      },
      'Kafka for everybody': ({ get }) => {
        delete get('Kafka', 'fleetwire').spec.kafka.listeners[0].networkPolicyPeers;
      },
      'cars by the door of bridges': ({ get }) => {
        get('NetworkPolicy', 'emqx-ingress').spec.ingress[0].ports[0].endPort = 8884;
      },
    },
  },
  {
    rule: 'pods can ask for names, and ours go nowhere but where they must',
    faults: {
      'no names': ({ get, objects }) => {
        for (const name of ['to-dns', 'to-dns-of-all']) {
          objects.splice(objects.indexOf(get('NetworkPolicy', name)), 1);
        }
      },
      'out to anywhere': ({ get }) => {
        get('NetworkPolicy', 'to-dns').spec.egress.push({ ports: [{ port: 443 }] });
      },
    },
  },
];
