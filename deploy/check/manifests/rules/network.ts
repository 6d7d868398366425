// Who may talk to whom: exactly the edges that the product needs. The policies are simulated, since
// no cluster is here to enforce them.

import { type Fault, fault } from '../fault.ts';
import { find, type Manifest, ofKind, type Tree, workloadsOf } from '../manifest.ts';
import { type Endpoint, isAllowed, isLetIn, isLetOut, networkOf } from '../network.ts';
import { operatorPods } from '../operator-pods.ts';
import type { Installation, Rule } from '../rule.ts';

export const networkRules: readonly Rule[] = [
  { promise: 'every edge that a service needs is open', check: needed },
  { promise: 'every other edge that was thought of is shut', check: forbidden },
  { promise: 'pods can ask for names, and ours go nowhere but where they must', check: walls },
];

const namespace = 'fleetwire';

const stranger: Endpoint = { name: 'a stranger', namespace: 'default', labels: { app: 'x' } };
const neighbour: Endpoint = { name: 'a stranger beside us', namespace, labels: { app: 'x' } };
const internet: Endpoint = { name: 'the internet', namespace: '', labels: {}, ip: '203.0.113.9' };
const prometheus: Endpoint = {
  name: 'Prometheus',
  namespace: 'monitoring',
  labels: { 'app.kubernetes.io/name': 'prometheus' },
};
const keda: Endpoint = { name: 'KEDA', namespace: 'keda', labels: { app: 'keda-operator' } };
const emqxOperator: Endpoint = {
  name: 'the operator of EMQX',
  namespace: 'emqx-operator-system',
  labels: { 'control-plane': 'controller-manager' },
};
/** Of any address, outside of all pods. */
const kubernetes: Endpoint = { ...internet, name: 'the API server', ip: '198.51.100.1' };
const dns: Endpoint = {
  name: 'the name server',
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
};

/** Ports that a role listens on. A neighbour that is external has no pods here, and no edges. */
const ports = {
  ops: 9464,
  kafka: 9093,
  bridges: 8884,
  cars: 8883,
  registry: 8080,
  valkey: 6379,
  dashboard: 18_083,
  distribution: 4370,
  calls: 5370,
  replication: 9091,
  kafkaFigures: 9404,
  kubernetes: 6443,
} as const;

type Port = keyof typeof ports;

interface Cast {
  readonly bridge: readonly Endpoint[];
  readonly state: readonly Endpoint[];
  readonly release: readonly Endpoint[];
  readonly toolbox: readonly Endpoint[];
  readonly valkey: readonly Endpoint[];
  readonly emqx: readonly Endpoint[];
  readonly kafka: readonly Endpoint[];
  /** Brokers, controllers and Strimzi's helpers. */
  readonly kafkaAll: readonly Endpoint[];
  readonly registry: readonly Endpoint[];
}

function castOf(objects: readonly Manifest[]): Cast {
  const ours = (name: string) =>
    workloadsOf(objects)
      .filter(({ labels }) => labels['app.kubernetes.io/name'] === name)
      .map(({ object, labels, containers }) => ({
        name: object.metadata.name,
        namespace: object.metadata.namespace ?? namespace,
        labels,
        ports: portsOf(containers),
      }));
  const made = operatorPods(objects).map(({ owner, namespace: own, labels, ports: named }) => {
    return { name: owner, namespace: own ?? namespace, labels, ports: named };
  });
  const theirs = (kind: string) => made.filter(({ name }) => name.startsWith(`${kind}/`));
  return {
    bridge: ours('bridge'),
    state: ours('state'),
    release: ours('release'),
    toolbox: ours('toolbox'),
    valkey: ours('valkey'),
    emqx: theirs('EMQX'),
    kafka: theirs('Kafka').filter(({ labels }) => labels['strimzi.io/broker-role'] === 'true'),
    kafkaAll: theirs('Kafka'),
    registry: theirs('ApicurioRegistry3'),
  };
}

function portsOf(containers: readonly Tree[]): Readonly<Record<string, number>> {
  const all = containers.flatMap((container) => container.ports ?? []);
  return Object.fromEntries(all.map(({ name, containerPort }) => [name, containerPort]));
}

type Line = readonly [readonly Endpoint[], readonly Endpoint[], Port];

function neededLines(cast: Cast): readonly Line[] {
  const { bridge, state, release, toolbox, valkey, emqx, kafka, kafkaAll, registry } = cast;
  return [
    [bridge, emqx, 'bridges'],
    [bridge, kafka, 'kafka'],
    [bridge, registry, 'registry'],
    [state, kafka, 'kafka'],
    [state, registry, 'registry'],
    [state, valkey, 'valkey'],
    [release, kafka, 'kafka'],
    [release, registry, 'registry'],
    [toolbox, kafka, 'kafka'],
    [toolbox, registry, 'registry'],
    [toolbox, valkey, 'valkey'],
    [registry, kafka, 'kafka'],
    [[prometheus], bridge, 'ops'],
    [[prometheus], state, 'ops'],
    [[prometheus], emqx, 'dashboard'],
    [[prometheus], kafkaAll.filter(hasFigures), 'kafkaFigures'],
    [[keda], kafka, 'kafka'],
    [[emqxOperator], emqx, 'dashboard'],
    [emqx, emqx, 'distribution'],
    [emqx, emqx, 'calls'],
    [kafkaAll, kafka, 'replication'],
    [release, [kubernetes], 'kubernetes'],
    [kafkaAll, [kubernetes], 'kubernetes'],
    [[internet], serving(emqx), 'cars'],
  ];
}

