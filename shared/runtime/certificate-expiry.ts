// When our own client certificates end, for whoever has no cert-manager that says so.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gaugeFrom, type MetricsRegistry } from './metrics.ts';

/** What the certificate is shown to. */
export type CertificateUse = 'mqtt' | 'kafka' | 'redis';

/** Path of each certificate that is set. */
export type CertificateFiles = Readonly<Partial<Record<CertificateUse, string | undefined>>>;

/** They last weeks and are exchanged days before their end. */
const readAgainMs = 3_600_000;

/** One series for each file; `now` in milliseconds. */
export function registerCertificateExpiry(
  registry: MetricsRegistry,
  files: CertificateFiles,
  now: () => number = Date.now,
): void {
  const expiries = new Map<string, () => number>();
  for (const [use, file] of Object.entries(files)) {
    if (file !== undefined)
      expiries.set(
        use,
        hourly(() => expiryOf(file), now),
      );
  }
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_tls_certificate_expiry_timestamp_seconds',
      help: 'When our client certificate on disk ends, in Unix time; 0 where it cannot be read.',
      labels: { use: [...expiries.keys()] },
    },
    ({ use }) => expiries.get(use)?.() ?? 0,
  );
}

function hourly(read: () => number, now: () => number): () => number {
  let value = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (now() - readAt >= readAgainMs) {
      value = read();
      readAt = now();
    }
    return value;
  };
}

/** Of the first certificate in the file: those behind it are of the authorities that signed it. */
function expiryOf(file: string): number {
  try {
    return new X509Certificate(readFileSync(file)).validToDate.getTime() / 1000;
  } catch {
    return 0;
  }
}
