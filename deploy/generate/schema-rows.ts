// The fields of an Avro schema as rows of a data dictionary: path, type, unit, range, meaning.

import type { AvscField, AvscNode, AvscType } from './avro-types.ts';

export interface FieldRow {
  /** `packs[].cellVoltagesMv` */
  readonly path: string;
  readonly type: string;
  readonly unit: string;
  /** Range or values, as the schema's doc has them. */
  readonly range: string;
  readonly meaning: string;
}

/** Every field, those of records inside it after the field that holds them. */
export function fieldRows(schema: AvscNode): readonly FieldRow[] {
  return rowsOf(schema, '', new Map());
}

type Named = Map<string, AvscNode>;

function rowsOf({ fields = [] }: AvscNode, prefix: string, named: Named): readonly FieldRow[] {
  return fields.flatMap((field) => {
    const path = `${prefix}${field.name}`;
    const told = toldType(field.type, named);
    const row = rowOf(field, path, told.text);
    if (told.record === null) return [row];
    const inner = rowsOf(told.record, `${path}${told.isList ? '[]' : ''}.`, named);
    return [row, ...inner];
  });
}

interface Told {
  readonly text: string;
  /** Its fields follow. */
  readonly record: AvscNode | null;
  readonly isList: boolean;
}

function toldType(type: AvscType, named: Named): Told {
  if (typeof type === 'string') {
    const node = named.get(type);
    return node === undefined ? plain(type) : toldType(node, named);
  }
  if (isUnion(type)) {
    const others = type.filter((branch) => branch !== 'null');
    const told = toldType(others[0] ?? 'null', named);
    return others.length === type.length ? told : { ...told, text: `${told.text}, or null` };
  }
  if (type.name !== undefined) named.set(type.name, type);
  switch (type.type) {
    case 'record':
      return toldRecord(type, named);
    case 'array': {
      const items = toldType(type.items ?? 'null', named);
      return { ...items, text: `list of ${items.text}`, isList: true };
    }
    case 'fixed':
      return plain(`${type.size} bytes`);
    default:
      return plain(type.logicalType === 'timestamp-millis' ? 'time (long)' : `${type.type}`);
  }
}

/** A signal of the state, its value beside the time at which it held, is one row. */
function toldRecord(node: AvscNode, named: Named): Told {
  const { fields = [] } = node;
  const [value, time] = fields;
  const isSignal = fields.length === 2 && time?.name === 'eventTime' && value !== undefined;
  if (!isSignal) return { text: 'record', record: node, isList: false };
  return plain(`${toldType(value.type, named).text} with eventTime`);
}

function plain(text: string): Told {
  return { text, record: null, isList: false };
}

function isUnion(type: AvscType): type is readonly AvscType[] {
  return Array.isArray(type);
}

/** The doc of a field ends in its unit and its range or values. */
function rowOf({ doc }: AvscField, path: string, type: string): FieldRow {
  const [unit, afterUnit] = cut(doc, /(?:^|\s)Unit: (.+?)\.(?=\s|$)/);
  const [range, afterRange] = cut(afterUnit, /(?:^|\s)Range: (.+?)\.(?=\s|$)/);
  const [values, rest] = cut(afterRange, /(?:^|\s)Values: (.+)$/);
  const meaning = rest.replace(/\s*\bNo unit\.\s*/, ' ').trim();
  return {
    path,
    type,
    unit,
    range: [range, values.replace(/\.$/, '')].filter(Boolean).join('; '),
    meaning,
  };
}

/** What the pattern holds, and the text without it. */
function cut(text: string, pattern: RegExp): readonly [string, string] {
  const found = pattern.exec(text);
  if (found === null) return ['', text];
  return [(found[1] ?? '').replace(/\s*\bNo unit\.?\s*$/, ''), text.replace(pattern, '')];
}
