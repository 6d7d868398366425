// A registry that a test makes as bad as it likes: real HTTP on a free port, every request noted.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface StubAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface RegistryStub {
  readonly url: string;
  /** `POST /subjects/x`, in order. */
  readonly requests: readonly string[];
  /** Authorization headers, in order. */
  readonly authorizations: readonly (string | undefined)[];
}

/** `answer` gives null where the stub shall keep silent for good. Closed with the test. */
export async function startRegistryStub(
  context: TestContext,
  answer: (request: string) => StubAnswer | null,
): Promise<RegistryStub> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    requests.push(line);
    authorizations.push(request.headers.authorization);
    request.resume();
    const found = answer(line);
    if (found === null) return;
    response.writeHead(found.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found.body));
  });
  await listen(server);
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/apis/ccompat/v7`, requests, authorizations };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

export const notFound: StubAnswer = {
  status: 404,
  body: { error_code: 40401, message: 'Subject not found.' },
};
