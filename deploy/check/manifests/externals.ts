// What an installation refers to and does not make: who brings it. Secrets that operators make from
// rendered objects (KafkaUser, Kafka, Certificate) are derived and don't stand here.

export interface External {
  readonly kind: 'Secret' | 'ConfigMap' | 'PriorityClass' | 'ServiceAccount' | 'Issuer';
  readonly name: string;
  readonly reason: string;
}

const certificates = 'without the component mtls its certificate is brought by hand';

export const externals: readonly External[] = [
  { kind: 'Secret', name: 'emqx-server-tls', reason: certificates },
  { kind: 'Secret', name: 'emqx-cars-ca', reason: 'who signs the cars is known to their maker' },
  { kind: 'Secret', name: 'bridge-mqtt-tls', reason: certificates },
  { kind: 'Secret', name: 'valkey-tls', reason: certificates },
  { kind: 'Secret', name: 'state-valkey-tls', reason: certificates },
  { kind: 'Secret', name: 'emqx-dashboard', reason: 'the password of the broker’s dashboard' },
];
