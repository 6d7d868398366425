// NetworkPolicies as a cluster that enforces them would apply them, over rendered objects: may this
// pod open a connection to that one? Strimzi's own policy for its listeners is added from the CR.

import { type Manifest, ofKind, selects, type Tree } from './manifest.ts';

export interface Endpoint {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Container ports by name, for policies that name them. */
  readonly ports?: Readonly<Record<string, number>>;
  /** An address outside of the cluster: no labels, no namespace of its own. */
  readonly ip?: string;
}

export interface Edge {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
}

export interface Network {
  readonly policies: readonly Manifest[];
  /** Labels of namespaces by name; those of Kubernetes itself are added. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Where objects go that name no namespace. */
  readonly namespace: string;
}

export function networkOf(objects: readonly Manifest[], namespace: string): Network {
  const namespaces = new Map(
    ofKind(objects, 'Namespace').map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
  );
  const policies = [
    ...ofKind(objects, 'NetworkPolicy'),
    ...ofKind(objects, 'Kafka').map((kafka) => listenerPolicy(kafka)),
  ];
  return { policies, namespaces, namespace };
}

/**
 * Strimzi 1.2 makes it: each listener open to its peers, to everybody where it names none; the
 * brokers' own ports open to the pods of the cluster.
 */
function listenerPolicy(kafka: Manifest): Manifest {
  const { name } = kafka.metadata;
  const listeners = kafka.spec.kafka.listeners.map((listener: Tree) => ({
    ports: [{ port: listener.port, protocol: 'TCP' }],
    ...(listener.networkPolicyPeers !== undefined && { from: listener.networkPolicyPeers }),
  }));
  const cluster = { podSelector: { matchLabels: { 'strimzi.io/cluster': name } } };
  const own = { ports: [{ port: 9090 }, { port: 9091 }], from: [cluster] };
  const ingress = [...listeners, own];
  const matchLabels = { 'strimzi.io/cluster': name, 'strimzi.io/name': `${name}-kafka` };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { ...kafka.metadata, name: `${name}-network-policy-kafka` },
    spec: { podSelector: { matchLabels }, policyTypes: ['Ingress'], ingress },
  };
}

/** Both ends must let it through: the egress of the one and the ingress of the other. */
export function isAllowed(network: Network, edge: Edge): boolean {
  return isLetOut(network, edge) && isLetIn(network, edge);
}

export function isLetOut(network: Network, edge: Edge): boolean {
  const held = policiesOf(network, edge.from, 'Egress');
  if (held.length === 0) return true;
  return held.some((policy) =>
    (policy.spec.egress ?? []).some(
      (rule: Tree) =>
        isPeer(network, policy, rule.to, edge.to) && isPort(rule.ports, edge, edge.to.ports),
    ),
  );
}

export function isLetIn(network: Network, edge: Edge): boolean {
  const held = policiesOf(network, edge.to, 'Ingress');
  if (held.length === 0) return true;
  return held.some((policy) =>
    (policy.spec.ingress ?? []).some(
      (rule: Tree) =>
        isPeer(network, policy, rule.from, edge.from) && isPort(rule.ports, edge, edge.to.ports),
    ),
  );
}

function policiesOf(network: Network, pod: Endpoint, type: 'Ingress' | 'Egress') {
  if (pod.ip !== undefined) return [];
  return network.policies.filter(({ metadata, spec }) => {
    const types = spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])];
    const isHere = (metadata.namespace ?? network.namespace) === pod.namespace;
    return isHere && types.includes(type) && selects(spec.podSelector, pod.labels);
  });
}

function isPeer(network: Network, policy: Manifest, peers: Tree, other: Endpoint): boolean {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some((peer: Tree) => {
    if (peer.ipBlock !== undefined) return isInBlock(peer.ipBlock, other);
    if (other.ip !== undefined) return false;
    const own = policy.metadata.namespace ?? network.namespace;
    const isHere =
      peer.namespaceSelector === undefined
        ? other.namespace === own
        : selects(peer.namespaceSelector, labelsOf(network, other.namespace));
    return isHere && (peer.podSelector === undefined || selects(peer.podSelector, other.labels));
  });
}

function labelsOf({ namespaces }: Network, namespace: string): Readonly<Record<string, string>> {
  return { 'kubernetes.io/metadata.name': namespace, ...(namespaces.get(namespace) ?? {}) };
}

/** Blocks are for addresses outside; those of pods change too fast to be named. */
function isInBlock({ cidr, except = [] }: Tree, { ip }: Endpoint): boolean {
  if (ip === undefined) return false;
  return isIn(ip, cidr) && !except.some((one: string) => isIn(ip, one));
}

function isIn(ip: string, cidr: string): boolean {
  const [base, bits = '32'] = cidr.split('/');
  if (ip.includes(':') || base!.includes(':')) return ip.includes(':') && bits === '0';
  const shift = 32 - Number(bits);
  return Math.floor(numberOf(ip) / 2 ** shift) === Math.floor(numberOf(base!) / 2 ** shift);
}

function numberOf(ip: string): number {
  return ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isPort(ports: Tree, { port, protocol = 'TCP' }: Edge, named: Endpoint['ports']): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some((one: Tree) => {
    if ((one.protocol ?? 'TCP') !== protocol) return false;
    if (one.port === undefined) return true;
    const from = typeof one.port === 'string' ? named?.[one.port] : one.port;
    return port >= from && port <= (one.endPort ?? from);
  });
}
