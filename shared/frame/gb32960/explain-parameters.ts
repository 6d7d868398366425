// Parameters and their values told byte by byte: the id alone decides the size (annex B).

import { explained, hexByte, hexBytes, partOf } from '../explain-parts.ts';
import {
  addBytes,
  breakOff,
  openWalk,
  type Unit,
  type Walk,
  walkElements,
} from './explain-unit.ts';
import { count, type Element } from './layout.ts';
import type { ParameterLayout } from './layout-2016-parameters.ts';
import { TextSizes } from './read-parameters.ts';
import { readText } from './text.ts';

const opening: readonly Element[] = [
  { kind: 'time', name: 'time', meaning: 'Beijing time.' },
  { ...count, name: 'count', rawMax: 252, meaning: 'Parameters that follow.' },
];

/** The clause that both editions give them. */
function clauseOf({ standard, edition }: Unit): string {
  return `${standard} tables ${edition.year === 2025 ? 'B.5 to B.13' : 'B.9 to B.17'}`;
}

export function explainParameters(given: Unit, walk: Walk) {
  const unit = { ...given, clause: clauseOf(given) };
  walkElements(unit, walk, opening);
  const wanted = walk.scope.get('count') ?? 0;
  const sizes = new TextSizes();
  for (let index = 0; index < wanted && !walk.isBroken; index += 1) {
    const place = `parameters[${index}]`;
    if (walk.at === unit.end) {
      return breakOff(unit, walk, place, `entry ${index + 1} of the ${wanted} of count`);
    }
    const layout = unit.edition.parameters[(unit.bytes[walk.at] as number) - 1] ?? null;
    const size = layout === null ? null : sizes.of(layout);
    if (layout === null || size === null) return unknown(unit, walk, place);
    explainParameter(unit, walk, { layout, size, place, sizes });
  }
}

interface Announced {
  readonly layout: ParameterLayout;
  readonly size: number;
  readonly place: string;
  readonly sizes: TextSizes;
}

function explainParameter(unit: Unit, walk: Walk, { layout, size, place, sizes }: Announced) {
  const { id, name, isText } = layout;
  const inner = openWalk(walk.at + 1);
  const { clause } = unit;
  const idLeaf = { name: 'id', at: walk.at, end: walk.at + 1, raw: `${id}`, value: name, clause };
  inner.parts.push(explained(idLeaf));
  if (unit.end - inner.at < size) {
    breakOff(unit, inner, 'value', `${size} bytes`);
  } else {
    const { at } = inner;
    const value = isText ? readText(unit.bytes, at, size) : integer(unit.bytes, at, size);
    sizes.note(id, value);
    const told = { raw: `${value}`, value: `${value}`, clause };
    inner.parts.push(explained({ name: 'value', at, end: at + size, ...told }));
    inner.at += size;
  }
  walk.parts.push(partOf({ name: `${place} ${name}`, clause }, inner.parts));
  walk.at = inner.at;
  walk.isBroken = inner.isBroken;
}

function unknown(unit: Unit, walk: Walk, place: string): void {
  const { at } = walk;
  const id = unit.bytes[at] as number;
  const { clause } = unit;
  const expected = 'an id of a known size: 0x01 to 0x10, a domain name after its length';
  const told = { raw: `${id}`, verdict: 'broken', clause, expected } as const;
  const inner = openWalk(at + 1);
  inner.parts.push(explained({ name: 'id', at, end: at + 1, ...told }));
  const meaning = 'Kept as bytes: without a known size their end is unknown.';
  addBytes(unit, inner, { name: 'rest', meaning }, unit.end - inner.at);
  walk.parts.push(partOf({ name: `${place} ${hexByte(id)}`, clause }, inner.parts));
  walk.at = unit.end;
  walk.isBroken = true;
}

function integer(bytes: Uint8Array, at: number, size: number): number {
  return Number.parseInt(hexBytes(bytes.subarray(at, at + size)).replaceAll(' ', ''), 16);
}
