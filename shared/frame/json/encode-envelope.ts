// Envelopes to bytes: for simulators and tests. The inverse of decodeMessage for what its schema
// allows; an integer beyond 2^53 - 1 is written as a number again only where its caller says so.

import type { Envelope } from './envelope.ts';
import { envelopeFault } from './schema.ts';

/** An envelope without its version. */
export type EnvelopeInput = Omit<Envelope, 'v'>;

/** Throws RangeError for what the schema refuses. */
export function buildEnvelope(input: EnvelopeInput): Buffer {
  return Buffer.from(textOf(input), 'utf8');
}

/** Several in one payload. */
export function buildEnvelopes(inputs: readonly EnvelopeInput[]): Buffer {
  return Buffer.from(`[${inputs.map(textOf).join(',')}]`, 'utf8');
}

function textOf(input: EnvelopeInput): string {
  const envelope = { v: 1, ...input };
  const fault = envelopeFault(envelope);
  if (fault !== null) throw new RangeError(`${fault.pointer}: ${fault.detail}`);
  return JSON.stringify(envelope);
}
