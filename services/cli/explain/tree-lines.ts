// Rows as lines of text: bytes, their hex, field, raw, value with unit; after it, or on a line
// of its own, what is wrong and what was wanted.

import { hexBytes } from '#shared/frame/explain-parts.ts';
import type { Explained, Verdict } from '#shared/frame/explained.ts';
import type { Paint, Tone } from './paint.ts';
import type { Row } from './tree-rows.ts';

export interface LineOptions {
  readonly payload: Uint8Array;
  readonly paint: Paint;
  /** The payload is text, and shown as it is in place of hex. */
  readonly isText: boolean;
  /** A longer line goes on below. */
  readonly width: number;
  /** Meanings of sound fields are told too. */
  readonly isFull: boolean;
  /** What is to be said of a field beyond its verdict; empty for most. */
  remarkOn(field: Explained): string;
}

/** Digits of so many bytes; the rest of a longer field is cut. */
const hexBytesMax = 6;

const hexWidth = 3 * hexBytesMax;

export function treeLines(rows: readonly Row[], options: LineOptions): readonly string[] {
  const widths = widthsOf(rows, options);
  let clause = '';
  return rows.flatMap((row) => {
    const lines = rowLines(row, widths, clause, options);
    clause = clauseOf(row);
    return lines;
  });
}

interface Widths {
  readonly place: number;
  readonly name: number;
  readonly raw: number;
}

function widthsOf(rows: readonly Row[], { payload }: LineOptions): Widths {
  const place = Math.max(6, 2 + 2 * `${payload.length}`.length);
  const names = rows.map((row) => 2 * row.depth + (row.kind === 'part' ? 0 : nameOf(row).length));
  const raws = rows.map((row) => (row.kind === 'field' ? rawText(row.field).length : 0));
  return { place, name: Math.min(32, Math.max(...names)), raw: Math.max(0, ...raws) };
}

function clauseOf(row: Row): string {
  if (row.kind === 'part') return plainClause(row.part);
  return plainClause((row.kind === 'field' ? row.field : row.fields[0]) as Explained);
}

/** Without the place in a JSON document, which the name tells. */
function plainClause({ clause }: Explained): string {
  return clause.replace(/ \/\S*$/, '');
}

function nameOf(row: Exclude<Row, { readonly kind: 'part' }>): string {
  if (row.kind === 'field') return row.field.name;
  const indices = row.fields.map(({ name }) => /\[(\d+)\]$/.exec(name)?.[1] ?? '');
  return `${row.name}[${indices[0]}..${indices.at(-1)}]`;
}

const tones: Readonly<Record<Verdict, Tone>> = {
  ok: 'plain',
  abnormal: 'doubt',
  invalid: 'doubt',
  out_of_range: 'doubt',
  broken: 'fault',
  opaque: 'quiet',
};

/** The first column: what the eye looks for. */
const gutters: Readonly<Record<Verdict, string>> = {
  ok: ' ',
  abnormal: '?',
  invalid: '?',
  out_of_range: '!',
  broken: 'X',
  opaque: ' ',
};

function rowLines(
  row: Row,
  widths: Widths,
  clauseBefore: string,
  options: LineOptions,
): readonly string[] {
  if (row.kind === 'part') return [partLine(row, widths, clauseBefore, options)];
  const first = (row.kind === 'field' ? row.field : row.fields[0]) as Explained;
  const last = (row.kind === 'field' ? row.field : row.fields.at(-1)) as Explained;
  const { payload, paint, remarkOn, isText } = options;
  const remark = row.kind === 'field' ? remarkOn(first) : '';
  const tone = remark !== '' && first.verdict === 'ok' ? 'doubt' : tones[first.verdict];
  const gutter = remark !== '' && first.verdict === 'ok' ? '>' : gutters[first.verdict];
  const place = placeText(first.at, last.end).padEnd(widths.place);
  const hex = hexText(payload.subarray(first.at, last.end), isText).padEnd(hexWidth);
  const name = `${'  '.repeat(row.depth)}${nameOf(row)}`.padEnd(widths.name);
  const raw = (row.kind === 'field' ? rawText(first) : '').padStart(widths.raw);
  const value = row.kind === 'field' ? valueText(first) : runText(row.fields);
  const lead = `${place} ${hex} `;
  const body = `${name}  ${raw}  ${value}`.trimEnd();
  const notes = notesOf(first, { remark, clauseBefore, isFull: options.isFull });
  const line = `${paint(tone, gutter)} ${paint('quiet', lead)}${paint(tone, body)}`;
  return withNotes(line, 2 + lead.length + body.length, notes, { ...options, tone });
}

function partLine(
  { part, depth, note }: Row & { readonly kind: 'part' },
  widths: Widths,
  clauseBefore: string,
  { paint }: LineOptions,
): string {
  const gutter = part.verdict === 'broken' ? paint('fault', 'X') : ' ';
  const place = placeText(part.at, part.end).padEnd(widths.place);
  const name = paint('head', `${'  '.repeat(depth)}${part.name}`);
  const clause = plainClause(part) === clauseBefore ? '' : plainClause(part);
  const after = note === '' ? clause : note;
  const told = after === '' ? '' : paint('quiet', `  ${after}`);
  return `${gutter} ${paint('quiet', place)} ${name}${told}`;
}

