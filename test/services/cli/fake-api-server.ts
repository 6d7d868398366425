// A fake of the Kubernetes API server: real HTTPS on a free port with a certificate of the test's
// own authority; it notes what is asked and answers as the test says.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createAuthority } from '#deploy/local/certificates.ts';
import type { Environment } from '#shared/runtime/config.ts';

export interface ApiRequest {
  /** Method and URL. */
  readonly line: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: unknown;
}

export interface FakeApiServer {
  readonly requests: readonly ApiRequest[];
  /** As Kubernetes sets it in a pod. */
  readonly env: Environment;
  /** As Kubernetes mounts it. */
  readonly serviceAccountFolder: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Closed with the test. */
export async function startFakeApiServer(
  context: TestContext,
  answer: (request: ApiRequest) => ApiAnswer,
): Promise<FakeApiServer> {
  const authority = createAuthority('fake-cluster');
  const { certPem: cert, keyPem: key } = authority.issue('kube-apiserver');
  const requests: ApiRequest[] = [];
  const server = createServer({ cert, key }, async (request, response) => {
    const found = await requestOf(request);
    requests.push(found);
    const { status, body } = answer(found);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'fleetwire-service-account-'));
  writeFileSync(join(folder, 'namespace'), 'fleetwire\n');
  writeFileSync(join(folder, 'token'), 'a-token');
  writeFileSync(join(folder, 'ca.crt'), authority.certPem);
  context.after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(port) },
    serviceAccountFolder: folder,
  };
}

async function requestOf(request: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = await request.toArray();
  return {
    line: `${request.method} ${request.url}`,
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    body: JSON.parse(Buffer.concat(chunks).toString()),
  };
}
