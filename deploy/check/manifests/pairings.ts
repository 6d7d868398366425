// The installations that are offered: each overlay, each with each component, and components that
// people use together. All are rendered and held against every rule.

export interface Pairing {
  readonly overlay: 'dev' | 'prod';
  /** Folders of deploy/components, beside those of the overlay itself. */
  readonly components: readonly string[];
  /** Components of the overlay that are taken out. */
  readonly without?: readonly string[];
}

/** Each goes with each overlay. */
const every: readonly (readonly string[])[] = [
  ['canary'],
  ['external-emqx'],
  ['external-kafka'],
  ['external-redis'],
  ['external-registry'],
  ['emqx-operator-3'],
  ['signature-keys'],
];

/** A cloud that has all of it already. */
const allExternal = ['external-emqx', 'external-kafka', 'external-registry', 'external-redis'];

export const pairings: readonly Pairing[] = [
  { overlay: 'prod', components: [] },
  { overlay: 'dev', components: [] },
  ...every.map((components) => ({ overlay: 'prod', components }) as const),
  ...every.map((components) => ({ overlay: 'dev', components }) as const),
  { overlay: 'dev', components: ['spread-zones'] },
  { overlay: 'dev', components: ['restricted-egress'] },
  // Certificates by hand.
  { overlay: 'prod', components: [], without: ['mtls'] },
  { overlay: 'dev', components: [], without: ['mtls'] },
  { overlay: 'prod', components: [], without: ['spread-zones', 'restricted-egress'] },
  { overlay: 'prod', components: ['emqx-operator-3', 'emqx-operator-3/cluster'] },
  { overlay: 'prod', components: ['canary', 'emqx-operator-3', 'emqx-operator-3/cluster'] },
  { overlay: 'prod', components: ['canary', 'external-kafka'] },
  { overlay: 'prod', components: ['canary', 'signature-keys'] },
  { overlay: 'prod', components: ['external-kafka', 'external-registry'] },
  { overlay: 'prod', components: allExternal },
  { overlay: 'prod', components: allExternal, without: ['mtls'] },
  { overlay: 'dev', components: allExternal },
];

/** What else a person changes in tuning.yaml when choosing a component: its header says so. */
const tuningOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
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

/** One node is what EMQX from 5.9 on does without a licence. */
const oneNode = { 'emqx.cores': '1', 'emqx.replicants': '0', 'emqx.servingRole': 'core' };

export function changesOf({ components }: Pairing): Readonly<Record<string, string>> {
  const isOneNode =
    components.includes('emqx-operator-3') && !components.includes('emqx-operator-3/cluster');
  return Object.assign({}, ...components.map((name) => tuningOf[name]), isOneNode && oneNode);
}

export function titleOf({ overlay, components, without = [] }: Pairing): string {
  const words: string[] = [overlay];
  if (components.length > 0) words.push(`with ${components.join(', ')}`);
  if (without.length > 0) words.push(`without ${without.join(', ')}`);
  return words.join(' ');
}
