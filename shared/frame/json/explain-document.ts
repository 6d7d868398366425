// The values of one JSON document, in the order of its bytes, up to where it is refused.

import type { Explained } from '../explained.ts';
import type { Reason } from '../outcome.ts';
import { escapeStep } from './places.ts';
import { foundName } from './schema.ts';
import { TokenCursor, type TokenKind } from './tokens.ts';

export interface Stretch {
  /** All bytes that are to be told. */
  readonly at: number;
  readonly end: number;
  /** The document among them. */
  readonly document: { readonly at: number; readonly end: number };
}

/** What a codec says of the values of its JSON. */
export interface Vocabulary {
  /** Stands before the pointer of each value. */
  readonly clause: string;
  /** `text` is the value as it stands; null of an object or array. */
  tell(pointer: string, text: string | null): Told;
}

export type Told = Partial<Pick<Explained, 'value' | 'unit' | 'verdict' | 'expected' | 'meaning'>>;

export function explainDocument(
  payload: Uint8Array,
  { at, end, document }: Stretch,
  { reason, vocabulary }: { readonly reason: Reason | null; readonly vocabulary: Vocabulary },
): readonly Explained[] {
  const brokenAt = reason === null ? Number.POSITIVE_INFINITY : document.at + reason.offset;
  const isCut = reason !== null && cutting.has(reason.code);
  const tokens = tokensOf(payload, document);
  const reader: Reader = {
    payload,
    vocabulary,
    // Bytes behind the fault are not read: they may be anything.
    tokens: isCut ? tokens.filter((token) => token.end <= brokenAt) : tokens,
    next: 0,
    brokenAt: isCut ? Number.POSITIVE_INFINITY : brokenAt,
    detail: reason?.detail ?? '',
  };
  const open = readValue(reader, { name: '', pointer: '', anchor: at });
  const told = open === null ? [] : open.parts.length > 0 ? open.parts : [open];
  if (isCut) told.push(brokenPart(payload, brokenAt, reason.detail));
  tile(told, { at, end });
  return told;
}

interface Token {
  readonly kind: TokenKind;
  readonly at: number;
  readonly end: number;
}

function tokensOf(bytes: Uint8Array, { at, end }: Stretch['document']): readonly Token[] {
  const cursor = new TokenCursor(bytes, at, end);
  const tokens: Token[] = [];
  while (cursor.next()) tokens.push({ kind: cursor.kind, at: cursor.at, end: cursor.end });
  return tokens;
}

/** Of these the bytes cannot be read on. */
const cutting: ReadonlySet<string> = new Set([
  ...['json_syntax', 'json_unicode', 'json_limit', 'frame_empty'],
]);

type Open = { -readonly [K in keyof Explained]: K extends 'parts' ? Open[] : Explained[K] };

interface Reader {
  readonly payload: Uint8Array;
  readonly vocabulary: Vocabulary;
  readonly tokens: readonly Token[];
  next: number;
  /** Where the value or key stands that is wrong. */
  readonly brokenAt: number;
  readonly detail: string;
}

interface Spot {
  readonly name: string;
  readonly pointer: string;
  /** Its first byte: of its key, or of the bracket of which it is the first value. */
  readonly anchor: number;
}

function readValue(reader: Reader, spot: Spot, keyAt = -1): Open | null {
  const token = reader.tokens[reader.next];
  if (token === undefined) return null;
  reader.next += 1;
  const text = textOf(reader.payload, token);
  const { clause, tell } = reader.vocabulary;
  const told = tell(spot.pointer, token.kind === 'open' ? null : text);
  const scalar = token.kind === 'open' ? {} : scalarOf(text);
  const part: Open = { ...blank(spot, clause), ...scalar, ...told };
  if (token.kind === 'open') {
    readInner(reader, part, { ...spot, isObject: text === '{' });
    if (part.parts.length === 0) part.raw = text === '{' ? '{}' : '[]';
  }
  if (reader.brokenAt === token.at || reader.brokenAt === keyAt) {
    part.verdict = 'broken';
    part.expected = reader.detail;
  }
  return part;
}

function readInner(
  reader: Reader,
  part: Open,
  { name, pointer, anchor, isObject }: Spot & { readonly isObject: boolean },
): void {
  for (let index = 0; reader.next < reader.tokens.length; ) {
    const token = reader.tokens[reader.next] as Token;
    if (token.kind === 'close') {
      reader.next += 1;
      return;
    }
    if (token.kind === 'mark') {
      reader.next += 1;
      continue;
    }
    const isFirst = part.parts.length === 0;
    const key = isObject && token.kind === 'key' ? textOf(reader.payload, token) : null;
    if (key !== null) reader.next += 1;
    if (key !== null && !isValueNext(reader)) return;
    const step = key === null ? `${index}` : plainKey(key);
    const inner = readValue(
      reader,
      {
        name: key === null ? `${name}[${index}]` : step,
        pointer: `${pointer}/${escapeStep(step)}`,
        anchor: isFirst ? anchor : token.at,
      },
      key === null ? -1 : token.at,
    );
    if (inner !== null) part.parts.push(inner);
    index += 1;
  }
}

/** Steps over the colon; false where a fault cut the value off. */
function isValueNext(reader: Reader): boolean {
  if (reader.tokens[reader.next]?.kind === 'mark') reader.next += 1;
  return reader.next < reader.tokens.length;
}

function blank({ name, pointer, anchor }: Spot, clause: string): Open {
  return {
    name,
    at: anchor,
    end: anchor,
    raw: null,
    value: null,
    unit: '',
    verdict: 'ok',
    clause: `${clause} ${pointer}`.trim(),
    meaning: '',
    expected: null,
    parts: [],
  };
}

function scalarOf(text: string) {
  const raw = text.length <= rawLengthMax ? text : `${text.slice(0, rawLengthMax)}…`;
  return { raw, value: text === 'null' ? null : plainValue(text) };
}

const rawLengthMax = 200;

function plainValue(text: string): string {
  if (!text.startsWith('"')) return text;
  const plain = plainKey(text);
  return plain.length <= rawLengthMax ? plain : `${plain.slice(0, rawLengthMax)}…`;
}

/** A text without quotes and escapes; as it stands where it cannot be read. */
function plainKey(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}

function brokenPart(payload: Uint8Array, at: number, detail: string): Open {
  const found = textOf(payload, { at, end: Math.min(payload.length, at + 24) });
  return {
    ...blank({ name: 'broken', pointer: '', anchor: at }, 'RFC 8259'),
    raw: found === '' ? null : foundName(found),
    verdict: 'broken',
    meaning: 'Here the payload stops to be what was wanted.',
    expected: detail,
  };
}

/** Ends each part where the next begins, so that every byte is in one. */
function tile(parts: readonly Open[], { at, end }: { readonly at: number; readonly end: number }) {
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as Open;
    part.at = index === 0 ? at : part.at;
    part.end = parts[index + 1]?.at ?? end;
    tile(part.parts, part);
  }
}

function textOf(bytes: Uint8Array, { at, end }: { readonly at: number; readonly end: number }) {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8');
}
