// Sizes that follow from a layout table, and from the counts of a body where it has lists.

import { type Element, entriesOf, type ScalarField } from './layout.ts';

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
  const entries = new Map<string, number>();
  let next = at;
  for (const element of elements) {
    const start = next;
    switch (element.kind) {
      case 'values':
        next += (entries.get(element.countName) ?? 0) * element.element.size;
        break;
      case 'texts':
        next += (entries.get(element.countName) ?? 0) * (entries.get(element.sizeName) ?? 0);
        break;
      case 'records':
        next += wantedOfEntries(element.entry, view, {
          at: next,
          end,
          count: entries.get(element.countName) ?? 0,
        });
        break;
      default:
        next += fixedSizeOf(element);
    }
    if (next <= end && element.kind === 'scalar' && element.role === 'count') {
      entries.set(element.name, entriesOf(readScalar(element, view, start), element.size));
    }
  }
  return next - at;
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
