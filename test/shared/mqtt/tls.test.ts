// A link over TLS with certificates on both sides. The keys were made for this test with openssl
// (prime256v1, 100 years, 127.0.0.1) and open nothing; the authority's key is gone.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import {
  createSecureContext,
  createServer,
  type SecureContextOptions,
  type TLSSocket,
} from 'node:tls';
import { generate, parser } from 'mqtt-packet';
import { Link } from '#shared/mqtt/link.ts';

function pem(name: string): Buffer {
  return readFileSync(new URL(`tls/${name}`, import.meta.url));
}

const ca = pem('ca.crt');
const own = { cert: pem('bridge.crt'), key: pem('bridge.key') };

interface TestContext {
  after(fn: () => void): void;
}

/** Opens a link to a broker that wants a certificate; answers with the name it showed. */
async function connectTls(t: TestContext, material: SecureContextOptions) {
  const options = { cert: pem('broker.crt'), key: pem('broker.key'), ca, requestCert: true };
  const names: string[] = [];
  const server = createServer(options, (socket: TLSSocket) => {
    names.push(String(socket.getPeerCertificate().subject?.CN));
    const parse = parser({ protocolVersion: 5 });
    parse.on('packet', ({ cmd }) => {
      if (cmd !== 'connect') return;
      const connack = { cmd: 'connack', sessionPresent: false, reasonCode: 0 } as const;
      socket.write(generate(connack, { protocolVersion: 5 }));
    });
    socket.on('data', (chunk: Buffer) => parse.parse(chunk));
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link = new Link(
    {
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      clientId: 'test',
      keepaliveSeconds: 15,
      connectTimeoutMs: 2000,
      receiveMaximum: 10,
      credentials: null,
      tls: () => createSecureContext(material),
    },
    1,
    () => ({ deliver: () => undefined, closed: () => undefined }),
  );
  t.after(() => {
    link.destroy('the test is over');
    server.close();
  });
  return { link, names };
}

test('shows its own certificate to a broker whose authority it trusts', async (t) => {
  const { link, names } = await connectTls(t, { ca, ...own });
  await link.connected;
  assert.deepEqual(names, ['bridge']);
});

test('does not talk to a broker whose authority it does not trust', async (t) => {
  const { link } = await connectTls(t, own);
  await assert.rejects(link.connected, /certificate/);
  assert.match(await link.closed, /certificate/);
});

test('is told why when it shows no certificate', async (t) => {
  const { link } = await connectTls(t, { ca });
  await assert.rejects(link.connected, /certificate required|alert|closed|ECONNRESET/i);
});
