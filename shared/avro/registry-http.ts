// What the registry client cannot ask: versions of a subject, its compatibility, whether the API is
// there at all. Plain HTTP with a time limit; every call here is made at start or by a person.

import { FatalError } from '../runtime/retry.ts';
import type { RegistryConfig } from './settings.ts';

/** The part of the settings that says where the registry is and how to sign in. */
export type RegistryAccess = Pick<
  RegistryConfig,
  'registryUrl' | 'registryTimeoutMs' | 'registryUser' | 'registryPassword'
>;

export interface RegistryRequest {
  readonly method: 'GET' | 'PUT';
  /** Begins with a slash; below the path of the registry's URL. */
  readonly path: string;
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The answer's JSON, null for 404. Rejects with RegistryError when there is no usable answer, with
 * FatalError when the registry refuses who we are, with the signal's reason when it aborts.
 */
export async function askRegistry(
  access: RegistryAccess,
  request: RegistryRequest,
): Promise<unknown> {
  const { host, user, password } = signInOf(access);
  const timeout = AbortSignal.timeout(access.registryTimeoutMs);
  const { method, path, body, signal } = request;
  const headers: Record<string, string> = { accept: mediaType, 'content-type': mediaType };
  if (user !== '') headers['authorization'] = `Basic ${btoa(`${user}:${password}`)}`;
  const init: RequestInit = {
    method,
    headers,
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  try {
    const response = await fetch(`${host}${path}`, init);
    const text = await response.text();
    if (response.status === 404) return null;
    if (!response.ok) throw refusal(response.status, `${method} ${path}: ${text.slice(0, 200)}`);
    return JSON.parse(text) as unknown;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof FatalError || error instanceof RegistryError) throw error;
    const late = `no answer within ${access.registryTimeoutMs} ms`;
    throw new RegistryError(timeout.aborted ? late : reasonOf(error), { cause: error });
  }
}

/** No usable answer: away, too slow, or an answer that means nothing to us. */
export class RegistryError extends Error {
  readonly code = 'REGISTRY_UNAVAILABLE';

  constructor(detail: string, options?: ErrorOptions) {
    super(`the schema registry gave no usable answer: ${detail}`, options);
    this.name = 'RegistryError';
  }
}

/** The error for an answer that is no success. */
export function refusal(status: number | undefined, detail: string, options?: ErrorOptions): Error {
  if (status !== 401 && status !== 403) return new RegistryError(detail, options);
  const message = `the schema registry refuses us with ${status}: ${detail}`;
  return new FatalError('REGISTRY_REFUSED', message, options);
}

export interface SignIn {
  /** The registry's URL without credentials and without a slash at its end. */
  readonly host: string;
  /** Empty: none. */
  readonly user: string;
  readonly password: string;
}

/** Neither fetch nor the client takes a user and password out of a URL. */
export function signInOf(access: RegistryAccess): SignIn {
  const url = new URL(access.registryUrl);
  const user = access.registryUser ?? decodeURIComponent(url.username);
  const password = access.registryPassword ?? decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return { host: url.href.replace(/\/+$/, ''), user, password };
}

const mediaType = 'application/vnd.schemaregistry.v1+json';

/** fetch says `fetch failed` and hides why in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === '' ? error.message : `${error.message} (${code})`;
}
