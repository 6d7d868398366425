// A body told in the order of its bytes, as the layout table lays it out: each field in a leaf,
// lists and locations as parts, and where the bytes end too early the place where they do.

import { explained, hexByte, hexBytes, partOf } from '../explain-parts.ts';
import type { Explained } from '../explained.ts';
import { timeSize } from './bcd.ts';
import {
  explainBcd,
  explainBytes,
  explainScalar,
  explainText,
  explainTime,
  type Unit,
} from './explain-field.ts';
import { readWord } from './integers.ts';
import type { Element, MaybeGroup, RecordList, ValueList } from './layout.ts';
import { basicSize, extraLayout, locationClause, locationElements } from './layout-location.ts';
import { sizeMinOfAll } from './layout-size.ts';

/** Fields so far, and where the next one begins. */
export interface Walk {
  readonly parts: Explained[];
  readonly scope: Map<string, number>;
  at: number;
  /** Value of the last `size` scalar. */
  size: number;
  isBroken: boolean;
}

export function openWalk(at: number): Walk {
  return { parts: [], scope: new Map(), at, size: 0, isBroken: false };
}

/** Walks on; stops at the first field that does not fit. */
export function walkElements(unit: Unit, walk: Walk, elements: readonly Element[]): void {
  for (const element of elements) {
    if (walk.isBroken) return;
    walkElement(unit, walk, element);
  }
}

function walkElement(unit: Unit, walk: Walk, element: Element) {
  switch (element.kind) {
    case 'maybe':
      return walkMaybe(unit, walk, element);
    case 'values':
      return walkValues(unit, walk, element);
    case 'records':
      return walkRecords(unit, walk, element);
    case 'locations':
      return walkBatch(unit, walk, element.name, element.countName);
    case 'location':
      return walkLocation(unit, walk, element.name, element.extent);
    default:
      return walkField(unit, walk, element);
  }
}

type Field = Extract<Element, { readonly kind: 'scalar' | 'time' | 'bcd' | 'text' | 'bytes' }>;

function walkField(unit: Unit, walk: Walk, field: Field) {
  const size = sizeOf(unit, walk, field);
  if (unit.end - walk.at < size) return breakOff(unit, walk, field.name, `${size} bytes`);
  const at = walk.at;
  const range = { at, end: at + size };
  walk.at += size;
  switch (field.kind) {
    case 'scalar': {
      const told = explainScalar(unit, field, at, walk.scope);
      walk.scope.set(field.name, Number(told.raw));
      if (field.role === 'size') walk.size = Number(told.raw);
      walk.parts.push(told);
      return;
    }
    case 'time':
      walk.parts.push(explainTime(unit, field, at));
      return;
    case 'bcd':
      walk.parts.push(explainBcd(unit, field, at));
      return;
    case 'text':
      if (size > 0) walk.parts.push(explainText(unit, field, range));
      return;
    case 'bytes':
      if (size > 0) walk.parts.push(explainBytes(unit, field, range));
  }
}

function sizeOf(unit: Unit, walk: Walk, field: Field): number {
  switch (field.kind) {
    case 'scalar':
    case 'bcd':
      return field.size;
    case 'time':
      return timeSize;
    case 'text':
    case 'bytes':
      if (typeof field.extent === 'number') return field.extent;
      return field.extent === 'rest' ? unit.end - walk.at : walk.size;
  }
}

/** The rest belongs to a field that is not all there. */
function breakOff(unit: Unit, walk: Walk, name: string, wanted: string) {
  const { at } = walk;
  walk.parts.push(
    explained({
      ...{ name, at, end: unit.end, verdict: 'broken', clause: unit.clause },
      raw: at === unit.end ? null : hexBytes(unit.bytes.subarray(at, unit.end)),
      expected: `${wanted}, found ${unit.end - at}`,
    }),
  );
  walk.at = unit.end;
  walk.isBroken = true;
}

/** As the reader has it: a group that need not be there and does not fit is left over. */
function walkMaybe(unit: Unit, walk: Walk, { firm, elements }: MaybeGroup) {
  const isFirm = firm !== null && walk.scope.get(firm.name) === firm.value;
  if (walk.at === unit.end && !(isFirm && firm.isNeeded)) return;
  const inner: Walk = { ...walk, parts: [], scope: new Map(walk.scope) };
  walkElements(unit, inner, elements);
  if (inner.isBroken && !isFirm) return;
  walk.parts.push(...inner.parts);
  for (const [name, raw] of inner.scope) walk.scope.set(name, raw);
  walk.at = inner.at;
  walk.isBroken = inner.isBroken;
}

function walkValues(unit: Unit, walk: Walk, { name, countName, element }: ValueList) {
  const count = walk.scope.get(countName) ?? 0;
  for (let index = 0; index < count; index += 1) {
    const field = { ...element, name: `${name}[${index}]` };
    if (unit.end - walk.at < element.size) {
      return breakOff(
        unit,
        walk,
        field.name,
        `${element.size} bytes, since ${countName} is ${count}`,
      );
    }
    walk.parts.push(explainScalar(unit, field, walk.at, walk.scope));
    walk.at += element.size;
  }
}

