// The live table: redrawn in place on a terminal, a plain line every few seconds elsewhere.

import { number } from '../ledger/reconciliation.ts';
import type { Second, Totals } from './live-view.ts';
import type { StateFigures } from './state-figures.ts';

export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface TableRow {
  readonly elapsedSeconds: number;
  readonly seconds: number;
  readonly second: Second;
  readonly totals: Totals;
  /** Null while no bridge can be asked. */
  readonly inFlightCount: number | null;
  /** Null while no state processor can be asked. */
  readonly state: StateSecond | null;
  /** What the row is about: `500 vehicles, bridges bridge-1 and bridge-2`. */
  readonly title: string;
}

export interface StateSecond extends Omit<StateFigures, 'completenessRatio'> {
  /** Since the row before. */
  readonly newlyAppliedCount: number;
}

const plainEverySeconds = 5;

export class LiveTable {
  readonly #screen: Screen;
  readonly #isRedrawn: boolean;
  #drawnCount = 0;
  #nextPlainAt = 0;

  constructor(screen: Screen, env: NodeJS.ProcessEnv) {
    this.#screen = screen;
    this.#isRedrawn = screen.isTTY === true && env['TERM'] !== 'dumb';
  }

  /** Call it once a second. */
  draw(row: TableRow): void {
    if (this.#isRedrawn) this.#redraw(blockOf(row));
    else if (row.elapsedSeconds >= this.#nextPlainAt) {
      this.#nextPlainAt = row.elapsedSeconds + plainEverySeconds;
      this.#screen.write(`${lineOf(row)}\n`);
    }
  }

  /** For a line that must stay: the table is drawn anew below it. */
  say(line: string): void {
    this.#erase();
    this.#screen.write(`${line}\n`);
  }

  #redraw(lines: readonly string[]): void {
    this.#erase();
    this.#screen.write(`${lines.join('\n')}\n`);
    this.#drawnCount = lines.length;
  }

  #erase(): void {
    // Up to the table's first line, then clear to the end of the screen.
    if (this.#drawnCount > 0) this.#screen.write(`\x1b[${this.#drawnCount}A\x1b[J`);
    this.#drawnCount = 0;
  }
}

function blockOf(row: TableRow): readonly string[] {
  const { second, totals } = row;
  const line = (name: string, rate: number, total: number, note = '') =>
    `  ${name.padEnd(12)}${`${number(rate)}/s`.padStart(9)}${number(total).padStart(12)}  ${note}`;
  return [
    `  ${clockOf(row)}  ${row.title}`,
    line('sent', second.sentCount, totals.sentCount),
    line('stored', second.storedCount, totals.storedCount),
    line('quarantined', second.quarantinedCount, totals.quarantinedCount, reasonsOf(totals, 4)),
    row.state === null
      ? `  ${'state'.padEnd(12)}${'unknown'.padStart(21)}`
      : line('state', row.state.newlyAppliedCount, row.state.appliedCount, lagOf(row.state)),
    `  ${'in flight'.padEnd(12)}${inFlightOf(row).padStart(21)}`,
    `  ${'age'.padEnd(12)}${ageOf(second)}`,
    `  ${'records of'.padEnd(12)}${codecsOf(totals)}`,
  ];
}

function lineOf(row: TableRow): string {
  const { second, totals, state } = row;
  const stateText =
    state === null ? 'unknown' : `${number(state.newlyAppliedCount)}/s ${lagOf(state)}`;
  return (
    `${clockOf(row)}  sent ${number(second.sentCount)}/s  ` +
    `stored ${number(second.storedCount)}/s  ` +
    `quarantined ${number(totals.quarantinedCount)} (${reasonsOf(totals, 3)})  ` +
    `of ${codecsOf(totals)}  ` +
    `in flight ${inFlightOf(row)}  age ${ageOf(second)}  ` +
    `state ${stateText}`
  );
}

function clockOf({ elapsedSeconds, seconds }: TableRow): string {
  return `${String(Math.min(elapsedSeconds, seconds)).padStart(3)} of ${seconds} s`;
}

function inFlightOf({ inFlightCount }: TableRow): string {
  return inFlightCount === null ? 'unknown' : number(inFlightCount);
}

function lagOf({ lagRecords, lagSeconds, onlineCount }: StateSecond): string {
  const behind = `${number(lagRecords ?? 0)} records, ${lagSeconds.toFixed(1)} s`;
  return `lag ${lagRecords === null ? 'unknown' : behind}; ${number(onlineCount)} online`;
}

function ageOf({ age }: Second): string {
  return age === null ? 'nothing stored yet' : `p50 ${age.p50Ms} ms  p99 ${age.p99Ms} ms`;
}

/** Records of each codec. */
function codecsOf({ storedByCodec }: Totals): string {
  const byName = [...storedByCodec].sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = byName.map(([codec, count]) => {
    return `${codec.replace('gb32960-', 'gb')} ${number(count)}`;
  });
  return shown.length === 0 ? 'no codec yet' : shown.join(', ');
}

/** The commonest reasons, and how many others there are. */
function reasonsOf({ quarantinedByReason }: Totals, shownCount: number): string {
  const byCount = [...quarantinedByReason].sort(([, a], [, b]) => b - a);
  const shown = byCount.slice(0, shownCount).map(([reason, count]) => `${reason} ${count}`);
  const others = byCount.slice(shownCount).reduce((sum, [, count]) => sum + count, 0);
  if (others > 0) shown.push(`others ${others}`);
  return shown.length === 0 ? 'none yet' : shown.join(', ');
}
