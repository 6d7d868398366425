// A sequence of fields told in the order of their bytes, as the layout table lays them out: each in
// a leaf, lists and entries as parts, and where the bytes end too early the place where they do.

import { explained, hexBytes, partOf } from '../explain-parts.ts';
import type { Explained } from '../explained.ts';
import type { Edition } from './editions.ts';
import { explainScalar, explainText, explainTime } from './explain-field.ts';
import type { BytesField, Element, RecordList, SignatureField, ValueList } from './layout.ts';
import { entriesOf } from './layout.ts';
import { signatureAlgorithm } from './layout-2025.ts';
import { fixedSizeOf } from './layout-size.ts';

/** What a walk reads: nothing at or behind `end` is touched. */
export interface Unit {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly end: number;
  readonly edition: Edition;
  /** `GB/T 32960.3-2016` */
  readonly standard: string;
  /** Of the fields that are walked. */
  readonly clause: string;
}

/** Fields so far, and where the next one begins; a broken walk ends at the end of the unit. */
export interface Walk {
  readonly parts: Explained[];
  readonly scope: Map<string, number>;
  /** Values of the lists so far, for what they announce. */
  readonly lists: Map<string, readonly number[]>;
  at: number;
  isBroken: boolean;
}

export function openWalk(at: number): Walk {
  return { parts: [], scope: new Map(), lists: new Map(), at, isBroken: false };
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
    case 'time':
    case 'text':
    case 'scalar':
      return walkFixed(unit, walk, element);
    case 'values':
      return walkValues(unit, walk, element);
    case 'records':
      return walkRecords(unit, walk, element);
    case 'texts': {
      const size = walk.scope.get(element.sizeName) ?? 0;
      const count = size === 0 ? 0 : (walk.scope.get(element.countName) ?? 0);
      return walkTexts(unit, walk, element, { count, size });
    }
    case 'textGroups': {
      const counts = walk.lists.get(element.countsName) ?? [];
      const count = counts.reduce((sum, one) => sum + one, 0);
      return walkTexts(unit, walk, element, { count, size: element.size });
    }
    case 'bytes':
      return walkBytes(unit, walk, element.name, element.meaning);
    case 'signature':
      return walkSignature(unit, walk, element);
    case 'rest':
      return addBytes(unit, walk, element, unit.end - walk.at);
  }
}

type Fixed = Extract<Element, { readonly kind: 'time' | 'text' | 'scalar' }>;

function walkFixed(unit: Unit, walk: Walk, element: Fixed) {
  const { at } = walk;
  const size = fixedSizeOf(element);
  if (!fits(unit, walk, size)) return breakOff(unit, walk, element.name, bytesText(size));
  walk.at += size;
  if (element.kind === 'time') {
    walk.parts.push(explainTime(unit, element.name, element.meaning, at));
  } else if (element.kind === 'text') {
    walk.parts.push(explainText(unit, element, at, size));
  } else {
    const field = explainScalar(unit, element, at, walk.scope);
    walk.parts.push(field);
    const raw = Number(field.raw);
    walk.scope.set(element.name, element.role === 'count' ? entriesOf(raw, element.size) : raw);
  }
}

function walkValues(unit: Unit, walk: Walk, { name, countName, element }: ValueList) {
  const count = walk.scope.get(countName) ?? 0;
  const left = unit.end - walk.at;
  const fitting = Math.min(count, Math.floor(left / element.size));
  const values: number[] = [];
  for (let index = 0; index < fitting; index += 1) {
    const field = { ...element, name: `${name}[${index}]` };
    const told = explainScalar(unit, field, walk.at, walk.scope);
    walk.parts.push(told);
    values.push(entriesOf(Number(told.raw), element.size));
    walk.at += element.size;
  }
  walk.lists.set(name, values);
  if (fitting === count) return;
  const wanted = `${bytesText(count * element.size)}, since ${countName} is ${count}`;
  breakOff(unit, walk, `${name}[${fitting}]`, wanted, left);
}

