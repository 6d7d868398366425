// A payload of the gateway told value by value: what each raw number means by the table of its
// message.

import type { Explained } from '../explained.ts';
import { explainDocument, type Told, type Vocabulary } from '../json/explain-document.ts';
import { gatewayLimits } from '../json/limits.ts';
import { readDocument } from '../json/read-document.ts';
import { type Edition, type Element, isInRange, type ScalarField } from '../jt808/layout.ts';
import { locationElements } from '../jt808/layout-location.ts';
import { decodeMessage } from './decode-message.ts';
import { isObject } from './draft.ts';
import { gatewayLayout, keyName, locationKeys, type Table } from './keys.ts';

export function explainMessage(payload: Uint8Array): readonly Explained[] {
  const [outcome] = decodeMessage(payload);
  const reason = outcome?.reason ?? null;
  const isRefused = outcome?.kind === 'reject';
  const whole = { at: 0, end: payload.length };
  const vocabulary = vocabularyOf(payload);
  const parts = explainDocument(payload, { ...whole, document: whole }, { reason, vocabulary });
  return [
    {
      name: 'gateway message',
      ...whole,
      raw: null,
      value: null,
      unit: '',
      verdict: isRefused ? 'broken' : 'ok',
      clause: vocabulary.clause,
      meaning: `Read as ${outcome?.frame?.codec ?? 'jt808-gateway'}.`,
      expected: reason?.detail ?? null,
      parts,
    },
  ];
}

function vocabularyOf(payload: Uint8Array): Vocabulary {
  const read = readDocument(payload, gatewayLimits);
  const root = read.kind === 'value' && isObject(read.value) ? read.value : {};
  const header = isObject(root['header']) ? root['header'] : {};
  const edition: Edition = header['proto_ver'] === undefined ? '2013' : '2019';
  const messageId = Number(header['msg_id']);
  const table: Table | null =
    messageId === 0x0200 ? locationTable : gatewayLayout(messageId, edition);
  return {
    clause: 'EMQX JT/T 808 gateway',
    tell: (pointer, text) => {
      const [, root, ...steps] = pointer.split('/');
      const field = root === 'body' && table !== null ? fieldIn(table, steps) : null;
      return field === null ? {} : toldOf(field, text);
    },
  };
}

const locationTable: Table = { elements: locationElements, keys: locationKeys };

function fieldIn({ elements, keys }: Table, [name, ...steps]: readonly string[]): Row | null {
  for (const [index, element] of elements.entries()) {
    const key = keys[index] ?? null;
    if (element.kind === 'maybe') {
      const inner = key !== null && typeof key === 'object' && 'maybe' in key ? key.maybe : [];
      const found = fieldIn({ elements: element.elements, keys: inner }, [name ?? '', ...steps]);
      if (found !== null) return found;
      continue;
    }
    if (key === null || keyName(key) !== name) continue;
    if (element.kind === 'location') return steps.length === 0 ? element : within(steps);
    if (element.kind === 'locations') return steps.length < 2 ? null : within(steps.slice(1));
    if (element.kind !== 'records') return element;
    const inner = typeof key === 'object' && 'list' in key ? key.entry : [];
    return fieldIn({ elements: element.entry, keys: inner }, steps.slice(1));
  }
  return null;
}

type Row = Exclude<Element, { readonly kind: 'maybe' | 'records' | 'locations' }>;

function within(steps: readonly string[]): Row | null {
  return fieldIn(locationTable, steps);
}

function toldOf(field: Row, text: string | null): Told {
  if (field.kind !== 'scalar') return { meaning: 'meaning' in field ? field.meaning : '' };
  const { unit, meaning } = field;
  const raw = Number(text);
  if (text === null || !Number.isInteger(raw)) return { meaning };
  if (isInRange(field, raw)) return { unit, meaning, value: plainValue(field, raw) };
  const expected = `${field.rawMin}..${field.rawMax}`;
  return { unit, meaning, value: plainValue(field, raw), verdict: 'out_of_range', expected };
}

function plainValue({ names, divisor }: ScalarField, raw: number): string | null {
  return names === null ? `${raw / divisor}` : (names[raw] ?? null);
}
