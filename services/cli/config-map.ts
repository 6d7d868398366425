// Writes one ConfigMap of the pod's own namespace, by server-side apply: whoever wrote it before,
// and whether it was there or not, afterwards our key has our value and all else is as it was.
//
// Rights: `patch`, and `create` for the first time. `create` can be limited to the name as well, as
// with server-side apply the name is in the URL (a POST would have it in the body, unseen by RBAC).
// `get` is not needed.

import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import type { Environment } from '#shared/runtime/config.ts';
import { CommandFailed } from './context.ts';

/** How a pod reaches its API server, and as whom. */
export interface ClusterAccess {
  readonly host: string;
  readonly port: number;
  readonly namespace: string;
  readonly token: string;
  /** PEM. */
  readonly ca: string;
}

export interface WantedConfigMap {
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
  /** 'report': the API server checks everything, rights too, and stores nothing. */
  readonly mode: 'apply' | 'report';
}

export interface ConfigMapApplied {
  readonly namespace: string;
  readonly name: string;
  readonly isNew: boolean;
}

const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';
const timeoutMs = 10_000;

/** Throws CommandFailed outside of a pod, and in one without a token. */
export function clusterAccess(
  env: Environment,
  folder: string = serviceAccountFolder,
): ClusterAccess {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) {
    throw new CommandFailed(
      '--config-map: want to run in a pod, found no KUBERNETES_SERVICE_HOST and …_PORT. ' +
        'Elsewhere write --ids-file schema-ids.json, then kubectl create configmap --from-file.',
    );
  }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  try {
    const [namespace, token] = [read('namespace').trim(), read('token').trim()];
    return { host, port: Number(port), namespace, token, ca: read('ca.crt') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CommandFailed(
      `--config-map: want namespace, token and ca.crt in ${folder}, found ${code}. ` +
        'Let the pod have its token: automountServiceAccountToken: true.',
      { cause: error },
    );
  }
}

/** Throws CommandFailed with what to do about it. */
export async function applyConfigMap(
  access: ClusterAccess,
  wanted: WantedConfigMap,
): Promise<ConfigMapApplied> {
  const { namespace } = access;
  const { name } = wanted;
  const place = `ConfigMap ${namespace}/${name}`;
  const { status, text } = await patch(access, wanted).catch((error: Error) => {
    const server = `the Kubernetes API at ${access.host}:${access.port}`;
    throw new CommandFailed(`${place}: want ${server}, found ${error.message}`, { cause: error });
  });
  if (status !== 200 && status !== 201) throw refusal(place, name, { status, text });
  return { namespace, name, isNew: status === 201 };
}

interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

function patch(access: ClusterAccess, wanted: WantedConfigMap): Promise<ApiAnswer> {
  const { host, port, namespace, token, ca } = access;
  // Force: the key is ours, also after somebody edited it by hand.
  const query = new URLSearchParams({ fieldManager: 'fleetwire', force: 'true' });
  if (wanted.mode === 'report') query.set('dryRun', 'All');
  const path = `/api/v1/namespaces/${namespace}/configmaps/${wanted.name}?${query}`;
  const body = JSON.stringify(objectOf(wanted, namespace));
  const headers = {
    authorization: `Bearer ${token}`,
    // JSON is YAML.
    'content-type': 'application/apply-patch+yaml',
    'content-length': Buffer.byteLength(body),
    accept: 'application/json',
  };
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const asked = request({ method: 'PATCH', host, port, path, headers, ca, signal, agent: false });
    asked.on('error', (error) => {
      reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error);
    });
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
    });
    asked.end(body);
  });
}

function objectOf({ name, data }: WantedConfigMap, namespace: string): object {
  const labels = {
    'app.kubernetes.io/name': 'release',
    'app.kubernetes.io/component': 'release',
    'app.kubernetes.io/part-of': 'fleetwire',
  };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data };
}

function refusal(place: string, name: string, { status, text }: ApiAnswer): CommandFailed {
  const found = `found ${status}: ${messageOf(text)}`;
  switch (status) {
    case 401:
      return new CommandFailed(`${place}: want a token that the API server accepts, ${found}`);
    case 403:
      return new CommandFailed(
        `${place}: want the rights patch and create, ${found}\n` +
          'Bind a Role to this ServiceAccount: apiGroups [""], resources [configmaps], ' +
          `resourceNames [${name}], verbs [create, patch]`,
      );
    case 404:
      return new CommandFailed(`${place}: want its namespace, ${found}`);
    default:
      return new CommandFailed(`${place}: want it stored, ${found}`);
  }
}

/** The API server answers with a Status object; what is before it (a proxy) may not. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Then as it is.
  }
  return text.slice(0, 200) || 'no body';
}
