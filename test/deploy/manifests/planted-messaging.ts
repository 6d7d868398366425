// Faults of EMQX, certificates and the network, each planted into a good installation.

import type { Tree } from '#deploy/check/manifests/manifest.ts';
import type { Planted } from './planted.ts';
import type { Breakable } from './rendered.ts';

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
    rule: 'every file that the broker’s settings name is mounted',
    faults: {
      'another folder': (broken) =>
        configure(broken, '/etc/fleetwire/tls/cars/ca.crt', '/etc/fleetwire/cars/ca.crt'),
      'no volume': ({ get }) => {
        get('EMQX', 'emqx').spec.replicantTemplate.spec.extraVolumes.splice(1, 1);
      },
    },
  },
  {
    rule: 'the Services of the broker lead to its listeners',
    faults: {
      'no door for cars': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('Service', 'emqx-cars')), 1);
      },
      'another port': (broken) =>
        configure(broken, 'listeners.ssl.cars.bind = 8883', 'listeners.ssl.cars.bind = 8993'),
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
    rule: 'certificates are all made, or all brought',
    faults: {
      'one has gone': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('Certificate', 'state-valkey-tls')), 1);
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
      'people are no peer of Valkey': ({ get }) => {
        get('NetworkPolicy', 'valkey-from-state').spec.ingress[0].from.pop();
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
      'people at the dashboard of the broker': ({ get }) => {
        const { ingress } = get('NetworkPolicy', 'emqx-ingress').spec;
        const from = [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'toolbox' } } }];
        ingress.push({ from, ports: [{ port: 18_083 }] });
        get('NetworkPolicy', 'toolbox-to-kafka').spec.egress.push({ ports: [{ port: 18_083 }] });
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
