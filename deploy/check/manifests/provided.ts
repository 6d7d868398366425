// What an installation makes, or what operators make from it: Secrets and ConfigMaps with their
// keys, accounts, classes, issuers.

import { type Manifest, nameOf, ofKind } from './manifest.ts';

export interface Provided {
  /** Who makes it. */
  readonly by: string;
  /** undefined: not known, any will do. */
  readonly keys: readonly string[] | undefined;
}

const plain = ['ConfigMap', 'ServiceAccount', 'PriorityClass', 'Issuer', 'PersistentVolumeClaim'];

/** By `Secret/bridge`. */
export function providedBy(objects: readonly Manifest[]): ReadonlyMap<string, Provided> {
  const provided = new Map<string, Provided>();
  for (const kind of plain) {
    for (const object of ofKind(objects, kind)) {
      provided.set(nameOf(object), { by: nameOf(object), keys: keysOf(object) });
    }
  }
  for (const object of ofKind(objects, 'Secret')) {
    const keys = Object.keys({ ...object.data, ...object['stringData'] });
    provided.set(nameOf(object), { by: nameOf(object), keys });
  }
  for (const [name, made] of operatorSecrets(objects)) provided.set(`Secret/${name}`, made);
  return provided;
}

function keysOf(object: Manifest): readonly string[] | undefined {
  // An empty one is filled by somebody in the cluster.
  if (object.kind !== 'ConfigMap' || object.data === undefined) return undefined;
  return Object.keys({ ...object.data, ...object['binaryData'] });
}

const tlsUserKeys = ['ca.crt', 'user.crt', 'user.key', 'user.p12', 'user.password'];
const scramUserKeys = ['password', 'sasl.jaas.config'];
const caKeys = ['ca.crt', 'ca.p12', 'ca.password'];
const certificateKeys = ['ca.crt', 'tls.crt', 'tls.key'];

/** By the documentation of Strimzi 1.2 and cert-manager 1. */
function operatorSecrets(objects: readonly Manifest[]): readonly (readonly [string, Provided])[] {
  const users = ofKind(objects, 'KafkaUser').map((user) => {
    const isTls = user.spec.authentication?.type === 'tls';
    const keys = isTls ? tlsUserKeys : scramUserKeys;
    return [user.metadata.name, { by: nameOf(user), keys }] as const;
  });
  const authorities = ofKind(objects, 'Kafka').flatMap((kafka) =>
    ['cluster', 'clients'].map((ca) => {
      const name = `${kafka.metadata.name}-${ca}-ca-cert`;
      return [name, { by: nameOf(kafka), keys: caKeys }] as const;
    }),
  );
  const certificates = ofKind(objects, 'Certificate').map((certificate) => {
    const made = { by: nameOf(certificate), keys: certificateKeys };
    return [certificate.spec.secretName as string, made] as const;
  });
  return [...users, ...authorities, ...certificates];
}