function hasFigures({ ports }: Endpoint): boolean {
  return ports?.['tcp-prometheus'] !== undefined;
}

/** Where there are replicants, cars come to them and cores may stay shut. */
function serving(emqx: readonly Endpoint[]): readonly Endpoint[] {
  const replicants = emqx.filter(({ name }) => name.endsWith(' replicant'));
  return replicants.length > 0 ? replicants : emqx;
}

function forbiddenLines(cast: Cast): readonly Line[] {
  const { bridge, state, release, toolbox, valkey, emqx, kafka, registry } = cast;
  const strangers = [stranger, neighbour, internet];
  return [
    [strangers, emqx, 'bridges'],
    [strangers, emqx, 'dashboard'],
    [strangers, kafka, 'kafka'],
    [strangers, kafka, 'replication'],
    [strangers, emqx, 'distribution'],
    [strangers, registry, 'registry'],
    [strangers, valkey, 'valkey'],
    [strangers, bridge, 'ops'],
    [strangers, state, 'ops'],
    [strangers, release, 'ops'],
    [strangers, toolbox, 'ops'],
    [[prometheus, keda], toolbox, 'ops'],
    [[prometheus, keda], emqx, 'bridges'],
    [[prometheus, keda], valkey, 'valkey'],
    [[keda], bridge, 'ops'],
    [bridge, valkey, 'valkey'],
    [bridge, emqx, 'dashboard'],
    [bridge, state, 'ops'],
    [state, emqx, 'bridges'],
    [state, emqx, 'cars'],
    [state, bridge, 'ops'],
    [release, emqx, 'bridges'],
    [release, valkey, 'valkey'],
    [toolbox, emqx, 'bridges'],
    [toolbox, emqx, 'cars'],
    [toolbox, emqx, 'dashboard'],
    [toolbox, bridge, 'ops'],
    [toolbox, state, 'ops'],
    [valkey, kafka, 'kafka'],
    [registry, valkey, 'valkey'],
    [emqx, kafka, 'kafka'],
    [emqx, valkey, 'valkey'],
  ];
}

interface Question {
  readonly installation: Installation;
  readonly lines: (cast: Cast) => readonly Line[];
  readonly isWanted: boolean;
}

function ask({ installation: { objects }, lines, isWanted }: Question): readonly Fault[] {
  const network = networkOf(objects, namespace);
  return lines(castOf(objects)).flatMap(([sources, destinations, port]) =>
    sources.flatMap((from) =>
      destinations.flatMap((to) => {
        const edge = { from, to, port: ports[port] };
        if (isAllowed(network, edge) === isWanted) return [];
        const name = `${from.name} → ${to.name}:${edge.port}`;
        if (!isWanted) return [fault(name, '', 'it shut', 'it open')];
        const out = isLetOut(network, edge) ? '' : `no way out of ${from.name}; `;
        const into = isLetIn(network, edge) ? '' : `no way into ${to.name}`;
        return [fault(name, '', 'it open', `${out}${into}`)];
      }),
    ),
  );
}

function needed(installation: Installation): readonly Fault[] {
  return ask({ installation, lines: neededLines, isWanted: true });
}

function forbidden(installation: Installation): readonly Fault[] {
  return ask({ installation, lines: forbiddenLines, isWanted: false });
}

function walls({ objects }: Installation): readonly Fault[] {
  const network = networkOf(objects, namespace);
  const { bridge, state, release, toolbox, valkey, emqx, kafkaAll, registry } = castOf(objects);
  const faults: Fault[] = [];
  const ours = [...bridge, ...state, ...release, ...toolbox];
  for (const from of [...ours, ...emqx, ...kafkaAll, ...registry]) {
    const edge = { from, to: dns, port: 53, protocol: 'UDP' } as const;
    if (isAllowed(network, edge)) continue;
    faults.push(fault(`${from.name} → DNS`, '', 'it open', 'it shut'));
  }
  for (const from of [...bridge, ...state, ...toolbox, ...valkey]) {
    for (const port of [80, 443, 6443]) {
      if (!isAllowed(network, { from, to: internet, port })) continue;
      if (isExternal(objects, from.name)) continue;
      faults.push(fault(`${from.name} → the internet:${port}`, '', 'it shut', 'it open'));
    }
  }
  if (find(objects, 'Namespace', namespace) !== undefined) return faults;
  const name = ofKind(objects, 'Namespace').map(({ metadata }) => metadata.name);
  return [...faults, fault(`Namespace/${namespace}`, '', 'it', name)];
}

/** A policy that leads out of the cluster by address: a neighbour is external. */
function isExternal(objects: readonly Manifest[], name: string): boolean {
  return ofKind(objects, 'NetworkPolicy').some(
    ({ metadata, spec }) =>
      metadata.name.startsWith(`${name}-`) &&
      (spec.egress ?? []).some((rule: Tree) =>
        (rule.to ?? []).some((peer: Tree) => peer.ipBlock?.cidr.endsWith('/0')),
      ),
  );
}
