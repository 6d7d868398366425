// Sizes that follow from a layout table, and from the counts of a body where it has lists.

import { type Element, entriesOf, type ScalarField } from './layout.ts';
import { wantedSignatureSize } from './read-signature.ts';

/** Bytes of an element whose size does not depend on the frame; lists have 0 of their own. */
export function fixedSizeOf(element: Element): number {
  switch (element.kind) {
    case 'time':
      return 6;
    case 'text':
    case 'scalar':
      return element.size;
    default:
      return 0;
  }
}

/**
 * Bytes that the elements need from `at` on. Counts that lie behind `end` count as 0, so the answer
 * is the size where all fits, else what is wanted at least.
 */
export function wantedSize(
  elements: readonly Element[],
  view: DataView,
  { at, end }: { readonly at: number; readonly end: number },
): number {
  const walk: Walk = { view, end, entries: new Map() };
  let next = at;
  for (const element of elements) {
    const start = next;
    next += wantedOf(element, walk, start);
    if (next <= end) noteCount(element, walk, start);
  }
  return next - at;
}

interface Walk {
  readonly view: DataView;
  readonly end: number;
  /** What the counts before have announced, by their names. */
  readonly entries: Map<string, number>;
}

function wantedOf(element: Element, { view, end, entries }: Walk, at: number): number {
  switch (element.kind) {
    case 'values':
      return (entries.get(element.countName) ?? 0) * element.element.size;
    case 'texts':
      return (entries.get(element.countName) ?? 0) * (entries.get(element.sizeName) ?? 0);
    case 'textGroups':
      return (entries.get(element.countsName) ?? 0) * element.size;
    case 'records': {
      const count = entries.get(element.countName) ?? 0;
      return wantedOfEntries(element.entry, view, { at, end, count });
    }
    case 'bytes':
      return end - at < 2 ? 2 : 2 + view.getUint16(at);
    case 'signature':
      return wantedSignatureSize(view, { at, end });
    default:
      return fixedSizeOf(element);
  }
}

/** A list of counts announces their sum. */
function noteCount(element: Element, { view, entries }: Walk, at: number): void {
  if (element.kind === 'scalar' && element.role === 'count') {
    entries.set(element.name, entriesOf(readScalar(element, view, at), element.size));
    return;
  }
  if (element.kind !== 'values' || element.element.role !== 'count') return;
  const { size } = element.element;
  let sum = 0;
  for (let index = 0; index < (entries.get(element.countName) ?? 0); index += 1) {
    sum += entriesOf(readScalar(element.element, view, at + index * size), size);
  }
  entries.set(element.name, sum);
}

function wantedOfEntries(
  entry: readonly Element[],
  view: DataView,
  { at, end, count }: { readonly at: number; readonly end: number; readonly count: number },
): number {
  let next = at;
  let left = count;
  for (; left > 0 && next < end; left -= 1) next += wantedSize(entry, view, { at: next, end });
  // Behind the end all are alike. One by one they would cost 250 looks in a frame of 30 bytes.
  const smallest = entry.reduce((sum, element) => sum + fixedSizeOf(element), 0);
  return next + left * smallest - at;
}

/** The caller has checked that the bytes are there. */
export function readScalar(field: ScalarField, view: DataView, at: number): number {
  switch (field.size) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at);
    case 4:
      return view.getUint32(at);
  }
}
