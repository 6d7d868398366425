// The one file that people edit: every key does something, every address leads somewhere.

import { type Fault, fault } from '../fault.ts';
import { find, leavesOf, nameOf, ofKind, type Tree } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';
import { planInputs, replacedKeys } from '../tuning.ts';

export const tuningRules: readonly Rule[] = [
  { promise: 'every key of tuning.yaml is read, and every key that is read is there', check: keys },
  { promise: 'sizes of brokers and stores are those of tuning.yaml', check: sizes },
  { promise: 'every address in tuning.yaml leads to a Service', check: addresses },
  { promise: 'the way out to each neighbour is open at the port of its address', check: wayOut },
];

const at = 'tuning.yaml';

/** Read by no replacement: the plan alone looks at them. */
function keys({ tuning }: Installation): readonly Fault[] {
  const replaced = replacedKeys();
  const inputs = new Set(planInputs());
  const unused = [...tuning.keys()]
    .filter((key) => !replaced.has(key) && !inputs.has(key))
    .map((key) => fault(at, key, 'a replacement or a plan that reads it', 'none'));
  const missing = [...inputs]
    .filter((key) => !tuning.has(key))
    .map((key) => fault(at, key, 'a value: `fleetwire keda plan` reads it', 'none'));
  return [...unused, ...missing];
}

/** Object, path, key. Where another owns the field (a scaler) it is absent. */
const sizePaths: readonly (readonly [string, string, string])[] = [
  ['KafkaNodePool/brokers', 'spec.replicas', 'kafka.brokers'],
  ['KafkaNodePool/brokers', 'spec.storage.volumes[0].size', 'kafka.brokerStorage'],
  ['KafkaNodePool/controllers', 'spec.replicas', 'kafka.controllers'],
  ['EMQX/emqx', 'spec.coreTemplate.spec.replicas', 'emqx.cores'],
  ['EMQX/emqx', 'spec.coreTemplate.spec.resources.limits.memory', 'emqx.coreMemory'],
  ['EMQX/emqx', 'spec.replicantTemplate.spec.replicas', 'emqx.replicants'],
  ['EMQX/emqx', 'spec.replicantTemplate.spec.resources.limits.memory', 'emqx.replicantMemory'],
  [
    'StatefulSet/valkey',
    'spec.template.spec.containers[0].resources.limits.memory',
    'valkey.memory',
  ],
];

function sizes({ objects, tuning }: Installation): readonly Fault[] {
  return sizePaths.flatMap(([name, path, key]) => {
    const object = objects.find((one) => nameOf(one) === name);
    const found = object && new Map(leavesOf(object)).get(path);
    if (found === undefined || String(found) === tuning.get(key)) return [];
    return [fault(name, path, `${key}, ${tuning.get(key)}`, found)];
  });
}

interface Made {
  readonly name: string;
  readonly ports: readonly number[];
}

function addresses({ objects, tuning }: Installation): readonly Fault[] {
  const services: readonly Made[] = [
    ...ofKind(objects, 'Service').map(({ metadata, spec }) => {
      return { name: metadata.name, ports: spec.ports.map(({ port }: Tree) => port as number) };
    }),
    ...ofKind(objects, 'Kafka').map(({ metadata, spec }) => ({
      name: `${metadata.name}-kafka-bootstrap`,
      ports: spec.kafka.listeners.map(({ port }: Tree) => port as number),
    })),
    ...ofKind(objects, 'ApicurioRegistry3').map(({ metadata }) => {
      return { name: `${metadata.name}-app-service`, ports: [8080] };
    }),
  ];
  const namespace = find(objects, 'Namespace', 'fleetwire')?.metadata.name ?? 'fleetwire';
  return [...tuning].flatMap(([key, value]) =>
    addressesIn(value).flatMap(({ host, port }) => {
      const [name, space, kind] = host.split('.');
      // Another namespace's and the world's are not rendered here.
      if (kind !== 'svc' || space !== namespace) return [];
      const service = services.find((one) => one.name === name);
      if (service === undefined) return [fault(at, key, `a Service ${name}`, 'none')];
      if (service.ports.includes(port)) return [];
      return [fault(at, key, `a port of ${name}: ${service.ports.join(', ')}`, String(port))];
    }),
  );
}

function addressesIn(value: string): readonly { readonly host: string; readonly port: number }[] {
  return [...value.matchAll(/([a-z0-9-]+(?:\.[a-z0-9-]+)+):(\d{2,5})\b/g)].map(
    ([, host, port]) => ({ host: host!, port: Number(port) }),
  );
}

/** The label `fleetwire.dev/edge` of a policy → the address that it opens. */
const edges: Readonly<Record<string, string>> = {
  kafka: 'kafka.bootstrapServers',
  emqx: 'mqtt.url',
  redis: 'redis.url',
  registry: 'registry.url',
};

function wayOut({ objects, tuning }: Installation): readonly Fault[] {
  return ofKind(objects, 'NetworkPolicy').flatMap((policy) => {
    const key = edges[policy.metadata.labels?.['fleetwire.dev/edge'] ?? ''];
    if (key === undefined) return [];
    const open = policy.spec.egress.flatMap((rule: Tree) => rule.ports ?? []);
    const found = open.map(({ port }: Tree) => String(port)).join(', ');
    return portsOf(tuning.get(key) ?? '')
      .filter((port) => !open.some((one: Tree) => String(one.port) === port))
      .map((port) => fault(nameOf(policy), 'spec.egress ports', `${port}, as in ${key}`, found));
  });
}

const usualPorts: Readonly<Record<string, string>> = {
  'http:': '80',
  'https:': '443',
  'mqtts:': '8883',
  'redis:': '6379',
  'rediss:': '6379',
};

function portsOf(address: string): readonly string[] {
  return address.split(',').flatMap((one) => {
    const url = URL.parse(one.includes('://') ? one : `kafka://${one}`);
    return url === null ? [] : [url.port || (usualPorts[url.protocol] ?? '')];
  });
}