/** `30..31`; one byte is one number, no byte the place where one is missing. */
export function placeText(at: number, end: number): string {
  return end - at <= 1 ? `${at}` : `${at}..${end - 1}`;
}

function hexText(bytes: Uint8Array, isText: boolean): string {
  if (isText) return cutText(Buffer.from(bytes).toString('latin1'));
  if (bytes.length <= hexBytesMax) return hexBytes(bytes);
  return `${hexBytes(bytes.subarray(0, hexBytesMax - 1))} …`;
}

/** Of JSON the text itself, without what parts it from the field before. */
function cutText(text: string): string {
  const plain = text.replaceAll(/[^\x20-\x7e]/g, '.').replace(/^[\s,{[]+/, '');
  return plain.length <= hexWidth - 1 ? plain : `${plain.slice(0, hexWidth - 2)}…`;
}

/** Only where it says more than value and hex. */
function rawText({ raw, value }: Explained): string {
  if (raw === null || raw === value) return '';
  return /^(-?\d{1,10}|0x[0-9a-f]{1,8})$/i.test(raw) ? raw : '';
}

function valueText({ value, unit, raw, verdict, at, end }: Explained): string {
  if (value !== null) return unit === '' ? value : `${value} ${unit}`;
  if (verdict === 'abnormal' || verdict === 'invalid') return `- (${verdict})`;
  if (end - at > hexBytesMax) return `${end - at} bytes`;
  return raw !== null && /^\d+$/.test(raw) && verdict !== 'broken' ? '-' : '';
}

/** The first and last values; of numbers also the lowest and the highest, and where they are. */
function runText(fields: readonly Explained[]): string {
  const [first, second] = fields as [Explained, Explained];
  const last = fields.at(-1) as Explained;
  if (first.value === null) return `- (${first.verdict}) in all ${fields.length}`;
  if (fields.every(({ value }) => value === first.value)) {
    return `${valueText(first)} in all ${fields.length}`;
  }
  const unit = first.unit === '' ? '' : ` ${first.unit}`;
  const ends = `${first.value} ${second.value} … ${last.value}${unit}`;
  const [low, high] = [edgeOf(fields, -1), edgeOf(fields, 1)];
  if (low === null || high === null || unit === '') return `${ends} (${fields.length})`;
  const from = `${low.value} at ${indexIn(low)}`;
  return `${ends} (${fields.length}: ${from} to ${high.value} at ${indexIn(high)})`;
}

/** The first of the lowest or the highest; null where one is no number. */
function edgeOf(fields: readonly Explained[], sign: 1 | -1): Explained | null {
  let edge = fields[0] as Explained;
  for (const field of fields) {
    if (field.value === null || Number.isNaN(Number(field.value))) return null;
    if (sign * Number(field.value) > sign * Number(edge.value)) edge = field;
  }
  return edge;
}

function indexIn({ name }: Explained): string {
  return `[${/\[(\d+)\]$/.exec(name)?.[1] ?? ''}]`;
}

interface Noted {
  readonly remark: string;
  readonly clauseBefore: string;
  readonly isFull: boolean;
}

/** What is wrong first, then the clause where it is not that of the line above. */
function notesOf(field: Explained, { remark, clauseBefore, isFull }: Noted): readonly string[] {
  const { verdict, expected, meaning } = field;
  const clause = plainClause(field);
  const isClauseNew = clause !== '' && clause !== clauseBefore;
  const isVinFault = meaning.startsWith('As a VIN not right');
  return [
    ...(remark === '' ? [] : [remark]),
    ...(expected === null ? [] : verdictNotes(verdict, expected, isFull)),
    ...(isVinFault || (isFull && meaning !== '') ? [meaning] : []),
    ...(isClauseNew ? [`[${clause}]`] : []),
  ];
}

/** Of a sentinel the value says it all. */
function verdictNotes(verdict: Verdict, expected: string, isFull: boolean): readonly string[] {
  if (verdict === 'broken') return [brokenText(expected)];
  if (verdict === 'out_of_range') return [`out of range; wanted ${expected}`];
  return verdict === 'opaque' || isFull ? [`wanted ${expected}`] : [];
}

/** Some codecs say themselves what was wanted and what was found. */
function brokenText(expected: string): string {
  return / wanted\b/.test(expected) ? `BROKEN: ${expected}` : `WANTED: ${expected}`;
}

/** On the same line where they fit, else below it. */
function withNotes(
  line: string,
  length: number,
  notes: readonly string[],
  { paint, width, tone }: LineOptions & { readonly tone: Tone },
): readonly string[] {
  const [clauses, texts] = [
    notes.filter((note) => note.startsWith('[')),
    notes.filter((note) => !note.startsWith('[')),
  ];
  const text = texts.join('; ');
  const clause = clauses.join(' ');
  const inline = [text, clause].filter(Boolean).join('  ');
  if (inline === '') return [line];
  const painted = [paint(tone, text), paint('quiet', clause)];
  if (length + 2 + inline.length <= width) {
    return [`${line}  ${painted.filter((part) => part !== '').join('  ')}`.trimEnd()];
  }
  if (text === '') return [line];
  return [line, ...wrapped(text, width - 6).map((one) => `      ${paint(tone, one)}`)];
}

export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const isFull = line !== '' && line.length + 1 + word.length > width;
    if (isFull) lines.push(line);
    line = isFull || line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