function walkRecords(unit: Unit, walk: Walk, { name, countName, entry }: RecordList) {
  const count = walk.scope.get(countName) ?? 0;
  for (let index = 0; index < count && !walk.isBroken; index += 1) {
    const inner = openWalk(walk.at);
    if (walk.at === unit.end) {
      const wanted = `entry ${index + 1} of the ${count} of ${countName}`;
      return breakOff(unit, walk, `${name}[${index}]`, wanted);
    }
    walkElements(unit, inner, entry);
    const given = { name: `${name}[${index}]`, clause: unit.clause };
    walk.parts.push(partOf(given, inner.parts));
    walk.at = inner.at;
    walk.isBroken = inner.isBroken;
  }
}

interface Texts {
  readonly count: number;
  readonly size: number;
}

function walkTexts(
  unit: Unit,
  walk: Walk,
  { name, meaning }: { readonly name: string; readonly meaning: string },
  { count, size }: Texts,
) {
  const left = unit.end - walk.at;
  for (let index = 0; index < count; index += 1) {
    if (!fits(unit, walk, size)) {
      const wanted = `${bytesText(count * size)}, ${count} texts of ${bytesText(size)}`;
      return breakOff(unit, walk, `${name}[${index}]`, wanted, left);
    }
    walk.parts.push(explainText(unit, { name: `${name}[${index}]`, meaning }, walk.at, size));
    walk.at += size;
  }
}

/** A WORD, then as many bytes as it says. */
export function walkBytes(unit: Unit, walk: Walk, name: string, meaning: string) {
  const lengthName = `${name}Length`;
  if (!fits(unit, walk, 2)) return breakOff(unit, walk, lengthName, bytesText(2));
  const { at } = walk;
  const length = unit.view.getUint16(at);
  const told = { raw: `${length}`, value: `${length}`, unit: 'bytes', clause: unit.clause };
  walk.parts.push(explained({ name: lengthName, at, end: at + 2, ...told }));
  walk.at += 2;
  if (!fits(unit, walk, length)) {
    return breakOff(unit, walk, name, `${bytesText(length)}, as ${lengthName} says`);
  }
  addBytes(unit, walk, { name, meaning }, length);
}

/** Algorithm, R and S. */
export function walkSignature(unit: Unit, walk: Walk, { name }: Pick<SignatureField, 'name'>) {
  const inner = openWalk(walk.at);
  walkFixed(unit, inner, signatureAlgorithm);
  if (!inner.isBroken) walkBytes(unit, inner, 'r', 'R of the signature.');
  if (!inner.isBroken) walkBytes(unit, inner, 's', 'S of the signature.');
  walk.parts.push(partOf({ name, clause: unit.clause }, inner.parts));
  walk.at = inner.at;
  walk.isBroken = inner.isBroken;
}

/** Bytes that no table lays out any further; none where there are none. */
export function addBytes(
  unit: Unit,
  walk: Walk,
  { name, meaning }: Pick<BytesField, 'name' | 'meaning'>,
  length: number,
) {
  if (length === 0) return;
  const { at } = walk;
  walk.at += length;
  const raw = hexBytes(unit.bytes.subarray(at, walk.at));
  const verdict = 'opaque';
  const { clause } = unit;
  walk.parts.push(explained({ name, at, end: walk.at, raw, verdict, clause, meaning }));
}

/** The walk ends here: what is left of the unit does not hold what is wanted. */
export function breakOff(
  unit: Unit,
  walk: Walk,
  name: string,
  wanted: string,
  left = unit.end - walk.at,
) {
  const { at } = walk;
  walk.isBroken = true;
  walk.at = unit.end;
  walk.parts.push(
    explained({
      name,
      at,
      end: unit.end,
      raw: at === unit.end ? null : hexBytes(unit.bytes.subarray(at, unit.end)),
      verdict: 'broken',
      clause: unit.clause,
      expected: `${wanted}, found ${left === 0 ? 'none' : bytesText(left)}`,
    }),
  );
}

function fits(unit: Unit, walk: Walk, size: number): boolean {
  return unit.end - walk.at >= size;
}

function bytesText(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
