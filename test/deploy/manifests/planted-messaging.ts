// Faults of scaling, Kafka, EMQX and the network, each planted into a good installation.

import type { Tree } from '#deploy/check/manifests/manifest.ts';
import type { Planted } from './planted.ts';
import type { Breakable } from './rendered.ts';

const trigger = ({ get }: Breakable): Tree => get('ScaledObject', 'state').spec.triggers[0];

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
    rule: 'no group has more members than partitions',
    faults: {
      'one more than partitions': ({ get }) => {
        get('ScaledObject', 'state').spec.maxReplicaCount = 97;
      },
      'no divisor where partitions are spread evenly': (broken) => {
        trigger(broken).metadata.ensureEvenDistributionOfPartitions = 'true';
        broken.get('ScaledObject', 'state').spec.maxReplicaCount = 11;
      },
      'a canary beside all partitions': ({ get, objects }) => {
        get('ScaledObject', 'state').spec.maxReplicaCount = 96;
        const canary = structuredClone(get('Deployment', 'state'));
        canary.metadata.name = 'state-canary';
        objects.push(canary);
      },
    },
  },
  {
    rule: 'nothing scales below one, outside dev not below two',
    faults: {
      'to zero': ({ get }) => {
        get('ScaledObject', 'bridge').spec.minReplicaCount = 0;
      },
      'to one': ({ get }) => {
        get('ScaledObject', 'state').spec.minReplicaCount = 1;
      },
      'idle at zero': ({ get }) => {
        get('ScaledObject', 'state').spec.idleReplicaCount = 0;
      },
    },
  },
  {
    rule: 'each input of a processor has exactly one trigger, with the names of the code',
    faults: {
      'an input without a trigger': ({ get }) => {
        get('ScaledObject', 'state').spec.triggers.pop();
      },
      'an input with two': (broken) => {
        broken.get('ScaledObject', 'state').spec.triggers.push({ ...trigger(broken), name: 'too' });
      },
      'another group': (broken) => {
        trigger(broken).metadata.consumerGroup = 'fleetwire-states';
      },
      'no authentication': (broken) => {
        trigger(broken).authenticationRef.name = 'kafka';
      },
    },
  },
  {
    rule: 'offsets that are not there count from the earliest, in KEDA as in the consumer',
    faults: {
      latest: (broken) => {
        trigger(broken).metadata.offsetResetPolicy = undefined;
      },
    },
  },
  {
    rule: 'no trigger has options that exclude each other or hide lag',
    faults: {
      'no cap': (broken) => {
        trigger(broken).metadata.allowIdleConsumers = 'true';
      },
      'both ways to limit': (broken) => {
        trigger(broken).metadata.ensureEvenDistributionOfPartitions = 'true';
        trigger(broken).metadata.limitToPartitionsWithLag = 'true';
      },
    },
  },
  {
    rule: 'lag thresholds are the rate of a replica times the delay budget',
    faults: {
      'KEDA’s default': (broken) => {
        trigger(broken).metadata.lagThreshold = '10';
      },
      'another budget': ({ tuning }) => {
        tuning.set('state.delayBudgetSeconds', '60');
      },
    },
  },
  {
    rule: 'the bridge scales by its own saturation, never by lag',
    faults: {
      'by lag': (broken) => {
        broken.get('ScaledObject', 'bridge').spec.triggers.push(trigger(broken));
      },
      'nothing found is zero': ({ get }) => {
        delete get('ScaledObject', 'bridge').spec.triggers[0].metadata.ignoreNullValues;
      },
      'another hold than threshold': ({ tuning }) => {
        tuning.set('bridge.saturationThreshold', '0.7');
      },
    },
  },
  {
    rule: 'scaling is calm, and blind scalers keep what there is',
    faults: {
      'no window down': ({ get }) => {
        const { advanced } = get('ScaledObject', 'state').spec;
        const { behavior } = advanced.horizontalPodAutoscalerConfig;
        behavior.scaleDown.stabilizationWindowSeconds = 60;
      },
      'a blind scaler scales in': ({ get }) => {
        get('ScaledObject', 'bridge').spec.fallback.behavior = 'static';
      },
    },
  },
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
    rule: 'pods of ours can ask for names, and nothing goes anywhere else',
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
