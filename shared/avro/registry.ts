// The schema registry, asked and never changed. What registers is in apply.ts.

import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import {
  askRegistry,
  type RegistryAccess,
  RegistryError,
  refusal,
  signInOf,
} from './registry-http.ts';

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
    findId: async (subject, schema, signal) => {
      const wanted = { type: SchemaType.AVRO, schema } as const;
      const bounds = { timeoutMs, signal };
      const id = await bounded(bounds, client.getRegistryIdBySchema(subject, wanted));
      if (id === null) await requireApi(access, signal);
      return id;
    },
    schemaById: async (id, signal) => {
      const found = await bounded({ timeoutMs, signal }, client.getSchema(id));
      return found === null ? null : JSON.stringify(found);
    },
  };
}

/** A path that is wrong by one word answers every question with 404. */
export async function requireApi(access: RegistryAccess, signal?: AbortSignal): Promise<void> {
  const subjects = await askRegistry(access, { method: 'GET', path: '/subjects', signal });
  if (Array.isArray(subjects)) return;
  const { host } = signInOf(access);
  throw new RegistryError(`want the Confluent API at ${host}, found no list at ${host}/subjects`);
}

/** The client hangs for good on a registry that accepts and never answers: hence our own limits. */
export function createRegistryClient(access: RegistryAccess): SchemaRegistry {
  const { host, user, password } = signInOf(access);
  const timeout = access.registryTimeoutMs;
  return new SchemaRegistry({
    host,
    clientId: 'fleetwire',
    // The caller retries. The client keeps these options in a global: all of ours must be equal.
    retry: { retries: 0 },
    ...(user === '' ? {} : { auth: { username: user, password } }),
    // Frees the socket; `bounded` is what the caller can rely on.
    middlewares: [() => ({ prepareRequest: async (next) => (await next()).enhance({ timeout }) })],
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
  // A rejection after the race is over has no other owner.
  call.catch(() => {});
  try {
    signal.throwIfAborted();
    return await Promise.race([call, stopped.promise]);
  } catch (error) {
    bounds.signal?.throwIfAborted();
    if (isNotFound(error)) return null;
    const late = `no answer within ${bounds.timeoutMs} ms`;
    const detail = timeout.aborted ? late : saidBy(error);
    throw refusal(statusOf(error), detail, { cause: error });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The client wraps the 404 of a look-up by schema in a class of its own, without the status. */
function isNotFound(error: unknown): boolean {
  if (statusOf(error) === 404) return true;
  return error instanceof Error && error.name === 'ConfluentSchemaRegistryError';
}

/** HTTP status; the client answers 400 as well when nobody answered it. */
export function statusOf(error: unknown): number | undefined {
  const hasStatus = error instanceof Error && 'status' in error;
  return hasStatus && typeof error.status === 'number' ? error.status : undefined;
}

/** The client puts its own name and a made-up 400 before what happened. */
export function saidBy(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^fleetwire - (Error, status 400: )?/, '');
}
