// Certificates that cert-manager makes carry the names that the other side asks for.

import { type Fault, fault } from '../fault.ts';
import { find, type Manifest, nameOf, ofKind } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';

export const certificateRules: readonly Rule[] = [
  { promise: 'certificates carry the names that clients connect to', check: hosts },
  {
    promise: 'the bridge’s certificate has the name that the broker gives rights to',
    check: bridge,
  },
  { promise: 'certificates are all made, or all brought', check: whole },
  { promise: 'cars and services have different authorities', check: authorities },
];

/** Secret of a server → keys of tuning.yaml whose hosts it serves. */
const servers: Readonly<Record<string, readonly string[]>> = {
  'emqx-server-tls': ['mqtt.url', 'emqx.carsHost'],
  'valkey-tls': ['redis.url'],
};

function bySecret(objects: readonly Manifest[], name: string): Manifest | undefined {
  return ofKind(objects, 'Certificate').find(({ spec }) => spec.secretName === name);
}

function hosts({ objects, tuning }: Installation): readonly Fault[] {
  return Object.entries(servers).flatMap(([secret, keys]) => {
    const certificate = bySecret(objects, secret);
    if (certificate === undefined) return [];
    const names: readonly string[] = certificate.spec.dnsNames ?? [];
    return keys.flatMap((key) => {
      const value = tuning.get(key) ?? '';
      const host = URL.parse(value)?.hostname || value;
      if (names.includes(host)) return [];
      return [fault(nameOf(certificate), 'spec.dnsNames', `${host}, as in ${key}`, names)];
    });
  });
}

/** As acl.conf names it. */
const bridgeName = 'bridge';

function bridge({ objects }: Installation): readonly Fault[] {
  const certificate = bySecret(objects, 'bridge-mqtt-tls');
  if (certificate === undefined || certificate.spec.commonName === bridgeName) return [];
  return [fault(nameOf(certificate), 'spec.commonName', bridgeName, certificate.spec.commonName)];
}

/** Secret → whose neighbour it belongs to: with an external one it is brought. */
const owners: Readonly<Record<string, string>> = {
  'emqx-server-tls': 'EMQX/emqx',
  'bridge-mqtt-tls': 'EMQX/emqx',
  'valkey-tls': 'StatefulSet/valkey',
  'state-valkey-tls': 'StatefulSet/valkey',
};

function whole({ objects }: Installation): readonly Fault[] {
  const needed = Object.keys(owners).filter((secret) =>
    objects.some((object) => nameOf(object) === owners[secret]),
  );
  const missing = needed.filter((secret) => bySecret(objects, secret) === undefined);
  if (missing.length === needed.length) return [];
  return missing.map((secret) => {
    return fault(`Secret/${secret}`, '', 'a Certificate, as for the others', 'none');
  });
}

function authorities({ objects }: Installation): readonly Fault[] {
  const cars = bySecret(objects, 'emqx-cars-ca');
  if (cars === undefined) return [];
  const issuers = ofKind(objects, 'Issuer').filter(({ spec }) => spec.ca !== undefined);
  const ofCars = issuers.filter(({ spec }) => spec.ca.secretName === 'emqx-cars-ca');
  return ofKind(objects, 'Certificate')
    .filter(({ spec }) => ofCars.some(({ metadata }) => metadata.name === spec.issuerRef.name))
    .filter(({ metadata }) => find(objects, 'Certificate', metadata.name) !== cars)
    .map((certificate) => {
      const wanted = 'the authority of services: that of cars signs cars alone';
      return fault(nameOf(certificate), 'spec.issuerRef', wanted, certificate.spec.issuerRef.name);
    });
}
