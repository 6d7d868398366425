// The reconciliation as people read it: a table, what was found wrong, and one last line.

import type { Reconciliation } from './check.ts';
import type { ConservationFindings } from './conservation.ts';
import type { Findings } from './findings.ts';

/** Lines without colour, for a terminal and a log alike. */
export function renderReconciliation(found: Reconciliation): readonly string[] {
  const { lost, duplicates, answers, outOfOrder, conservation } = found;
  const rows: readonly Row[] = [
    { name: 'sent', count: found.sentCount, note: 'frames, each in the ledger before it left' },
    { name: 'stored', count: found.storedCount, note: 'as records equal to what was sent' },
    { name: 'quarantined', count: found.quarantinedCount, note: reasonsOf(found) },
    { name: 'records in Kafka', count: found.recordCount, note: 'all topics, copies included' },
    wrong('lost', lost.acked, 'acknowledged by the broker and not in Kafka'),
    wrong('lost, no subscriber', lost.unrouted, 'PUBACK 0x10: the broker threw it away'),
    { name: 'not acknowledged', count: lost.unacked.count, note: 'never promised, not in Kafka' },
    wrong('altered', found.altered, 'values, bytes, topic or reason differ from the truth'),
    wrong('phantom', found.phantom, 'records that nobody sent'),
    wrong('out of order', outOfOrder.unexplained, 'within one tenure of a bridge'),
    wrong('origins shared', found.sharedOrigins, 'two frames, one place in a tenure'),
    wrong('duplicates', duplicates.unexplained, 'without a cause'),
    ...explainedRows(found),
    {
      name: 'answers',
      count: answers.gotCount,
      note: `of ${number(answers.wantedCount)} wanted; ${number(answers.repeatedCount)} repeated`,
    },
    wrong('answers missing', answers.missing, 'to frames that want one'),
    wrong('answers too early', answers.early, 'before Kafka had the record'),
    wrong('answers unasked', answers.strange, ''),
    ...conservationRows(conservation),
  ];
  return [...table(rows), ...rows.flatMap(examplesOf)];
}

/** `sent 15,321 = stored 15,170 + quarantined 151; duplicates 0; lost 0` */
export function summaryOf(found: Reconciliation): string {
  const { lost, duplicates } = found;
  const lostCount = lost.acked.count + lost.unrouted.count;
  const unacked = lost.unacked.count > 0 ? ` + not acknowledged ${number(lost.unacked.count)}` : '';
  const explained = duplicates.explained.count;
  const total = explained + duplicates.unexplained.count;
  const cause = explained > 0 ? ` (${number(explained)} delivered again after a fault)` : '';
  const lostPart = lostCount > 0 ? ` + lost ${number(lostCount)}` : '';
  return (
    `sent ${number(found.sentCount)} = stored ${number(found.storedCount)} + ` +
    `quarantined ${number(found.quarantinedCount)}${unacked}${lostPart}; ` +
    `duplicates ${number(total)}${cause}; lost ${number(lostCount)}`
  );
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

interface Row {
  readonly name: string;
  readonly count: number;
  readonly note: string;
  /** Of a row that should be 0. */
  readonly examples?: readonly string[];
}

function wrong(name: string, { count, examples }: Findings, note: string): Row {
  return { name, count, note, examples };
}

/** Only where something was broken on purpose. */
function explainedRows({ duplicates, outOfOrder, redeliveryMax }: Reconciliation): readonly Row[] {
  const copies = duplicates.explained.count;
  const late = outOfOrder.explained.count;
  if (copies === 0 && late === 0) return [];
  return [
    {
      name: 'delivered again',
      count: copies,
      note: `after a fault; at most ${number(redeliveryMax)} expected`,
    },
    { name: 'late by redelivery', count: late, note: 'older than what came before it' },
  ];
}

function reasonsOf({ quarantinedByReason }: Reconciliation): string {
  const byCount = [...quarantinedByReason].sort(([, a], [, b]) => b - a);
  return byCount.map(([reason, count]) => `${reason} ${number(count)}`).join(', ');
}

/** Only where a bridge was asked. */
function conservationRows({ scrapeCount, breaches }: ConservationFindings): readonly Row[] {
  if (scrapeCount === 0) return [];
  const law = 'received = produced + quarantined + returned + in flight';
  return [wrong('ledger breaches', breaches, `${law}, at ${number(scrapeCount)} scrapes`)];
}

function table(rows: readonly Row[]): readonly string[] {
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const countWidth = Math.max(...rows.map(({ count }) => number(count).length));
  return rows.map(({ name, count, note }) =>
    `  ${name.padEnd(nameWidth)}  ${number(count).padStart(countWidth)}  ${note}`.trimEnd(),
  );
}

function examplesOf({ name, count, examples = [] }: Row): readonly string[] {
  if (count === 0 || examples.length === 0) return [];
  return [`  ${name}:`, ...examples.map((example) => `    ${example}`)];
}
