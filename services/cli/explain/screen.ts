// A story as one screen: what came of it first, then the bytes, then the record or what to do.

import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Explained } from '#shared/frame/explained.ts';
import { reasonEntry } from '#shared/frame/reasons.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { hexOf } from '../plain-value.ts';
import { valueLines } from '../record-lines.ts';
import { fieldsOf } from '../schema-fields.ts';
import type { BecomeRecord } from './becomes.ts';
import type { Paint } from './paint.ts';
import { placeOf, type Story } from './story.ts';
import { placeText, treeLines, wrapped } from './tree-lines.ts';
import { rowsOf } from './tree-rows.ts';

export interface ScreenOptions {
  readonly paint: Paint;
  readonly width: number;
  readonly isFull: boolean;
}

export function screenOf(story: Story, options: ScreenOptions): readonly string[] {
  return [
    ...headLines(story, options),
    ...story.told.flatMap((frame, at) => frameLines(story, frame, at, options)),
    ...becomesLines(story, options),
  ];
}

function headLines(story: Story, { paint, width }: ScreenOptions): readonly string[] {
  const { entry, payload, guessedBecause, suspicions } = story;
  const size = payload.length === 1 ? '1 byte' : `${payload.length} bytes`;
  const guess = guessedBecause === null ? '' : ` (guessed: ${guessedBecause})`;
  return [
    `${entry.codec}, ${size}${guess}: ${verdictOf(story, paint)}`,
    ...suspicions.flatMap((suspicion) => {
      return wrapped(suspicion, width - 2).map((line) => paint('doubt', `  ${line}`));
    }),
  ];
}

function verdictOf({ isAccepted, outcomes, becomes, told }: Story, paint: Paint): string {
  if (isAccepted) {
    const kept = outcomes.find(({ reason }) => reason !== null);
    if (kept === undefined) return paint('good', 'ACCEPTED') + paint('doubt', marksText(told));
    const how = kept.kind === 'partial' ? 'ACCEPTED IN PART' : 'ACCEPTED, KEPT AS BYTES';
    return paint('doubt', `${how}, ${kept.reason?.code}: ${kept.reason?.detail}`);
  }
  const [refusal] = becomes.refusals;
  const count = becomes.refusals.length;
  const more = outcomes.length > 1 ? ` (${count} of ${outcomes.length} frames refused)` : '';
  return paint('fault', `REFUSED, ${refusal?.code}: ${refusal?.detail}`) + more;
}

const marksNamedMax = 4;

/** Fields beyond their range, and broken ends that cost no more than themselves. */
function marksText(told: readonly Explained[]): string {
  const names = [...leavesOf(told)]
    .filter(({ verdict }) => verdict === 'out_of_range' || verdict === 'broken')
    .map(({ name }) => name);
  if (names.length === 0) return '';
  const more = names.length - marksNamedMax;
  const end = more > 0 ? ` and ${more} more` : '';
  return `, with marks on ${names.slice(0, marksNamedMax).join(', ')}${end}`;
}

function frameLines(
  story: Story,
  frame: Explained,
  at: number,
  { paint, width, isFull }: ScreenOptions,
): readonly string[] {
  const { payload, told, flips } = story;
  const flipAt = (field: Explained) => {
    return flips.find((flip) => flip.at >= field.at && flip.at < field.end);
  };
  const isFolded = told.some(({ verdict }) => verdict === 'broken') || !story.isAccepted;
  const isSuspect = (field: Explained) => flipAt(field) !== undefined;
  const remarkOn = (field: Explained) => {
    const flip = flipAt(field);
    return flip === undefined ? '' : `SUSPECT: ${placeOf(flip)}`;
  };
  const number = told.length === 1 ? '' : ` ${at + 1} of ${told.length}`;
  const place = placeText(frame.at, frame.end);
  const state = frame.expected === null ? '' : paint('fault', `  ${frame.expected}`);
  // Of many frames those that are right are a line each.
  const isShort = told.length > framesWholeMax && !isFull && frame.verdict === 'ok';
  const rows = isShort ? [] : rowsOf(frame.parts, { isFull, isFolded, isSuspect });
  return [
    '',
    `${paint('head', `${frame.name}${number}`)}, bytes ${place}${told.length === 1 ? '' : state}`,
    ...treeLines(rows, { payload, isText: isJson(payload), paint, width, isFull, remarkOn }),
  ];
}

/** Of the codecs that are no bytes. */
function isJson(payload: Uint8Array): boolean {
  return payload[0] === 0x7b || payload[0] === 0x5b;
}

const framesWholeMax = 3;

function becomesLines(story: Story, options: ScreenOptions): readonly string[] {
  const { paint, width } = options;
  const { records, answers, refusals, mqttTopic } = story.becomes;
  const kept = records.filter(({ topic }) => topic !== kafkaTopics.quarantine);
  const codes = new Set(refusals.map(({ code }) => code));
  const kinds = story.outcomes.flatMap(({ reason }) => (reason === null ? [] : [reason.code]));
  return [
    ...shownOf(kept, options).flatMap(({ topic, schema, value }) => [
      '',
      `${paint('head', `becomes a record of ${topic}`)}  ${paint('quiet', `from ${mqttTopic}`)}`,
      ...shortened(valueLines(fieldsOf(schema), value), { isShort: kinds.length > 0, ...options }),
    ]),
    ...moreRecords(kept, options),
    ...[...new Set([...codes, ...kinds])].flatMap((code) => reasonLines(code, { paint, width })),
    ...(codes.size === 0
      ? []
      : [`kept whole in ${kafkaTopics.quarantine}; the message is acknowledged all the same`]),
    ...answers.map(({ mqttTopic: down, payload }) => {
      return `answered on ${down}, once the record is stored: ${hexOf(payload)}`;
    }),
  ];
}

const recordsShownMax = 2;

/** A batch is many records of one kind. */
function shownOf(records: readonly BecomeRecord[], { isFull }: ScreenOptions) {
  return isFull ? records : records.slice(0, recordsShownMax);
}

function moreRecords(records: readonly BecomeRecord[], { isFull, paint }: ScreenOptions) {
  const more = records.length - recordsShownMax;
  if (isFull || more <= 0) return [];
  return ['', paint('quiet', `… and ${more} more records (--full shows them)`)];
}

/** Beside a break the record is not what matters. */
function shortened(
  lines: readonly string[],
  { isShort, isFull, paint }: ScreenOptions & { readonly isShort: boolean },
): readonly string[] {
  if (!isShort || isFull || lines.length <= linesShownMax + 1) return lines;
  const more = `  … ${lines.length - linesShownMax} more lines (--full shows them)`;
  return [...lines.slice(0, linesShownMax), paint('quiet', more)];
}

const linesShownMax = 6;

function reasonLines(
  code: string,
  { paint, width }: Pick<ScreenOptions, 'paint' | 'width'>,
): readonly string[] {
  const entry = reasonEntry(code);
  if (entry === null) return [];
  return [
    '',
    paint('head', `${code}: what it means, and what to do`),
    ...wrapped(entry.meaning, width - 2).map((line) => `  ${line}`),
    ...wrapped(`What to do: ${entry.toDo}`, width - 2).map((line) => `  ${line}`),
  ];
}
