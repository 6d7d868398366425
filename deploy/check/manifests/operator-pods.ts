// Pods that operators make from our custom resources, with the labels that they carry: budgets,
// network policies and monitors select by these. Sources: Strimzi 1.2 (labels of its resources),
// EMQX Operator 2.2 and 3.0 references, Apicurio Registry operator 3.3.

import { type Manifest, nameOf, ofKind, type Tree } from './manifest.ts';

export interface OperatorPod {
  /** `Kafka/fleetwire brokers`. */
  readonly owner: string;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** By name where a monitor asks for it. */
  readonly ports: Readonly<Record<string, number>>;
}

export function operatorPods(objects: readonly Manifest[]): readonly OperatorPod[] {
  return [
    ...ofKind(objects, 'EMQX').flatMap(emqxPods),
    ...ofKind(objects, 'Kafka').flatMap((kafka) => kafkaPods(kafka, objects)),
    ...ofKind(objects, 'ApicurioRegistry3').map(registryPod),
  ];
}

function emqxPods(emqx: Manifest): readonly OperatorPod[] {
  const roles = [
    { role: 'core', template: emqx.spec.coreTemplate },
    { role: 'replicant', template: emqx.spec.replicantTemplate },
  ];
  return roles
    .filter(({ role, template }) => role === 'core' || template !== undefined)
    .map(({ role, template }) => ({
      owner: `${nameOf(emqx)} ${role}`,
      namespace: emqx.metadata.namespace,
      labels: {
        ...(template?.metadata?.labels ?? {}),
        'apps.emqx.io/instance': emqx.metadata.name,
        'apps.emqx.io/managed-by': 'emqx-operator',
        'apps.emqx.io/db-role': role,
      },
      // The operator adds the dashboard's port under this name.
      ports: { dashboard: 18_083, ...namedPorts(template?.spec?.ports) },
    }));
}

function namedPorts(ports: Tree): Readonly<Record<string, number>> {
  return Object.fromEntries((ports ?? []).map((one: Tree) => [one.name, one.containerPort]));
}

function kafkaPods(kafka: Manifest, objects: readonly Manifest[]): readonly OperatorPod[] {
  const { name: cluster, namespace } = kafka.metadata;
  const pools = ofKind(objects, 'KafkaNodePool').filter(
    ({ metadata }) => metadata.labels?.['strimzi.io/cluster'] === cluster,
  );
  const nodes = pools.map((pool) => ({
    owner: `${nameOf(kafka)} ${pool.metadata.name}`,
    namespace,
    labels: {
      ...strimziLabels(pool, cluster, 'kafka'),
      ...(kafka.spec.kafka?.template?.pod?.metadata?.labels ?? {}),
      'strimzi.io/pool-name': pool.metadata.name,
      'strimzi.io/broker-role': String(pool.spec.roles.includes('broker')),
      'strimzi.io/controller-role': String(pool.spec.roles.includes('controller')),
    },
    ports: { 'tcp-prometheus': 9404, 'tcp-clientstls': 9093 },
  }));
  const helper = (name: string, ports: Readonly<Record<string, number>>) => ({
    owner: `${nameOf(kafka)} ${name}`,
    namespace,
    labels: strimziLabels(kafka, cluster, name),
    ports,
  });
  const helpers = [];
  if (kafka.spec.entityOperator !== undefined) helpers.push(helper('entity-operator', {}));
  if (kafka.spec.kafkaExporter !== undefined) {
    helpers.push(helper('kafka-exporter', { 'tcp-prometheus': 9404 }));
  }
  return [...nodes, ...helpers];
}

/** A resource's own labels reach its pods, but for those by which Kubernetes' tools know things. */
function strimziLabels(owner: Manifest, cluster: string, component: string) {
  const own = Object.entries(owner.metadata.labels ?? {});
  return {
    ...Object.fromEntries(own.filter(([name]) => !name.startsWith('app.kubernetes.io/'))),
    'strimzi.io/kind': 'Kafka',
    'strimzi.io/name': `${cluster}-${component}`,
    'strimzi.io/cluster': cluster,
    'strimzi.io/component-type': component,
    'app.kubernetes.io/name': component,
    'app.kubernetes.io/instance': cluster,
    'app.kubernetes.io/part-of': `strimzi-${cluster}`,
    'app.kubernetes.io/managed-by': 'strimzi-cluster-operator',
  };
}

function registryPod(registry: Manifest): OperatorPod {
  const { name, namespace } = registry.metadata;
  return {
    owner: nameOf(registry),
    namespace,
    labels: {
      app: name,
      'app.kubernetes.io/name': 'apicurio-registry',
      'app.kubernetes.io/component': 'app',
      'app.kubernetes.io/instance': name,
      'app.kubernetes.io/part-of': 'apicurio-registry',
      'app.kubernetes.io/managed-by': 'apicurio-registry-operator',
    },
    ports: { http: 8080 },
  };
}
