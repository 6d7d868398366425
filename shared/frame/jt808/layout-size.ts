// How many bytes a part of a layout takes at least: what a count is checked against.

import { timeSize } from './bcd.ts';
import type { Element } from './layout.ts';
import { basicSize } from './layout-location.ts';

type List = Extract<Element, { readonly countName: string }>;

/** Of one entry of a list; never 0. */
export function sizeMinOf(list: List): number {
  switch (list.kind) {
    case 'values':
      return list.element.size;
    case 'records':
      return sizeMinOfAll(list.entry);
    case 'locations':
      return 2 + basicSize;
  }
}

/** Of elements in a row: texts, bytes and lists of a size of their own count as empty. */
export function sizeMinOfAll(elements: readonly Element[]): number {
  return elements.reduce((sum, element) => sum + sizeMinOfOne(element), 0);
}

function sizeMinOfOne(element: Element): number {
  switch (element.kind) {
    case 'scalar':
    case 'bcd':
      return element.size;
    case 'time':
      return timeSize;
    case 'location':
      return basicSize;
    case 'text':
    case 'bytes':
      return typeof element.extent === 'number' ? element.extent : 0;
    default:
      return 0;
  }
}
