// The settings of everything that needs schema ids; services spread this table into their own.

import { type ConfigOf, setting } from '../runtime/config.ts';
import { integer, text, url } from '../runtime/config-schemas.ts';

export const registrySettings = {
  registryUrl: setting({
    name: 'REGISTRY_URL',
    schema: url(['http', 'https']),
    example: 'http://registry:8080/apis/ccompat/v7',
    doc: 'Schema registry with the Confluent API; its path belongs to it. Services only read.',
  }),
  registryIdsFile: setting({
    name: 'REGISTRY_IDS_FILE',
    schema: text('the path of a file'),
    optional: true,
    example: '/etc/fleetwire/schema-ids.json',
    doc: 'Ids that `fleetwire schemas apply` wrote: where they fit, the registry is not asked.',
  }),
  registryTimeoutMs: setting({
    name: 'REGISTRY_TIMEOUT_MS',
    schema: integer({ min: 100, max: 60_000, unit: 'ms' }),
    default: 5_000,
    example: 2_000,
    doc: 'A request to the registry that takes longer has failed and is made again.',
  }),
  registryUser: setting({
    name: 'REGISTRY_USER',
    schema: text('a user name'),
    optional: true,
    example: 'fleetwire',
    doc: 'Signs in at the registry, together with the password.',
  }),
  registryPassword: setting({
    name: 'REGISTRY_PASSWORD',
    schema: text('a password'),
    optional: true,
    secret: true,
    example: 'REGISTRY_PASSWORD_FILE=/run/secrets/registry-password',
    doc: 'Of the registry user.',
  }),
};

export type RegistryConfig = ConfigOf<typeof registrySettings>;
