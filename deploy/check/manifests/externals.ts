// What an installation refers to and does not make: who brings it. Secrets that operators make from
// rendered objects (KafkaUser, Kafka, Certificate) are derived and don't stand here.

import type { Manifest } from './manifest.ts';

export interface External {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  /** Rendered objects of this kind make it themselves: then nobody else brings it. */
  readonly unless?: string;
  readonly reason: string;
}

const certificates = 'without the component mtls its certificate is brought by hand';
const foreignKafka = 'Kafka is external: its owner gives certificates under the same names';

export const externals: readonly External[] = [
  { kind: 'Secret', name: 'emqx-server-tls', reason: certificates },
  { kind: 'Secret', name: 'emqx-cars-ca', reason: 'who signs the cars is known to their maker' },
  { kind: 'Secret', name: 'bridge-mqtt-tls', reason: certificates },
  { kind: 'Secret', name: 'valkey-tls', reason: certificates },
  { kind: 'Secret', name: 'state-valkey-tls', reason: certificates },
  { kind: 'ConfigMap', name: 'signature-keys', reason: 'public keys are known to the cars’ maker' },
  { kind: 'Secret', name: 'emqx-licence', reason: 'components/emqx-operator-3/cluster: bought' },
  { kind: 'Secret', name: 'emqx-dashboard', reason: 'the password of the broker’s dashboard' },
  ...[
    'fleetwire-cluster-ca-cert',
    'bridge',
    'state',
    'release',
    'toolbox',
    'keda-lag',
    'registry',
  ].map((name) => ({ kind: 'Secret', name, unless: 'Kafka', reason: foreignKafka }) as const),
];

/** Of this installation. */
export function externalsOf(objects: readonly Manifest[]): readonly External[] {
  return externals.filter(({ unless }) => unless === undefined || !has(objects, unless));
}

function has(objects: readonly Manifest[], kind: string): boolean {
  return objects.some((object) => object.kind === kind);
}
