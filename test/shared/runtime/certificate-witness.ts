// A TLS server that wants client certificates, notes whose they are, and hangs up: each connection
// that a client makes anew shows what it has read from its files by then.

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createServer, type TLSSocket } from 'node:tls';
import { createAuthority } from '#deploy/local/certificates.ts';

export interface CertificateWitness {
  readonly port: number;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Puts a certificate of this name, and its key, into the files. */
  exchange(name: string): void;
  /** Resolves when a client has shown a certificate of this name. */
  seen(name: string): Promise<void>;
}

/** The files begin with a certificate for `first`. */
export async function startCertificateWitness(
  t: TestContext,
  first: string,
): Promise<CertificateWitness> {
  const authority = createAuthority('witness-authority');
  const { certPem: cert, keyPem: key } = authority.issue('witness');
  const names = new Set<string>();
  const waiting = new Map<string, () => void>();
  const options = { cert, key, ca: authority.certPem, requestCert: true };
  const server = createServer(options, (socket: TLSSocket) => {
    const name = String(socket.getPeerCertificate().subject?.CN);
    socket.on('error', () => undefined);
    socket.destroy();
    names.add(name);
    waiting.get(name)?.();
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dir = mkdtempSync(join(tmpdir(), 'fleetwire-certificates-'));
  t.after(() => {
    server.close();
    rmSync(dir, { recursive: true });
  });
  const [caFile, certFile, keyFile] = ['ca.crt', 'tls.crt', 'tls.key'].map((file) => {
    return join(dir, file);
  }) as [string, string, string];
  const exchange = (name: string) => {
    const own = authority.issue(name);
    writeFileSync(certFile, own.certPem);
    writeFileSync(keyFile, own.keyPem);
  };
  writeFileSync(caFile, authority.certPem);
  exchange(first);
  return {
    port: (server.address() as AddressInfo).port,
    ...{ caFile, certFile, keyFile, exchange },
    seen: (name) => {
      if (names.has(name)) return Promise.resolve();
      return new Promise((resolve) => waiting.set(name, resolve));
    },
  };
}
