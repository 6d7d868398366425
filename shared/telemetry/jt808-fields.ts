// The fields of a JT/T 808 body for which the schema has no record of their own: each under its
// path, in the order of the bytes, as the layout table names them.

import type { BodyField } from '../avro/types.generated.ts';
import { editionOf } from '../frame/jt808/decode-frame.ts';
import type { Body, DeviceTime, Fields, Jt808Frame, Location } from '../frame/jt808/frame.ts';
import { replacement } from '../frame/jt808/gbk.ts';
import type { Element } from '../frame/jt808/layout.ts';
import { bodyLayout } from '../frame/jt808/layout-bodies.ts';
import { locationElements } from '../frame/jt808/layout-location.ts';
import { asBuffer } from './bytes.ts';

/** Kinds whose every field has a record, or is bytes. */
const recorded: ReadonlySet<Body['kind']> = new Set([
  'register',
  'auth',
  'can',
  'driver',
  'opaque',
  'part',
]);

export function fieldsOf(frame: Jt808Frame): readonly BodyField[] {
  const { body, messageId, protocolVersion } = frame;
  const fields: BodyField[] = [];
  if (protocolVersion !== null && protocolVersion !== 1) {
    fields.push(numberField('header.protocolVersion', protocolVersion));
  }
  if (recorded.has(body.kind)) return fields;
  const elements = bodyLayout(messageId, editionOf(frame))?.elements ?? [];
  // A location that was asked for is a Telemetry beside this record.
  const told =
    body.kind === 'locationAnswer' ? elements.filter(({ kind }) => kind !== 'location') : elements;
  addElements(fields, told, { source: body as unknown as Fields, path: '' });
  return fields;
}

/** Whether all texts of the body were GBK. */
export function isCleanText(body: Body): boolean {
  for (const value of Object.values(body)) {
    if (typeof value === 'string' && value.includes(replacement)) return false;
  }
  return true;
}

interface Place {
  readonly source: Fields;
  /** Of the source, with its dot at the end. */
  readonly path: string;
}

function addElements(fields: BodyField[], elements: readonly Element[], place: Place): void {
  for (const element of elements) {
    if (element.kind === 'maybe') addElements(fields, element.elements, place);
    else addElement(fields, element, place);
  }
}

type Named = Exclude<Element, { readonly kind: 'maybe' }>;

function addElement(fields: BodyField[], element: Named, { source, path }: Place): void {
  const value = source[element.name];
  if (value === undefined || value === null) return;
  const at = `${path}${element.name}`;
  switch (element.kind) {
    case 'scalar':
      fields.push(numberField(at, value as number));
      break;
    case 'text':
    case 'bcd':
      fields.push({ path: at, number: null, text: value as string, bytes: null });
      break;
    case 'time':
      fields.push(bytesField(at, (value as DeviceTime).raw));
      break;
    case 'bytes':
      fields.push(bytesField(at, value as Uint8Array));
      break;
    case 'location':
      addLocation(fields, value as Location, at);
      break;
    case 'values':
      for (const [index, entry] of (value as readonly number[]).entries()) {
        fields.push(numberField(`${at}[${index}]`, entry));
      }
      break;
    case 'records':
      for (const [index, entry] of (value as readonly Fields[]).entries()) {
        addElements(fields, element.entry, { source: entry, path: `${at}[${index}].` });
      }
      break;
    case 'locations':
      break;
  }
}

/** The basic part: nothing but 0x0200 and its answers has extra items. */
function addLocation(fields: BodyField[], location: Location, at: string): void {
  const source = location as unknown as Fields;
  addElements(fields, locationElements, { source, path: `${at}.` });
}

function numberField(path: string, number: number): BodyField {
  return { path, number, text: null, bytes: null };
}

function bytesField(path: string, bytes: Uint8Array): BodyField {
  return { path, number: null, text: null, bytes: asBuffer(bytes) };
}
