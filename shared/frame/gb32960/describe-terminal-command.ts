// Reads the data units of annex B's commands to a terminal for people: query 0x80 and its answer,
// setting 0x81, control 0x82.

import type { Described } from './describe-frame.ts';
import { timeSize } from './device-time.ts';
import type { Gb32960Frame } from './frame.ts';
import { entriesOf } from './layout.ts';
import { parameters2016 } from './layout-2016-parameters.ts';
import { commandFlag } from './outer-frame.ts';
import { readText } from './text.ts';

/** What follows the time; null for another command, and for a data unit too short to be one. */
export function describeTerminalCommand(frame: Gb32960Frame): Fields | null {
  const { command, response, dataUnit } = frame;
  if (dataUnit.length < timeSize + 1) return null;
  const isCommand = response === commandFlag;
  const content = dataUnit.subarray(timeSize);
  if (command === 0x80) return isCommand ? describeQuery(content) : describeParameters(content);
  if (command === 0x81 && isCommand) return describeParameters(content);
  if (command === 0x82 && isCommand) return describeControl(content);
  return null;
}

type Fields = { readonly [name: string]: Described };

/** Table B.9: a count, then ids of one byte each. */
function describeQuery(content: Uint8Array): Fields | null {
  const count = content[0] as number;
  const end = 1 + entriesOf(count, 1);
  if (content.length < end) return null;
  return { count, paramIds: [...content.subarray(1, end)], ...unparsed(content, end) };
}

/** Table B.17. The arguments of a control command are its own business. */
function describeControl(content: Uint8Array): Fields {
  return { commandId: content[0] as number, argsHex: hexOf(content.subarray(1)) };
}

/** Tables B.10 and B.12: a count, then an id and a value each. An id of unknown size ends it. */
function describeParameters(content: Uint8Array): Fields {
  const count = content[0] as number;
  const params: Fields[] = [];
  const numbers = new Map<number, number>();
  let at = 1;
  for (let left = entriesOf(count, 1); left > 0; left -= 1) {
    const layout = parameters2016.find(({ id }) => id === content[at]);
    const size = layout?.size ?? numbers.get(layout?.sizeId ?? -1);
    if (layout === undefined || size === undefined || at + 1 + size > content.length) break;
    const value = layout.isText ? readText(content, at + 1, size) : integer(content, at + 1, size);
    if (typeof value === 'number') numbers.set(layout.id, value);
    params.push({ id: layout.id, value });
    at += 1 + size;
  }
  return { count, params, ...unparsed(content, at) };
}

function integer(bytes: Uint8Array, at: number, size: number): number {
  return bytes.subarray(at, at + size).reduce((sum, byte) => sum * 256 + byte, 0);
}

function unparsed(content: Uint8Array, at: number): Fields {
  return at === content.length ? {} : { unparsedHex: hexOf(content.subarray(at)) };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
