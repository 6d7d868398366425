// A plan in words: each answer as it stands in the tuning file, why, and the traps it avoids.

import { tableLines } from '../table.ts';
import type { Answer } from './answer.ts';
import { shown } from './arithmetic.ts';
import type { Plan } from './plan.ts';

/** What a file holds of a plan; undefined where it lacks the key. */
export type Found = Readonly<Record<string, string | undefined>>;

/** `found` null: there is no file. */
export function planLines(plan: Plan, found: Found | null): readonly string[] {
  const answers = plan.answers.flatMap((one) => answerLines(one, found));
  const rows = plan.figures.map(({ name, value, unit }) => [name, shown(value), unit]);
  const table = tableLines(
    [
      { title: 'what it comes to', align: 'left' },
      { title: '', align: 'right' },
      { title: '', align: 'left' },
    ],
    rows,
  );
  return [...answers, ...table, ...(found === null ? [] : ['', verdictLine(plan, found)])];
}

/** One line for each key whose value is not the answer. */
export function differences(plan: Plan, found: Found): readonly string[] {
  return plan.answers
    .filter(({ key, value }) => found[key] !== value)
    .map(({ key, value }) => `${key}: want "${value}", found ${quoted(found[key])}`);
}

function answerLines({ key, value, reason, traps }: Answer, found: Found | null) {
  const other = found === null || found[key] === value ? '' : `   now ${quoted(found[key])}`;
  return [
    `${key}: "${value}"${other}`,
    ...wrapped(`${reason}.`, { first: '    ', rest: '    ' }),
    ...traps.flatMap((trap) => wrapped(trap, { first: '  ! ', rest: '    ' })),
    '',
  ];
}

function verdictLine(plan: Plan, found: Found): string {
  const count = differences(plan, found).length;
  const all = `${plan.answers.length} answers`;
  if (count === 0) return `${all}: the file holds them all`;
  return `${all}, of which the file lacks ${count}; --write puts them there`;
}

function quoted(value: string | undefined): string {
  return value === undefined ? 'nothing' : `"${value}"`;
}

const columns = 98;

function wrapped(text: string, { first, rest }: { readonly first: string; readonly rest: string }) {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(' ')) {
    if (line.length + word.length > columns && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = rest;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
