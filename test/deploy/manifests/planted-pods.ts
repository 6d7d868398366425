// Faults of pods, their settings and their lives, each planted into a good installation.

import type { Tree } from '#deploy/check/manifests/manifest.ts';
import type { Planted } from './planted.ts';

const containerOf = (object: Tree): Tree => object.spec.template.spec.containers[0];

export const podFaults: readonly Planted[] = [
  {
    rule: 'every pod meets the restricted Pod Security profile',
    faults: {
      'may become root': ({ get }) => {
        containerOf(get('Deployment', 'state')).securityContext.allowPrivilegeEscalation = true;
      },
      'the host’s network': ({ get }) => {
        get('Deployment', 'bridge').spec.template.spec.hostNetwork = true;
      },
      'a folder of the host': ({ get }) => {
        const volume = { name: 'host', hostPath: { path: '/var' } };
        get('Job', 'release').spec.template.spec.volumes.push(volume);
      },
      'no seccomp profile': ({ get }) => {
        get('StatefulSet', 'valkey').spec.template.spec.securityContext.seccompProfile = undefined;
      },
      'Kafka as Strimzi leaves it': ({ get }) => {
        delete get('Kafka', 'fleetwire').spec.kafka.template.initContainer;
      },
      'a registry as its operator leaves it': ({ get }) => {
        delete get('ApicurioRegistry3', 'registry').spec.app.podTemplateSpec;
      },
      'EMQX with capabilities': ({ get }) => {
        get('EMQX', 'emqx').spec.coreTemplate.spec.containerSecurityContext.capabilities = {};
      },
    },
  },
  {
    rule: 'no root file system can be written',
    faults: {
      'a writable root': ({ get }) => {
        containerOf(get('Deployment', 'bridge')).securityContext.readOnlyRootFilesystem = false;
      },
    },
  },
  {
    rule: 'no pod has an API token that it does not need',
    faults: {
      'the default token': ({ get }) => {
        get('Deployment', 'state').spec.template.spec.automountServiceAccountToken = undefined;
      },
      'the default account': ({ get }) => {
        get('Deployment', 'state').spec.template.spec.serviceAccountName = 'default';
      },
    },
  },
  {
    rule: 'liveness asks no neighbour, and every probe has its port',
    faults: {
      'liveness by readiness': ({ get }) => {
        containerOf(get('Deployment', 'bridge')).livenessProbe.httpGet.path = '/readyz';
      },
      'a port that is not there': ({ get }) => {
        containerOf(get('Deployment', 'bridge')).readinessProbe.httpGet.port = 'http';
      },
      'no readiness': ({ get }) => {
        containerOf(get('Deployment', 'state')).readinessProbe = undefined;
      },
    },
  },
  {
    rule: 'memory is limited to what is requested, and CPU is requested',
    faults: {
      'memory without a limit': ({ get }) => {
        containerOf(get('Deployment', 'state')).resources.limits = {};
      },
    },
  },
  {
    rule: 'every service starts with the settings that it is given',
    faults: {
      'a misspelt setting': ({ get }) => {
        get('ConfigMap', 'bridge-config').data.BRIDGE_WINDOW = '4000';
      },
      'a setting of another room': ({ get }) => {
        get('ConfigMap', 'state-config').data.WINDOW_FRAMES = '4000';
      },
      'a value out of range': ({ get }) => {
        get('ConfigMap', 'bridge-config').data.BRIDGE_CONNECTIONS = '99';
      },
      'a required setting left out': ({ get }) => {
        delete get('ConfigMap', 'state-config').data.REDIS_URL;
      },
      'people are not told where states are': ({ get }) => {
        delete get('ConfigMap', 'toolbox-config').data.REDIS_URL;
      },
      'more copies wanted than there are': ({ get }) => {
        get('ConfigMap', 'release-config').data.TOPICS_MIN_ISR = '4';
      },
    },
  },
  {
    rule: 'the toolbox waits for somebody to start it, and ends by itself',
    faults: {
      'every new year': ({ get }) => {
        get('CronJob', 'toolbox').spec.suspend = false;
      },
      'for ever': ({ get }) => {
        delete get('CronJob', 'toolbox').spec.jobTemplate.spec.activeDeadlineSeconds;
      },
    },
  },
  {
    rule: 'every file that a setting names is mounted',
    faults: {
      'another folder': ({ get }) => {
        get('ConfigMap', 'bridge-config').data.KAFKA_TLS_CA_FILE = '/etc/kafka/ca.crt';
      },
      'a key that is not projected': ({ get }) => {
        const { data } = get('ConfigMap', 'state-config');
        data.KAFKA_TLS_CERT_FILE = data.KAFKA_TLS_CERT_FILE.replace('user.crt', 'tls.crt');
      },
    },
  },
  {
    rule: 'partitions, replication and acknowledgements of the release are those of the topics',
    faults: {
      'other partitions': ({ get }) => {
        get('ConfigMap', 'release-config').data.TOPICS_PARTITIONS = '12';
      },
    },
  },
  {
    rule: 'the window and the queue that the bridge knows are those of tuning.yaml',
    faults: {
      'another window': ({ get }) => {
        get('ConfigMap', 'bridge-config').data.BRIDGE_WINDOW_FRAMES = '100';
      },
    },
  },
  {
    rule: 'what has a ScaledObject names no replicas',
    faults: {
      'replicas beside KEDA': ({ get }) => {
        get('Deployment', 'state').spec.replicas = 4;
      },
    },
  },
  {
    rule: 'the drain ends well within the grace period',
    faults: {
      'a grace of 30 s': ({ get }) => {
        get('Deployment', 'state').spec.template.spec.terminationGracePeriodSeconds = 29;
      },
      'a drain of 60 s': ({ get }) => {
        get('ConfigMap', 'bridge-config').data.BRIDGE_DRAIN_MS = '60000';
      },
    },
  },
  {
    rule: 'every disruption budget holds exactly one workload and lets it move',
    faults: {
      'nothing may go': ({ get }) => {
        get('PodDisruptionBudget', 'bridge').spec.maxUnavailable = 0;
      },
      'one budget for all': ({ get }) => {
        const { spec } = get('PodDisruptionBudget', 'bridge');
        spec.selector = { matchLabels: { 'app.kubernetes.io/part-of': 'fleetwire' } };
      },
      'a budget for nobody': ({ get }) => {
        const { spec } = get('PodDisruptionBudget', 'state');
        spec.selector.matchLabels['app.kubernetes.io/name'] = 'stat';
      },
    },
  },
  {
    rule: 'every scaled Deployment has a disruption budget',
    faults: {
      'none for the bridge': ({ get, objects }) => {
        objects.splice(objects.indexOf(get('PodDisruptionBudget', 'bridge')), 1);
      },
    },
  },
  {
    rule: 'a rollout can be taken back, three times',
    faults: {
      'no history': ({ get }) => {
        get('Deployment', 'state').spec.revisionHistoryLimit = 0;
      },
    },
  },
  {
    rule: 'a rollout takes one pod at a time and does not exceed the partitions',
    faults: {
      'a surge of processors': ({ get }) => {
        get('Deployment', 'state').spec.strategy.rollingUpdate.maxSurge = 1;
      },
      'a bridge less': ({ get }) => {
        get('Deployment', 'bridge').spec.strategy = undefined;
      },
    },
  },
];
