// The tuning file as text: values are read and changed in place, so that all else stays as it is.

import { isMap, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { ConfigError, type ConfigFault } from '#shared/runtime/config.ts';
import type { Answer } from './answer.ts';

export interface TuningFile {
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
  /** Where the value of a key stands in the text. */
  readonly places: ReadonlyMap<string, Place>;
  /** Where a line can be put behind the last entry, and how far entries are indented. */
  readonly end: { readonly at: number; readonly indent: string };
}

interface Place {
  readonly from: number;
  readonly to: number;
}

/** Throws ConfigError: no YAML, no ConfigMap with data, or a value that is no text. */
export function parseTuning(path: string, text: string): TuningFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors.map(
    ({ message, pos }) => `${path}:${lines.linePos(pos[0]).line}: ${message}`,
  );
  if (broken.length > 0) throw errorOf(broken);
  const data = document.get('data');
  if (document.get('kind') !== 'ConfigMap' || !isMap(data) || data.items.length === 0) {
    const kind = document.get('kind') ?? 'none';
    throw errorOf([`${path}: want a ConfigMap with data, found kind ${String(kind)}`]);
  }
  return entriesOf({ path, text, data, lines });
}

interface Parsed {
  readonly path: string;
  readonly text: string;
  readonly data: YAMLMap;
  readonly lines: LineCounter;
}

function entriesOf({ path, text, data, lines }: Parsed): TuningFile {
  const values: Record<string, string> = {};
  const places = new Map<string, Place>();
  const wrong: string[] = [];
  for (const { key, value } of data.items as readonly Pair[]) {
    if (!isScalar(key) || !key.range) continue;
    const place = `${path}:${lines.linePos(key.range[0]).line}: ${String(key.value)}`;
    if (isScalar(value) && value.range && typeof value.value === 'string') {
      values[String(key.value)] = value.value;
      places.set(String(key.value), { from: value.range[0], to: value.range[1] });
    } else {
      const found = isScalar(value) ? JSON.stringify(value.value) : 'more than one value';
      wrong.push(`${place}: want text in quotes, as ConfigMaps hold nothing else, found ${found}`);
    }
  }
  if (wrong.length > 0) throw errorOf(wrong);
  return { text, values, places, end: endOf(text, [...places.values()]) };
}

function endOf(text: string, places: readonly Place[]): TuningFile['end'] {
  const last = Math.max(...places.map(({ to }) => to));
  const newline = text.indexOf('\n', last);
  const before = text.lastIndexOf('\n', last - 1) + 1;
  const indent = /^ */.exec(text.slice(before))![0];
  return { at: newline === -1 ? text.length : newline, indent };
}

/** The text with every answer in it: values in place, missing keys behind the last entry. */
export function withAnswers(file: TuningFile, answers: readonly Answer[]): string {
  const edits = answers.flatMap(({ key, value }) => {
    if (file.values[key] === value) return [];
    const place = file.places.get(key);
    if (place !== undefined) return [{ ...place, text: JSON.stringify(value) }];
    const { at, indent } = file.end;
    return [{ from: at, to: at, text: `\n${indent}${key}: ${JSON.stringify(value)}` }];
  });
  // From the end, so that places before an edit stay right; of one place, the first key first.
  const ordered = edits.reverse().sort((a, b) => b.from - a.from);
  return ordered.reduce(
    (text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to),
    file.text,
  );
}

function errorOf(texts: readonly string[]): ConfigError {
  return new ConfigError(texts.map((text): ConfigFault => ({ name: 'tuning', text })));
}
