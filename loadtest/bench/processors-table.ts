// What `bench -- processors` prints: a table for people, one object for programs.

import type { ProcessorRound } from './processor-round.ts';
import type { MeasuredProcessor, ProcessorsBenchResult } from './processors-bench.ts';
import { rounded, type Spread, showSpread, spreadOf } from './spread.ts';

export function processorsLines(result: ProcessorsBenchResult): readonly string[] {
  const { vehicles, state, naive } = result;
  const columns = naive === undefined ? [state] : [state, naive];
  const line = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(34)}${cells.map((cell) => cell.padEnd(30)).join('')}`.trimEnd();
  const row = (name: string, key: keyof ProcessorRound, decimals: number): string =>
    line(
      name,
      columns.map((measured) => showSpread(spreadIn(measured, key), decimals)),
    );
  const lines = [
    `Node ${process.version}, ${vehicles} vehicles, one Kafka node, 12 partitions, one Redis;`,
    `median [range] of ${state.rounds.length} rounds:`,
    line('', ['state', 'naive'].slice(0, columns.length)),
    line(
      'records a round',
      columns.map(({ records }) => String(records)),
    ),
    row('records per CPU second', 'recordsPerCpuSecond', 0),
    row('CPU µs per record', 'cpuMicrosPerRecord', 1),
    row('records/s', 'recordsPerSecond', 0),
    row('Redis, CPU µs per record', 'redisCpuMicrosPerRecord', 1),
    row('Kafka, CPU µs per record', 'kafkaCpuMicrosPerRecord', 1),
    row('state records per record', 'statesPerRecord', 2),
    line(
      'RSS peak, MiB',
      columns.map(({ rssPeakMb }) => rssPeakMb.toFixed(0)),
    ),
  ];
  if (naive === undefined) return lines;
  return [...lines, `A record costs the naive processor ${ratioOf(state, naive)} times the CPU.`];
}

export function processorsSummary({ state, naive }: ProcessorsBenchResult): object {
  const own = { stateRecordsPerCpuSecond: rateOf(state) };
  if (naive === undefined) return own;
  return { ...own, naiveRecordsPerCpuSecond: rateOf(naive), ratio: ratioOf(state, naive) };
}

function rateOf(measured: MeasuredProcessor): number {
  return rounded(spreadIn(measured, 'recordsPerCpuSecond').median, 0);
}

function ratioOf(state: MeasuredProcessor, naive: MeasuredProcessor): number {
  const of = (measured: MeasuredProcessor) => spreadIn(measured, 'cpuMicrosPerRecord').median;
  return rounded(of(naive) / of(state), 1);
}

function spreadIn({ rounds }: MeasuredProcessor, key: keyof ProcessorRound): Spread {
  return spreadOf(rounds.map((round) => round[key]));
}
