// Explained parts as rows of a screen: headings, fields, runs of list entries folded to one row,
// and in a frame that broke the sound parts folded to a line each.

import type { Explained } from '#shared/frame/explained.ts';

export type Row =
  | {
      readonly kind: 'part';
      readonly depth: number;
      readonly part: Explained;
      readonly note: string;
    }
  | { readonly kind: 'field'; readonly depth: number; readonly field: Explained }
  | {
      /** Entries of a list with one verdict. */
      readonly kind: 'run';
      readonly depth: number;
      readonly name: string;
      readonly fields: readonly Explained[];
    };

export interface RowOptions {
  /** Nothing is folded. */
  readonly isFull: boolean;
  /** Sound parts become one line: the frame is refused or broke, and the rest is what matters. */
  readonly isFolded: boolean;
  /** Fields to be shown whatever is folded: they hold a suspected byte. */
  isSuspect(field: Explained): boolean;
}

export function rowsOf(
  parts: readonly Explained[],
  options: RowOptions,
  depth = 0,
): readonly Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < parts.length; ) {
    const part = parts[at] as Explained;
    if (part.parts.length > 0) {
      const alike = options.isFull ? 1 : alikeCount(parts, at, options);
      rows.push(...partRows(parts.slice(at, at + alike), options, depth));
      at += alike;
      continue;
    }
    const run = options.isFull ? [part] : runFrom(parts, at, options);
    rows.push(rowOfRun(run, depth));
    at += run.length;
  }
  return rows;
}

function rowOfRun(run: readonly Explained[], depth: number): Row {
  const [first] = run as [Explained];
  if (run.length < runMin) return { kind: 'field', depth, field: first };
  return { kind: 'run', depth, name: listOf(first.name) ?? first.name, fields: run };
}

/** Shorter ones are shown one by one. */
const runMin = 4;

/** Entries of one list from here on that have one verdict; a single one where they are few. */
function runFrom(
  parts: readonly Explained[],
  at: number,
  { isSuspect }: RowOptions,
): readonly Explained[] {
  const first = parts[at] as Explained;
  const list = listOf(first.name);
  if (list === null || isSuspect(first)) return [first];
  let end = at + 1;
  for (; end < parts.length; end += 1) {
    const next = parts[end] as Explained;
    const isMore = listOf(next.name) === list && next.verdict === first.verdict;
    if (!isMore || next.parts.length > 0 || isSuspect(next)) break;
  }
  return end - at < runMin ? [first] : parts.slice(at, end);
}

/** `cellVoltages` of `cellVoltages[3]`; null for a field outside a list. */
export function listOf(name: string): string | null {
  return /^(.*)\[\d+\]$/.exec(name)?.[1] ?? null;
}

/** Sound entries of a list of records beyond the first two and the last are told as a number. */
function alikeCount(parts: readonly Explained[], at: number, options: RowOptions): number {
  const list = listOf((parts[at] as Explained).name);
  if (list === null || !isSound(parts[at] as Explained, options)) return 1;
  let end = at + 1;
  while (end < parts.length) {
    const next = parts[end] as Explained;
    if (listOf(next.name) !== list || !isSound(next, options)) break;
    end += 1;
  }
  return end - at;
}

/** Records that are shown before the rest is told as a number. */
const recordsShown = 2;

function partRows(alike: readonly Explained[], options: RowOptions, depth: number): readonly Row[] {
  if (alike.length <= recordsShown + 1) {
    return alike.flatMap((part) => onePart(part, options, depth));
  }
  const hidden = alike.slice(recordsShown, -1);
  const [from, to] = [hidden[0] as Explained, hidden.at(-1) as Explained];
  const name = `${listOf(from.name)}[${indexOf(from)}..${indexOf(to)}]`;
  const folded = { ...from, name, end: to.end };
  const note = `${hidden.length} more, all in range (--full shows them)`;
  return [
    ...alike.slice(0, recordsShown).flatMap((part) => onePart(part, options, depth)),
    { kind: 'part', depth, part: folded, note },
    ...onePart(alike.at(-1) as Explained, options, depth),
  ];
}

export function indexOf({ name }: Explained): string {
  return /\[(\d+)\]$/.exec(name)?.[1] ?? '';
}

function onePart(part: Explained, options: RowOptions, depth: number): readonly Row[] {
  const { isFolded, isFull } = options;
  const isWhole = !isFolded || isFull || part.verdict === 'broken' || part.name === 'header';
  if (isWhole) return whole(part, options, depth);
  if (isSound(part, options)) {
    const count = countOf(part);
    return [{ kind: 'part', depth, part, note: `${count} fields, all in range` }];
  }
  const shown = part.parts.flatMap((inner) => (isSound(inner, options) ? [] : [inner]));
  const note = `${countOf(part)} fields, all in range but:`;
  return [{ kind: 'part', depth, part, note }, ...rowsOf(shown, options, depth + 1)];
}

function whole(part: Explained, options: RowOptions, depth: number): readonly Row[] {
  return [{ kind: 'part', depth, part, note: '' }, ...rowsOf(part.parts, options, depth + 1)];
}

function isSound(part: Explained, options: RowOptions): boolean {
  if (part.parts.length > 0) return part.parts.every((inner) => isSound(inner, options));
  const isPlain = part.verdict === 'ok' || (part.verdict === 'opaque' && part.expected === null);
  return isPlain && !options.isSuspect(part);
}

function countOf(part: Explained): number {
  return part.parts.reduce((sum, inner) => sum + Math.max(1, countOf(inner)), 0);
}
