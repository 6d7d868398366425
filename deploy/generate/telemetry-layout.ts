// The rows of the layout tables from which a record of a Telemetry is made.

import { editions } from '#shared/frame/gb32960/editions.ts';
import type { Element } from '#shared/frame/gb32960/layout.ts';
import type { Target } from '#shared/telemetry/names-2016.ts';

export function hasLevels(target: Target): boolean {
  return elementsOf(target).some(isLevels);
}

/** Levels of general alarms: the one list of records beside other fields. */
export function isLevels(element: Element): boolean {
  return element.kind === 'records' && element.name === 'generalAlarms';
}

/** The elements of the record: those of the item, or where it is a list those of an entry. */
export function elementsOf(target: Target): readonly Element[] {
  const elements = layoutOf(target.item);
  const [, records, ...others] = elements;
  return records?.kind === 'records' && others.length === 0 ? records.entry : elements;
}

/** No two editions have a kind of item in common. */
export function layoutOf(kind: string): readonly Element[] {
  const layout = editions.flatMap(({ items }) => items).find((item) => item.kind === kind);
  if (layout === undefined) throw new Error(`no layout of kind ${kind}`);
  return layout.elements;
}