function walkRecords(unit: Unit, walk: Walk, { name, countName, entry }: RecordList) {
  const count = walk.scope.get(countName) ?? 0;
  const entryMin = sizeMinOfAll(entry);
  for (let index = 0; index < count && !walk.isBroken; index += 1) {
    const entryName = `${name}[${index}]`;
    if (unit.end - walk.at < entryMin) {
      const wanted = `${entryMin} bytes at least, since ${countName} is ${count}`;
      return breakOff(unit, walk, entryName, wanted);
    }
    const inner = openWalk(walk.at);
    walkElements(unit, inner, entry);
    addPart(unit, walk, entryName, inner);
  }
}

function addPart(unit: Unit, walk: Walk, name: string, inner: Walk) {
  walk.parts.push(partOf({ name, clause: unit.clause }, inner.parts));
  walk.at = inner.at;
  walk.isBroken = inner.isBroken;
}

function walkBatch(unit: Unit, walk: Walk, name: string, countName: string) {
  const count = walk.scope.get(countName) ?? 0;
  for (let index = 0; index < count && !walk.isBroken; index += 1) {
    const left = unit.end - walk.at;
    const length = left < 2 ? 0 : readWord(unit.bytes, walk.at);
    if (length < basicSize || length > left - 2) {
      const isRoom = left >= 2 + basicSize;
      const wanted = isRoom
        ? `a length of ${basicSize} to ${left - 2}, it says ${length}`
        : `${2 + basicSize} bytes at least, since ${countName} is ${count}`;
      return breakOff(unit, walk, `${name}[${index}]`, wanted);
    }
    const inner = openWalk(walk.at);
    const row = { name: 'length', at: walk.at, end: walk.at + 2, raw: `${length}` };
    inner.parts.push(explained({ ...row, value: `${length}`, unit: 'bytes', clause: unit.clause }));
    inner.at += 2;
    walkLocationFields({ ...unit, end: inner.at + length }, inner);
    addPart(unit, walk, `${name}[${index}]`, inner);
  }
}

/** A part, which `explainContent` opens where it is all of the body. */
function walkLocation(unit: Unit, walk: Walk, name: string, extent: 'basic' | 'rest') {
  const isBasic = extent === 'basic';
  if (unit.end - walk.at < basicSize) {
    const inner = openWalk(walk.at);
    walkElements({ ...unit, clause: locationClause }, inner, locationElements);
    return addPart(unit, walk, name, inner);
  }
  const inner = openWalk(walk.at);
  walkLocationFields({ ...unit, end: isBasic ? walk.at + basicSize : unit.end }, inner);
  addPart(unit, walk, name, inner);
}

function walkLocationFields(unit: Unit, walk: Walk): void {
  walkElements({ ...unit, clause: locationClause }, walk, locationElements);
  while (walk.at < unit.end) walkExtra(unit, walk);
}

/** Tolerant: an item that does not fit is marked, and the basic part stands. */
function walkExtra(unit: Unit, walk: Walk): void {
  const { bytes, end } = unit;
  const { at } = walk;
  const id = bytes[at] as number;
  const length = bytes[at + 1] ?? 0;
  const dataAt = at + 2;
  const isCut = dataAt + length > end;
  const layout = isCut ? null : extraLayout(id, length);
  const name = `item ${hexByte(id)}${layout === null ? '' : ` ${layout.name}`}`;
  if (isCut) {
    const wanted = dataAt > end ? 'a length, found none' : `${length} bytes, found ${end - dataAt}`;
    const raw = hexBytes(bytes.subarray(at, end));
    const told = { name, at, end, raw, clause: locationClause, expected: wanted };
    walk.parts.push(explained({ ...told, verdict: 'broken', meaning: 'Ends the list of items.' }));
    walk.at = end;
    return;
  }
  const clause = layout?.clause ?? locationClause;
  const inner = openWalk(dataAt);
  const head = { clause, unit: '', verdict: 'ok' } as const;
  inner.parts.push(
    explained({ ...head, name: 'id', at, end: at + 1, raw: `${id}`, value: hexByte(id) }),
    explained({
      ...{ ...head, name: 'length', at: at + 1, end: dataAt, raw: `${length}` },
      ...{ value: `${length}`, unit: 'bytes' },
    }),
  );
  const within = { ...unit, end: dataAt + length, clause };
  if (layout !== null) walkElements(within, inner, layout.elements);
  else if (length > 0) inner.parts.push({ ...opaqueData(within, dataAt) });
  const meaning = layout?.meaning ?? 'Kept as bytes: no layout for this id and length.';
  walk.parts.push(partOf({ name, clause, meaning }, inner.parts));
  walk.at = dataAt + length;
}

function opaqueData(unit: Unit, at: number): Explained {
  const told = explainBytes(unit, { name: 'data', meaning: '' }, { at, end: unit.end });
  return { ...told, verdict: 'opaque' };
}
