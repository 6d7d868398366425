// A capture as its payloads: a line each, `[time] [topic or codec] hex` with `#` for comments, or
// the bytes of frames one after another.

import { hexIn } from '../explain/read-payload.ts';

export interface Entry {
  /** From 1; null in a file of bytes. */
  readonly line: number | null;
  /** Of the payload in a file of bytes; 0 in a file of lines. */
  readonly offset: number;
  /** When it was captured, epoch ms; null where nothing says so. */
  readonly at: number | null;
  readonly mqttTopic: string | null;
  readonly codec: string | null;
  readonly payload: Buffer;
}

export type Line =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'blank' }
  | { readonly kind: 'fault'; readonly line: number; readonly detail: string };

/** Whether the first bytes of a file are no text: frames follow each other. */
export function isBinary(start: Uint8Array): boolean {
  return start.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
}

/** What stands before the payload, from the left; the rest of the line is the payload. */
export function parseLine(text: string, line: number, codecs: readonly string[]): Line {
  let rest = text.trim();
  if (rest === '' || rest.startsWith('#')) return { kind: 'blank' };
  let at: number | null = null;
  let mqttTopic: string | null = null;
  let codec: string | null = null;
  for (;;) {
    const time =
      /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\s,;]*|\d{13}|\d{10}(?:\.\d+)?)(?=[\s,;])/.exec(rest);
    if (time !== null && at === null) {
      at = timeOf(time[1] as string);
      rest = after(rest, time[0].length);
      continue;
    }
    const word = /^[^\s,;]+/.exec(rest)?.[0] ?? '';
    if (codec === null && codecs.includes(word)) codec = word;
    else if (mqttTopic === null && /^[^\s{"]*\/[^\s{"]*$/.test(word)) mqttTopic = word;
    else break;
    rest = after(rest, word.length);
  }
  const payload = payloadOf(rest.replace(/\s#.*$/, ''));
  if (typeof payload === 'string') return { kind: 'fault', line, detail: payload };
  codec ??= mqttTopic?.split('/').at(-1) ?? null;
  const known = codec !== null && codecs.includes(codec) ? codec : null;
  return { kind: 'entry', entry: { line, offset: 0, at, mqttTopic, codec: known, payload } };
}

/** Without the column and what parts it from the next. */
function after(text: string, length: number): string {
  return text.slice(length).replace(/^[\s,;]+/, '');
}

/** ISO 8601, epoch ms or epoch seconds. */
function timeOf(text: string): number | null {
  if (/^\d{13}$/.test(text)) return Number(text);
  if (/^\d{10}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(at) ? null : at;
}

/** Or what is wrong with it. */
function payloadOf(text: string): Buffer | string {
  if (text.startsWith('{') || text.startsWith('[')) return Buffer.from(text, 'latin1');
  const hex = hexIn(text);
  if (hex === null) {
    const odd = /[^0-9a-fx\\\s,:;|-]/i.exec(text)?.[0] ?? '';
    return `hex digits wanted, found ${JSON.stringify(odd)}`;
  }
  if (hex.length % 2 === 0) return Buffer.from(hex, 'hex');
  return `an even number of hex digits wanted, found ${hex.length}`;
}
