// A report told byte by byte: its time, its items, and what ends them. As in the decoder, a type
// without layout ends the walk, since nobody knows where the next item begins.

import { explained, hexByte, partOf } from '../explain-parts.ts';
import type { Explained } from '../explained.ts';
import {
  addBytes,
  openWalk,
  type Unit,
  type Walk,
  walkBytes,
  walkElements,
  walkSignature,
} from './explain-unit.ts';
import type { ItemLayout } from './layout.ts';
import { customTypeMax, customTypeMin } from './layout-2016.ts';
import { signatureMarker } from './layout-2025.ts';

export function explainReport(unit: Unit, walk: Walk) {
  const clause = `${unit.standard} table 7`;
  const meaning = 'Collection time, Beijing.';
  walkElements({ ...unit, clause }, walk, [{ kind: 'time', name: 'time', meaning }]);
  while (!walk.isBroken && walk.at < unit.end) {
    const type = unit.bytes[walk.at] as number;
    if (type === signatureMarker && unit.edition.year === 2025) {
      explainSignature({ ...unit, clause: `${unit.standard} tables 7 and 8` }, walk);
      return;
    }
    explainItem(unit, walk, type);
  }
}

function explainItem(unit: Unit, walk: Walk, type: number): void {
  const layout = unit.edition.items.find((item) => item.type === type);
  const isCustom = type >= customTypeMin && type <= customTypeMax;
  const clause = clauseOf(unit, layout);
  const inner = openWalk(walk.at + 1);
  const typeLeaf = { name: 'type', at: walk.at, end: walk.at + 1, raw: `${type}`, clause };
  const name = `item ${hexByte(type)}`;
  if (layout === undefined && !isCustom) {
    inner.parts.push(explained({ ...typeLeaf, verdict: 'broken', expected: typesText(unit) }));
    const meaning = 'Kept as bytes: without a layout their end is unknown.';
    addBytes({ ...unit, clause }, inner, { name: 'rest', meaning }, unit.end - inner.at);
    inner.isBroken = true;
    walk.parts.push(partOf({ name, clause }, inner.parts));
  } else if (layout === undefined) {
    inner.parts.push(explained({ ...typeLeaf, value: 'custom' }));
    walkBytes({ ...unit, clause }, inner, 'data', "The maker's own.");
    const meaning = "The maker's own.";
    walk.parts.push(partOf({ name: `${name} custom`, clause, meaning }, inner.parts));
  } else {
    inner.parts.push(explained({ ...typeLeaf, value: layout.name }));
    walkElements({ ...unit, clause }, inner, layout.elements);
    const { meaning } = layout;
    walk.parts.push(partOf({ name: `${name} ${layout.name}`, clause, meaning }, inner.parts));
  }
  walk.at = inner.at;
  walk.isBroken = inner.isBroken;
}

function clauseOf({ standard, edition }: Unit, layout: ItemLayout | undefined): string {
  if (layout !== undefined) return `${standard} ${layout.clause}`;
  return `${standard} ${edition.year === 2025 ? 'table 9' : 'tables 8, 19 and B.3'}`;
}

function typesText({ edition }: Unit): string {
  const types = edition.items.map(({ type }) => hexByte(type)).join(', ');
  const end = edition.year === 2025 ? ', or 0xFF before a signature' : '';
  return `an item type with a layout: ${types}, 0x80 to 0xFE${end}`;
}

/** What follows the signature is kept and not read. */
function explainSignature(unit: Unit, walk: Walk) {
  const { at } = walk;
  const told = { raw: `${signatureMarker}`, value: 'signature', clause: unit.clause };
  const marker: Explained = explained({ name: 'marker', at, end: at + 1, ...told });
  walk.parts.push({ ...marker, meaning: 'Ends the items; what is signed ends before it.' });
  walk.at += 1;
  walkSignature(unit, walk, { name: 'signature' });
}
