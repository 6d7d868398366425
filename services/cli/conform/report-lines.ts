// A report for people: what it was held to and how it came out, a line for each rule, and
// under each broken one what was found, where first, and how often.

import type { Paint, Tone } from '../explain/paint.ts';
import { wrapped } from '../explain/tree-lines.ts';
import {
  brokenRules,
  type Place,
  type Report,
  type RuleTally,
  type SubjectTally,
} from './report.ts';

export interface ReportOptions {
  readonly paint: Paint;
  readonly width: number;
  /** All subjects and places that were kept. */
  readonly isFull: boolean;
}

const subjectsShown = 5;

export function reportLines(report: Report, options: ReportOptions): readonly string[] {
  const tallies = [...report.tallies.values()].filter(({ checkedCount, foundCount }) => {
    return checkedCount + foundCount > 0;
  });
  const family = familyOf(report);
  return [
    headLine(report),
    '',
    ...tallies.flatMap((tally) => tallyLines(tally, family, options)),
    '',
    verdictLine(report, options),
  ];
}

function headLine({ messageCount, frameCount, byteCount, vehicles, codecs }: Report): string {
  const named = [...codecs].map(([codec, count]) => `${codec} ${figure(count)}`).join(', ');
  const cars = vehicles.size === 1 ? 'vehicle' : 'vehicles';
  return (
    `${figure(messageCount)} messages, ${figure(frameCount)} frames (${named}), ` +
    `${figure(byteCount)} bytes, ${figure(vehicles.size)} ${cars}`
  );
}

/** Clauses are those of the codec that most frames have. */
function familyOf({ codecs }: Report): 'gb32960' | 'jt808' | null {
  const [most] = [...codecs].sort(([, a], [, b]) => b - a);
  const codec = most?.[0] ?? '';
  if (codec.startsWith('gb32960')) return 'gb32960';
  return codec.startsWith('jt808') ? 'jt808' : null;
}

export function clauseOf({ rule }: RuleTally, family: 'gb32960' | 'jt808' | null): string {
  const clause = family === null ? '' : rule.clauses[family];
  if (clause === '' || /^[A-Z]/.test(clause)) return clause;
  return `${family === 'gb32960' ? 'GB/T 32960.3' : 'JT/T 808'} ${clause}`;
}

function tallyLines(
  tally: RuleTally,
  family: 'gb32960' | 'jt808' | null,
  { paint, width, isFull }: ReportOptions,
): readonly string[] {
  const { rule, checkedCount, foundCount, subjects } = tally;
  const tone: Tone = foundCount === 0 ? 'good' : rule.level === 'note' ? 'doubt' : 'fault';
  const mark = foundCount === 0 ? 'ok   ' : rule.level === 'note' ? 'note ' : 'FAULT';
  const found = foundCount === 0 ? '' : `${figure(foundCount)} in `;
  const clause = clauseOf(tally, family);
  const asked = `${found}${figure(Math.max(checkedCount, foundCount === 0 ? 0 : 1))} checked`;
  const end = clause === '' ? '' : paint('quiet', `  [${clause}]`);
  const shown = isFull ? subjects.size : subjectsShown;
  const sorted = [...subjects].sort(([, a], [, b]) => b.count - a.count);
  const more = sorted.length - shown;
  return [
    `${paint(tone, mark)} ${rule.title}: ${asked}${end}`,
    ...sorted.slice(0, shown).flatMap(([subject, one]) => {
      return subjectLines(subject, one, { width, isFull });
    }),
    ...(more > 0 ? [`        … and ${figure(more)} more kinds (--full shows them)`] : []),
  ];
}

function subjectLines(
  subject: string,
  { count, first, findings }: SubjectTally,
  { width, isFull }: Pick<ReportOptions, 'width' | 'isFull'>,
): readonly string[] {
  const often = count === 1 ? 'once' : `${figure(count)} times, first`;
  const text = `${subject}: ${often} at ${placeText(first)}: ${first.detail}`;
  const lines = wrapped(text, width - 10);
  const [head = '', ...rest] = lines;
  const places = isFull && count > 1 ? [`at ${findings.map(placeText).join('; ')}`] : [];
  return [
    `      ${head}`,
    ...rest.map((line) => `        ${line}`),
    ...places.flatMap((line) => wrapped(line, width - 10)).map((line) => `        ${line}`),
  ];
}

export function placeText({ line, offset }: Place): string {
  const parts = [
    ...(line === null ? [] : [`line ${line}`]),
    ...(offset === null ? [] : [`byte ${offset}`]),
  ];
  return parts.length === 0 ? 'the start' : parts.join(' ');
}

function verdictLine(report: Report, { paint }: ReportOptions): string {
  const broken = brokenRules(report);
  if (report.messageCount === 0) return paint('doubt', 'NOTHING TO CHECK: no payload was found');
  if (broken.length === 0) return paint('good', 'CONFORMS to every rule that applied');
  const ids = broken.map(({ rule }) => rule.id).join(', ');
  const rules = broken.length === 1 ? '1 rule is' : `${broken.length} rules are`;
  return paint('fault', `DOES NOT CONFORM: ${rules} broken (${ids})`);
}

function figure(count: number): string {
  return count.toLocaleString('en-US');
}
