// The installations that are offered: each overlay, each with each component, and components that
// people use together. All are rendered and held against every rule.

export interface Pairing {
  readonly overlay: 'dev' | 'prod';
  /** Folders of deploy/components, beside those of the overlay itself. */
  readonly components: readonly string[];
}

const every = [
  'canary',
  'mtls',
  'external-emqx',
  'external-kafka',
  'external-redis',
  'external-registry',
  'emqx-operator-3',
];

/** Components that prod has anyway. */
const ofProd = ['spread-zones', 'restricted-egress'];

export const pairings: readonly Pairing[] = [
  { overlay: 'prod', components: [] },
  { overlay: 'dev', components: [] },
  ...every.map((component) => ({ overlay: 'prod', components: [component] }) as const),
  ...[...every, ...ofProd].map((name) => ({ overlay: 'dev', components: [name] }) as const),
  { overlay: 'prod', components: ['emqx-operator-3', 'mtls'] },
  { overlay: 'prod', components: ['canary', 'mtls'] },
  { overlay: 'prod', components: ['external-kafka', 'external-registry'] },
  // A cloud that has all of it already.
  {
    overlay: 'prod',
    components: ['external-emqx', 'external-kafka', 'external-registry', 'external-redis'],
  },
];

/** What else a person changes in tuning.yaml when choosing a component: its header says so. */
export const tuningOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  canary: { 'images.canary': `registry.example.org/fleetwire@sha256:${'1'.repeat(64)}` },
  'external-kafka': {
    'kafka.bootstrapServers': 'kafka-0.example.com:9094,kafka-1.example.com:9094',
    'external.kafkaPort': '9094',
  },
  'external-emqx': { 'mqtt.url': 'mqtts://mqtt.example.com:8883', 'external.emqxPort': '8883' },
  'external-redis': {
    'redis.url': 'rediss://redis.example.com:6380',
    'external.redisPort': '6380',
  },
  'external-registry': {
    'registry.url': 'https://registry.example.com/apis/ccompat/v7',
    'external.registryPort': '443',
  },
};

export function titleOf({ overlay, components }: Pairing): string {
  return components.length === 0 ? overlay : `${overlay} with ${components.join(', ')}`;
}
