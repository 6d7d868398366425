// The schema registry, asked and never changed. What registers is in apply.ts.

import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { FatalError } from '../runtime/retry.ts';
import type { RegistryConfig } from './settings.ts';

/** The part of the settings that says where the registry is. */
export type RegistryAccess = Pick<
  RegistryConfig,
  'registryUrl' | 'registryTimeoutMs' | 'registryUser' | 'registryPassword'
>;

/**
 * Every call ends within the timeout, or at once when the signal aborts. Rejects with RegistryError
 * when there is no usable answer and with FatalError when the registry refuses who we are.
 */
export interface Registry {
  /** The id under which the subject holds exactly this schema; null: it holds no such schema. */
  findId(subject: string, schemaText: string, signal?: AbortSignal): Promise<number | null>;
  /** Null: the registry has no such id. */
  schemaById(id: number, signal?: AbortSignal): Promise<string | null>;
}

export function createRegistry(access: RegistryAccess): Registry {
  const client = createRegistryClient(access);
  const timeoutMs = access.registryTimeoutMs;
  return {
    findId: (subject, schema, signal) => {
      const wanted = { type: SchemaType.AVRO, schema } as const;
      return bounded({ timeoutMs, signal }, client.getRegistryIdBySchema(subject, wanted));
    },
    schemaById: async (id, signal) => {
      const found = await bounded({ timeoutMs, signal }, client.getSchema(id));
      return found === null ? null : JSON.stringify(found);
    },
  };
}

/** No usable answer: away, too slow, or an answer that means nothing to us. */
export class RegistryError extends Error {
  readonly code = 'REGISTRY_UNAVAILABLE';

  constructor(detail: string, options?: ErrorOptions) {
    super(`the schema registry gave no usable answer: ${detail}`, options);
    this.name = 'RegistryError';
  }
}

/** The client hangs for good on a registry that accepts and never answers: hence our own timeouts. */
export function createRegistryClient(access: RegistryAccess): SchemaRegistry {
  const { registryUrl, registryTimeoutMs, registryUser, registryPassword } = access;
  const username = registryUser ?? '';
  return new SchemaRegistry({
    host: registryUrl,
    clientId: 'fleetwire',
    // The caller retries. The client keeps these options in a global: all of ours must be equal.
    retry: { retries: 0 },
    ...(username === '' ? {} : { auth: { username, password: registryPassword ?? '' } }),
    // Frees the socket; `bounded` is what the caller can rely on.
    middlewares: [
      () => ({
        prepareRequest: async (next) => (await next()).enhance({ timeout: registryTimeoutMs }),
      }),
    ],
  });
}

export interface Bounds {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Null for 404. The client's call itself cannot be stopped: its late answer goes nowhere. */
export async function bounded<T>(bounds: Bounds, call: Promise<T>): Promise<T | null> {
  const timeout = AbortSignal.timeout(bounds.timeoutMs);
  const signal = bounds.signal === undefined ? timeout : AbortSignal.any([timeout, bounds.signal]);
  const stopped = Promise.withResolvers<never>();
  const onAbort = () => stopped.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([call, stopped.promise]);
  } catch (error) {
    bounds.signal?.throwIfAborted();
    if (isNotFound(error)) return null;
    throw classified(error, timeout.aborted ? `no answer within ${bounds.timeoutMs} ms` : null);
  } finally {
    signal.removeEventListener('abort', onAbort);
    // A rejection after the race is over has no other owner.
    call.catch(() => {});
  }
}

/** The client wraps the 404 of a look-up by schema in a class of its own, without the status. */
function isNotFound(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return statusOf(error) === 404 || error.name === 'ConfluentSchemaRegistryError';
}

export function statusOf(error: Error): number | undefined {
  return 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

function classified(error: unknown, detail: string | null): Error {
  const cause = error instanceof Error ? error : new Error(String(error));
  const status = statusOf(cause);
  if (status === 401 || status === 403) {
    return new FatalError('REGISTRY_REFUSED', `the schema registry answers ${status}`, { cause });
  }
  return new RegistryError(detail ?? cause.message, { cause });
}
