// Answered means stored: every frame that wants an answer got one, none before its record was
// there.

import type { Ledger } from './entries.ts';
import { FindingList, type Findings } from './findings.ts';
import type { Slot } from './slots.ts';

export interface AnswerFindings {
  readonly wantedCount: number;
  readonly gotCount: number;
  readonly missing: Findings;
  /** Given before Kafka had the record. */
  readonly early: Findings;
  /** Answers that nobody waited for. */
  readonly strange: Findings;
  /** Further answers to a frame that was delivered more than once. */
  readonly repeatedCount: number;
}

/** `skewMs`: how far the clocks of fleet and Kafka may be apart; null: too far to compare. */
export function checkAnswers(
  slots: Iterable<Slot>,
  { answers }: Pick<Ledger, 'answers'>,
  skewMs: number | null,
): AnswerFindings {
  const waiting = waitingOf(slots);
  const strange = new FindingList();
  const missing = new FindingList();
  const early = new FindingList();
  for (const { vehicleId, key, at } of answers) {
    const wanted = waiting.get(`${vehicleId} ${key}`);
    if (wanted === undefined) strange.add(`${vehicleId}: ${key ?? 'no intact frame'}`);
    else wanted.answeredAt.push(at);
  }
  const sums = { wantedCount: 0, gotCount: 0, repeatedCount: 0 };
  for (const [who, { wantedCount, answeredAt, appendedAt }] of waiting) {
    const gotCount = Math.min(wantedCount, answeredAt.length);
    sums.wantedCount += wantedCount;
    sums.gotCount += gotCount;
    sums.repeatedCount += answeredAt.length - gotCount;
    for (let at = gotCount; at < wantedCount; at += 1) missing.add(who);
    if (skewMs !== null) tellEarly(early, who, { answeredAt, appendedAt, skewMs });
  }
  return { ...sums, missing, early, strange };
}

/** Frames whose answers look alike: those of one vehicle with the same command and time. */
interface Waiting {
  wantedCount: number;
  readonly answeredAt: number[];
  readonly appendedAt: number[];
}

function waitingOf(slots: Iterable<Slot>): Map<string, Waiting> {
  const waiting = new Map<string, Waiting>();
  for (const { expected, vehicleId, sends, copies } of slots) {
    if (expected.answer === null) continue;
    const key = `${vehicleId} ${expected.answer}`;
    const entry = waiting.get(key) ?? { wantedCount: 0, answeredAt: [], appendedAt: [] };
    entry.wantedCount += sends.length;
    for (const { appendedAt } of copies) entry.appendedAt.push(appendedAt);
    waiting.set(key, entry);
  }
  return waiting;
}

interface Times extends Pick<Waiting, 'answeredAt' | 'appendedAt'> {
  readonly skewMs: number;
}

/** The first answer needs the first record, the second one the second, and so on. */
function tellEarly(early: FindingList, who: string, times: Times): void {
  const answered = [...times.answeredAt].sort((a, b) => a - b);
  const appended = [...times.appendedAt].sort((a, b) => a - b);
  for (const [at, answeredAt] of answered.entries()) {
    const storedAt = appended[at];
    if (storedAt !== undefined && answeredAt + times.skewMs < storedAt) {
      early.add(`${who}: answered ${storedAt - answeredAt} ms before it was stored`);
    }
  }
}
