// The walk through a report: time, then items until the data unit ends or, in the 2025 edition, the
// signature begins. Nothing says how long an item is but its own layout, so one that does not fit
// or has none ends the walk.

import type { Reason } from '../outcome.ts';
import { type Decoded, hexByte, restOf, truncated, type Unit } from './data-unit.ts';
import { readItem as readItem2016 } from './decode-2016.generated.ts';
import { readItem as readItem2025 } from './decode-2025.generated.ts';
import { readTime, timeSize } from './device-time.ts';
import { edition2016 } from './editions.ts';
import type { Item, Report, Signature } from './frame.ts';
import { customTypeMax, customTypeMin } from './layout-2016.ts';
import { signatureMarker } from './layout-2025.ts';
import { wantedSize } from './layout-size.ts';
import { readSignature, signatureSize, wantedSignatureSize } from './read-signature.ts';

const reissue = 0x03;

export function decodeReport(unit: Unit, command: number): Decoded {
  const { edition, bytes, view, end } = unit;
  if (end - unit.at < timeSize) return truncated(unit, timeSize);
  const readItem = edition === edition2016 ? readItem2016 : readItem2025;
  const items: Item[] = [];
  let at = unit.at + timeSize;
  while (at < end) {
    const item = readItem(bytes[at] as number, view, bytes, at + 1, end);
    if (item === null) break;
    items.push(item);
    at += 1 + item.bytes.length;
  }
  const signature = at < end ? signatureAt(unit, at) : null;
  if (signature !== null) at += 1 + signatureSize(signature);
  const isWhole = at === end || signature !== null;
  const rest = restOf(unit, at);
  const body: Report = {
    kind: 'report',
    isReissued: command === reissue,
    time: readTime(bytes, unit.at),
    items,
    remainder: isWhole ? null : rest,
    signature,
    trailing: isWhole ? rest : null,
  };
  if (isWhole) return { kind: 'accept', body, reason: null };
  return { kind: 'partial', body, reason: itemFault(unit, at) };
}

/** Null where no whole signature begins. 0xFF is no item type of either edition. */
function signatureAt({ edition, bytes, view, end }: Unit, at: number): Signature | null {
  if (edition === edition2016 || bytes[at] !== signatureMarker) return null;
  return readSignature(view, bytes, at + 1, end);
}

/** Why no item could be read at `at`. */
function itemFault(unit: Unit, at: number): Reason {
  const type = unit.bytes[at] as number;
  const offset = at - unit.frameAt;
  const wanted = wantedItemSize(type, unit, at + 1);
  if (wanted === null) {
    const detail = `item with a layout wanted, found ${hexByte(type)}`;
    return { code: 'item_unknown', offset, detail };
  }
  const left = unit.end - at - 1;
  const what = isSignature(type, unit) ? 'signature' : `item ${hexByte(type)}`;
  const detail = `${what} wants at least ${wanted} bytes, found ${left}`;
  return { code: 'item_truncated', offset, detail };
}

/** Null for a type without layout. */
function wantedItemSize(type: number, unit: Unit, at: number): number | null {
  const { edition, view, end } = unit;
  if (isSignature(type, unit)) return wantedSignatureSize(view, { at, end });
  if (type >= customTypeMin && type <= customTypeMax) {
    return end - at < 2 ? 2 : 2 + view.getUint16(at);
  }
  const layout = edition.items.find((candidate) => candidate.type === type);
  return layout === undefined ? null : wantedSize(layout.elements, view, { at, end });
}

function isSignature(type: number, { edition }: Unit): boolean {
  return type === signatureMarker && edition !== edition2016;
}
