// A payload of the gateway told value by value: what each raw number means by the table of its
// edition, and the frame that was read from it.

import type { Explained } from '../explained.ts';
import { stateOf, valueOfRaw } from '../gb32960/field-value.ts';
import type { Element, ScalarField } from '../gb32960/layout.ts';
import { explainDocument, type Told, type Vocabulary } from '../json/explain-document.ts';
import { gatewayLimits } from '../json/limits.ts';
import { readDocument } from '../json/read-document.ts';
import { decodeMessage } from './decode-message.ts';
import { editionOfShape, isObject, type Source } from './edition-of-shape.ts';
import { bodyLayouts, type Keys, layouts, type Year } from './keys.ts';

export function explainMessage(payload: Uint8Array): readonly Explained[] {
  const [outcome] = decodeMessage(payload);
  const reason = outcome?.reason ?? null;
  const isRefused = outcome?.kind === 'reject';
  const whole = { at: 0, end: payload.length };
  const vocabulary = vocabularyOf(payload);
  const parts = explainDocument(payload, { ...whole, document: whole }, { reason, vocabulary });
  const codec = outcome?.frame?.codec ?? 'gb32960-gateway';
  return [
    {
      name: 'gateway message',
      ...whole,
      raw: null,
      value: null,
      unit: '',
      verdict: isRefused ? 'broken' : 'ok',
      clause: vocabulary.clause,
      meaning: `Read as ${codec}.`,
      expected: reason?.detail ?? null,
      parts,
    },
  ];
}

function vocabularyOf(payload: Uint8Array): Vocabulary {
  const read = readDocument(payload, gatewayLimits);
  const value = read.kind === 'value' ? read.value : null;
  const data = isObject(value) && isObject(value['Data']) ? value['Data'] : {};
  const command = isObject(value) ? value['Cmd'] : null;
  const shape = editionOfShape(typeof command === 'number' ? command : -1, data);
  const year: Year = shape.kind === 'edition' ? shape.year : 2016;
  return {
    clause: 'EMQX GB/T 32960 gateway',
    tell: (pointer, text) => {
      const field = fieldAt(pointer, { data, year, command });
      return field === null ? {} : toldOf(field, text);
    },
  };
}

interface Known {
  readonly data: Source;
  readonly year: Year;
  readonly command: unknown;
}

/** The row of the table that a value belongs to; null for one that has none. */
function fieldAt(pointer: string, { data, year, command }: Known): ScalarField | null {
  const [, root, ...steps] = pointer.split('/');
  if (root !== 'Data') return null;
  if (steps[0] !== 'Infos') return fieldIn(bodyLayouts[year][Number(command)], steps);
  const infos = data['Infos'];
  const info: unknown = Array.isArray(infos) ? infos[Number(steps[1])] : null;
  const type = isObject(info) ? String(info['Type']) : '';
  return Object.hasOwn(layouts[year], type) ? fieldIn(layouts[year][type], steps.slice(2)) : null;
}

interface Table {
  readonly elements: readonly Element[];
  readonly keys: Keys;
}

function fieldIn(
  table: Table | undefined,
  [name, ...steps]: readonly string[],
): ScalarField | null {
  if (table === undefined || name === undefined) return null;
  const { elements, keys } = table;
  const index = keys.findIndex((key) => (typeof key === 'string' ? key : key.list) === name);
  const [element, key] = [elements[index], keys[index]];
  if (element?.kind === 'scalar') return element;
  if (element?.kind === 'values') return steps.length === 1 ? element.element : null;
  if (element?.kind !== 'records' || typeof key !== 'object') return null;
  return fieldIn({ elements: element.entry, keys: key.entry }, steps.slice(1));
}

function toldOf(field: ScalarField, text: string | null): Told {
  const { unit, meaning, role } = field;
  const raw = Number(text);
  const isValue = role === 'number' || role === 'enum';
  if (text === null || !Number.isInteger(raw) || !isValue) return { meaning };
  const verdict = stateOf(field, raw);
  const value = valueOfRaw(field, raw);
  const expected = verdict === 'ok' ? null : `${field.rawMin}..${field.rawMax}`;
  return { unit, meaning, verdict, value: value === null ? null : `${value}`, expected };
}
