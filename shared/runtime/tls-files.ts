// PEM files of a client's TLS, read again for every connection: who issues certificates exchanges
// them on disk (a mounted Secret, cert-manager) while we run. Open connections go on with the old.

import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';

export interface TlsFiles {
  /** Without it the authorities that Node brings. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Opens the key where it is encrypted. */
  readonly keyPassword?: string | undefined;
}

/** Asked once for each connection. */
export type TlsSource = () => SecureContext;

/**
 * Throws as long as the files have never been good. Later, where they cannot be read or do not fit
 * (certificate and key are exchanged one after the other), it gives what was good last.
 */
export function tlsSource(files: TlsFiles): TlsSource {
  let last: SecureContext | null = null;
  return () => {
    try {
      last = contextOf(files);
    } catch (error) {
      if (last === null) throw error;
    }
    return last;
  };
}

/** OpenSSL refuses a key that is not the certificate's. */
function contextOf({ caFile, certFile, keyFile, keyPassword }: TlsFiles): SecureContext {
  return createSecureContext({
    ...(caFile !== undefined && { ca: readFileSync(caFile) }),
    ...(certFile !== undefined && { cert: readFileSync(certFile) }),
    ...(keyFile !== undefined && { key: readFileSync(keyFile) }),
    ...(keyPassword !== undefined && { passphrase: keyPassword }),
  });
}
