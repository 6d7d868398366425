// The signals of a vehicle's state as rows: each value with its unit and the time when it held.
// Led by the schema: whatever has an eventTime is a signal, or several that belong together.

import { recordWords, textOf } from './record-lines.ts';
import { type Field, type FieldType, fieldsOf } from './schema-fields.ts';

export interface Signal {
  /** `vehicle.speedKmh`, `motors[no=1].torqueNm` */
  readonly path: string;
  readonly value: unknown;
  readonly text: string;
  /** Empty: none. */
  readonly unit: string;
  /** Epoch ms. */
  readonly eventTime: number;
}

type Valued = Readonly<Record<string, unknown>>;

/** In the order of the schema; what the vehicle has never reported has no row. */
export function signalsOf(state: object): readonly Signal[] {
  return signalsIn(fieldsOf('state.v1'), state as Valued, '');
}

function signalsIn(fields: readonly Field[], value: Valued, path: string): readonly Signal[] {
  return fields.flatMap((field) => {
    const inner = value[field.name];
    if (inner === null || inner === undefined) return [];
    return signalsOfField(field, inner, `${path}${field.name}`);
  });
}

function signalsOfField(field: Field, value: unknown, path: string): readonly Signal[] {
  const { type } = field;
  if (type.kind === 'record') return signalsOfRecord(field, type.fields, value as Valued, path);
  if (type.kind !== 'list' || type.items.kind !== 'record') return [];
  const { fields } = type.items;
  const items = value as readonly Valued[];
  return items.flatMap((item) => signalsIn(fields, item, `${path}[${nameOf(item)}].`));
}

/** Motors and packs have numbers of their own, which an index would hide. */
function nameOf(item: Valued): string {
  const names = ['no', 'firstCell'].filter((name) => typeof item[name] === 'number');
  return names.map((name) => `${name}=${item[name]}`).join(' ');
}

function signalsOfRecord(
  { unit }: Field,
  fields: readonly Field[],
  value: Valued,
  path: string,
): readonly Signal[] {
  const { eventTime } = value;
  if (typeof eventTime !== 'number') return signalsIn(fields, value, `${path}.`);
  const parts = fields.filter(({ name }) => name !== 'eventTime' && value[name] !== null);
  return parts.map(({ name, type, unit: ownUnit }) => {
    const isAlone = name === 'value' || name === 'values';
    return {
      path: isAlone ? path : `${path}.${name}`,
      value: value[name],
      text: signalText(type, value[name]),
      unit: isAlone ? unit : ownUnit,
      eventTime,
    };
  });
}

function signalText(type: FieldType, value: unknown): string {
  if (type.kind !== 'list' || type.items.kind !== 'record') return textOf(type, value);
  const { fields } = type.items;
  return (value as readonly object[]).map((item) => recordWords(fields, item).join(' ')).join('; ');
}
