// A client event of the broker told value by value.

import type { Explained } from '../explained.ts';
import { explainDocument, type Vocabulary } from '../json/explain-document.ts';
import { decodeMessage } from './decode-message.ts';

export function explainMessage(payload: Uint8Array): readonly Explained[] {
  const [outcome] = decodeMessage(payload);
  const reason = outcome?.reason ?? null;
  const whole = { at: 0, end: payload.length };
  const parts = explainDocument(payload, { ...whole, document: whole }, { reason, vocabulary });
  return [
    {
      name: 'client event',
      ...whole,
      raw: null,
      value: null,
      unit: '',
      verdict: reason === null ? 'ok' : 'broken',
      clause: 'EMQX $events',
      meaning: 'What the broker says of a connection.',
      expected: reason?.detail ?? null,
      parts,
    },
  ];
}

const units: Readonly<Record<string, string>> = {
  '/keepalive': 's',
  '/expiry_interval': 's',
  '/connected_at': 'ms',
  '/disconnected_at': 'ms',
  '/timestamp': 'ms',
};

const vocabulary: Vocabulary = {
  clause: 'EMQX $events',
  tell: (pointer) => ({ unit: units[pointer] ?? '' }),
};
