// What dev and prod may differ in, and why. What is not listed here is the same in both, so that
// what was tried in dev is what runs in prod.

import { type Fault, fault } from './fault.ts';
import { leavesOf, type Manifest, nameOf } from './manifest.ts';

export interface Difference {
  readonly object: RegExp;
  readonly path: RegExp;
  readonly reason: string;
}

/** Fields of objects that both have. */
export const allowedDifferences: readonly Difference[] = [
  {
    object: /^(Deployment|StatefulSet|Job|CronJob|EMQX)\//,
    path: /(^|\.)image$/,
    reason: 'by digest in prod, by tag in dev',
  },
  {
    object: /^(Deployment|Job|CronJob)\//,
    path: /\.configMapRef\.name$/,
    reason: 'the hash of settings that hold numbers of tuning.yaml',
  },
  {
    object: /^(Deployment|EMQX|Kafka)\//,
    path: /\.topologySpreadConstraints\[\d+\]\./,
    reason: 'one node in dev, zones in prod (components/spread-zones)',
  },
  {
    object: /^Kafka\//,
    path: /^spec\.kafka\.rack\./,
    reason: 'zones in prod (components/spread-zones)',
  },
  {
    object: /^(StatefulSet|EMQX|KafkaNodePool)\//,
    path: /\.resources\.(requests|limits)\.(cpu|memory)$|\.jvmOptions\.-Xm[sx]$/,
    reason: 'sizes of brokers and stores',
  },
  {
    object: /^StatefulSet\/valkey$/,
    path: /\.env\[\d+\]\.value$/,
    reason: 'how much it may hold follows from its memory',
  },
  {
    object: /^EMQX\//,
    path: /\.(coreTemplate|replicantTemplate)\.spec\.(replicas$|env\[\d+\]\.value$)/,
    reason: 'nodes, queues and rates of tuning.yaml',
  },
  {
    object: /^Service\/emqx-(cars|bridge)$/,
    path: /^spec\.selector\[apps\.emqx\.io\/db-role\]$/,
    reason: 'one core takes the connections in dev, replicants in prod',
  },
  {
    object: /^Service\/emqx-cars$/,
    path: /^spec\.(type|externalTrafficPolicy)$/,
    reason: 'cars come in from outside in prod',
  },
  {
    object: /^Kafka\//,
    path: /^spec\.kafka\.config\[.*(replication\.factor|min\.isr|min\.insync\.replicas)\]$/,
    reason: 'one broker in dev',
  },
  {
    object: /^KafkaNodePool\//,
    path: /^spec\.(replicas|roles\[\d\]|storage\.volumes\[0\]\.size)$/,
    reason: 'one node of both roles in dev (messaging/kafka/single-node)',
  },
  {
    object: /^KafkaTopic\//,
    path: /^spec\.(partitions|replicas|config\[min\.insync\.replicas\])$/,
    reason: 'partitions and copies of tuning.yaml',
  },
  {
    object: /^ScaledObject\//,
    path: /^spec\.(minReplicaCount|maxReplicaCount|fallback\.replicas)$/,
    reason: 'replicas of tuning.yaml',
  },
  {
    object: /^ScaledObject\//,
    path: /\.(lagThreshold|threshold|query|value|periodSeconds|stabilizationWindowSeconds)$/,
    reason: 'answers of `fleetwire keda plan` to other rates',
  },
  {
    object: /^PrometheusRule\/fleetwire-figures$/,
    path: /\.expr$/,
    reason: 'figures of tuning.yaml that alerts compare with',
  },
];

/** Objects that one of them has alone. */
export const allowedAlone: readonly (Omit<Difference, 'path'> & { readonly in: 'dev' | 'prod' })[] =
  [
    {
      object: /^KafkaNodePool\/controllers$/,
      in: 'prod',
      reason: 'dev has one node of both roles',
    },
    {
      object: /^NetworkPolicy\/(.*-of-all|(kafka|emqx|registry)-to-[a-z]+)$/,
      in: 'prod',
      reason: 'brokers are held to their edges too (components/restricted-egress)',
    },
  ];

type Leaves = ReadonlyMap<string, unknown>;

/** Differences that nobody has allowed. */
export function unexpectedDifferences(
  dev: readonly Manifest[],
  prod: readonly Manifest[],
): readonly Fault[] {
  const [inDev, inProd] = [leavesByName(dev), leavesByName(prod)];
  const names = new Set([...inDev.keys(), ...inProd.keys()]);
  return [...names].flatMap((name) => {
    const [one, other] = [inDev.get(name), inProd.get(name)];
    if (one === undefined) return aloneFaults(name, 'prod');
    if (other === undefined) return aloneFaults(name, 'dev');
    return fieldFaults(name, one, other);
  });
}

/** A generated name without its hash: the settings inside are compared field by field. */
function leavesByName(objects: readonly Manifest[]): ReadonlyMap<string, Leaves> {
  return new Map(
    objects.map((object) => {
      const isHashed = object.kind === 'ConfigMap' || object.kind === 'Secret';
      const bare = nameOf(object).replace(isHashed ? /-[a-z0-9]{10}$/ : '', '');
      const leaves = [...leavesOf(object)].filter(([path]) => path !== 'metadata.name');
      return [bare, new Map(leaves)];
    }),
  );
}

function aloneFaults(name: string, where: 'dev' | 'prod'): readonly Fault[] {
  if (allowedAlone.some((one) => one.in === where && one.object.test(name))) return [];
  return [fault(name, '', 'it in both overlays', `it in ${where} alone`)];
}

function fieldFaults(name: string, dev: Leaves, prod: Leaves): readonly Fault[] {
  const paths = new Set([...dev.keys(), ...prod.keys()]);
  return [...paths]
    .filter((path) => dev.get(path) !== prod.get(path))
    .filter((path) => !isAllowed(name, path))
    .map((path) => {
      const [one, other] = [dev.get(path), prod.get(path)].map((value) => JSON.stringify(value));
      return fault(name, path, 'the same in dev and prod', `${one} and ${other}`);
    });
}

function isAllowed(name: string, path: string): boolean {
  // Settings that hold numbers of tuning.yaml: which ones is checked against the table of services.
  if (/^ConfigMap\/(bridge|state|release|toolbox)-config$/.test(name)) return numbers.test(path);
  return allowedDifferences.some((one) => one.object.test(name) && one.path.test(path));
}

const numbers = /^data\.(BRIDGE_|TOPICS_|STREAM_|KAFKA_BROKERS|MQTT_URL|REGISTRY_URL|REDIS_URL)/;
