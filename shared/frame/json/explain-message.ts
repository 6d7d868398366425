// A payload of JSON told value by value: where each stands, its unit, and whether it is in the
// range of the schema. The punctuation before the first value of an object or array, and that
// behind a value, is told as part of it, so that every byte is in some value.

import type { Explained } from '../explained.ts';
import type { Reason } from '../outcome.ts';
import { decodeMessage } from './decode-message.ts';
import { explainDocument, type Stretch, type Told, type Vocabulary } from './explain-document.ts';
import { measuredRange, schemaAt } from './schema.ts';

/** One entry for each envelope, or one for a payload that is refused as a whole. */
export function explainMessage(payload: Uint8Array): readonly Explained[] {
  const outcomes = decodeMessage(payload);
  const starts = outcomes.map(({ bytes }) => bytes.byteOffset - payload.byteOffset);
  return outcomes.map(({ bytes, reason }, index) => {
    const at = index === 0 ? 0 : (starts[index] as number);
    const end = starts[index + 1] ?? payload.length;
    const from = starts[index] as number;
    const document = { at: from, end: from + bytes.length };
    const name = outcomes.length === 1 ? 'envelope' : `envelope[${index}]`;
    return explainOne(payload, { at, end, document, name }, reason);
  });
}

interface Entry extends Stretch {
  readonly name: string;
}

function explainOne(payload: Uint8Array, entry: Entry, reason: Reason | null): Explained {
  const { name, at, end } = entry;
  const parts = explainDocument(payload, entry, { reason, vocabulary });
  return {
    name,
    at,
    end,
    raw: null,
    value: null,
    unit: '',
    verdict: reason === null ? 'ok' : 'broken',
    clause: 'envelope 1',
    meaning: 'One message of a vehicle.',
    expected: reason?.detail ?? null,
    parts,
  };
}

const vocabulary: Vocabulary = { clause: 'envelope 1', tell };

function tell(pointer: string, text: string | null): Told {
  const schema = schemaAt(pointer);
  if (schema === null) return {};
  const description = String(schema['description'] ?? '');
  const unit = unitPattern.exec(description)?.[1] ?? '';
  const meaning = description.replace(unitPattern, '').replace(/^, /, '').trim();
  const range = measuredRange(schema);
  if (range === null || text === null || text === 'null') return { unit, meaning };
  const isInside = Number(text) >= range.minimum && Number(text) <= range.maximum;
  if (isInside) return { unit, meaning };
  const expected = `${range.minimum}..${range.maximum}`;
  return { unit, meaning, verdict: 'out_of_range', expected };
}

const unitPattern = /\s*Unit: (\S+?)\.?(?=\s|$)/;
