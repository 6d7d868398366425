// What only `fleetwire schemas apply` may do: look at whole subjects, register, set compatibility.

import { COMPATIBILITY, SchemaType } from '@kafkajs/confluent-schema-registry';
import type { SchemaVersion } from './compatibility.ts';
import { bounded, createRegistry, createRegistryClient, saidBy, statusOf } from './registry.ts';
import { askRegistry, type RegistryAccess, RegistryError } from './registry-http.ts';

/** The one level that we use. */
export const fullTransitive = 'FULL_TRANSITIVE';

export interface SubjectState {
  /** Of exactly the schema that was asked for; null: not registered. */
  readonly id: number | null;
  /** Empty: there is no such subject. */
  readonly versions: readonly SchemaVersion[];
  /** Of the subject itself; null: there is no such subject. */
  readonly compatibility: string | null;
}

/** Rejects as Registry does. */
export interface RegistryAdmin {
  look(subject: string, schemaText: string): Promise<SubjectState>;
  /** Answers the id. Rejects with SchemaRefusedError when the registry finds it incompatible. */
  register(subject: string, schemaText: string): Promise<number>;
  setFullTransitive(subject: string): Promise<void>;
}

/** The registry's own check said no. */
export class SchemaRefusedError extends Error {
  readonly code = 'SCHEMA_REFUSED';
}

export function createRegistryAdmin(access: RegistryAccess, signal?: AbortSignal): RegistryAdmin {
  const registry = createRegistry(access);
  const client = createRegistryClient(access);

  async function compatibilityOf(subject: string): Promise<string | null> {
    const path = `/config/${encodeURIComponent(subject)}`;
    const found = await askRegistry(access, { method: 'GET', path, signal });
    return found === null ? null : textField(found, 'compatibilityLevel', path);
  }

  async function setFullTransitive(subject: string): Promise<void> {
    const path = `/config/${encodeURIComponent(subject)}`;
    const body = { compatibility: fullTransitive };
    await askRegistry(access, { method: 'PUT', path, body, signal });
    const found = await compatibilityOf(subject);
    if (found !== fullTransitive) {
      throw new RegistryError(`${path}: want ${fullTransitive} after setting it, found ${found}`);
    }
  }

  async function versionsOf(subject: string): Promise<readonly SchemaVersion[]> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    const numbers = await askRegistry(access, { method: 'GET', path, signal });
    if (!Array.isArray(numbers)) return [];
    return Promise.all(
      numbers.map(async (number) => {
        const version = await askRegistry(access, {
          method: 'GET',
          path: `${path}/${number}`,
          signal,
        });
        return { label: `version ${number}`, text: textField(version, 'schema', path) };
      }),
    );
  }

  return {
    async look(subject, schemaText) {
      const id = await registry.findId(subject, schemaText, signal);
      const versions = await versionsOf(subject);
      return { id, versions, compatibility: await compatibilityOf(subject) };
    },
    async register(subject, schema) {
      // The client sets the level of a new subject, and refuses one that has another level. Made by
      // a bare POST, Apicurio gives a subject NONE whatever the global level says.
      const options = { subject, compatibility: COMPATIBILITY.FULL_TRANSITIVE };
      const registering = client.register({ type: SchemaType.AVRO, schema }, options);
      const bounds = { timeoutMs: access.registryTimeoutMs, signal };
      const registered = await bounded(bounds, registering).catch(refuse);
      if (registered === null) throw new RegistryError(`${subject} cannot be registered: 404`);
      if ((await compatibilityOf(subject)) !== fullTransitive) await setFullTransitive(subject);
      return registered.id;
    },
    setFullTransitive,
  };
}

/** 409 is the Confluent API's answer to an incompatible schema. */
function refuse(error: unknown): never {
  const cause = error instanceof RegistryError ? error.cause : undefined;
  if (statusOf(cause) !== 409) throw error;
  throw new SchemaRefusedError(saidBy(cause), { cause });
}

function textField(answer: unknown, name: string, path: string): string {
  const value = (answer as Record<string, unknown> | null)?.[name];
  if (typeof value === 'string') return value;
  throw new RegistryError(`${path}: want ${name} in the answer, found ${JSON.stringify(answer)}`);
}
