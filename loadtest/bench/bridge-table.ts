// What `bench -- bridge` prints: a table for people, one object for programs.

import type { Round } from './backlog-round.ts';
import type { BridgeBenchResult, Measured } from './bridge-bench.ts';
import { rounded, type Spread, showSpread, spreadOf } from './spread.ts';

export function bridgeLines({ mqtt, ours, handWritten }: BridgeBenchResult): readonly string[] {
  const columns = handWritten === undefined ? [ours] : [ours, handWritten];
  const line = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(34)}${cells.map((cell) => cell.padEnd(30)).join('')}`.trimEnd();
  const row = (name: string, key: keyof Round, decimals: number): string =>
    line(
      name,
      columns.map((measured) => showSpread(spreadIn(measured, key), decimals)),
    );
  const lines = [
    `Node ${process.version}, backlog in ${mqtt}, one Kafka node, 12 partitions;`,
    `median [range] of ${ours.rounds.length} rounds:`,
    line('', ['bridge', 'hand-written'].slice(0, columns.length)),
    line(
      'frames a round',
      columns.map(({ frames }) => String(frames)),
    ),
    row('frames/s', 'framesPerSecond', 0),
    row('CPU µs per frame', 'cpuMicrosPerFrame', 1),
    row('MQTT broker, CPU µs per frame', 'mqttCpuMicrosPerFrame', 1),
    row('Kafka, CPU µs per frame', 'kafkaCpuMicrosPerFrame', 1),
    row('bytes stored per frame', 'storedBytesPerFrame', 0),
    row('receipt to append, p50 ms', 'p50Ms', 0),
    row('receipt to append, p99 ms', 'p99Ms', 0),
    line(
      'RSS peak, MiB',
      columns.map(({ rssPeakMb }) => rssPeakMb.toFixed(0)),
    ),
  ];
  if (handWritten === undefined) return lines;
  return [...lines, `The hand-written bridge uses ${ratioOf(ours, handWritten)} times the CPU.`];
}

export function bridgeSummary({ mqtt, ours, handWritten }: BridgeBenchResult): object {
  const own = { mqtt, ...summaryOf(ours) };
  if (handWritten === undefined) return own;
  const ratio = ratioOf(ours, handWritten);
  return { ...own, handWritten: summaryOf(handWritten), ratio };
}

function summaryOf(measured: Measured): object {
  const median = (key: keyof Round, decimals: number): number =>
    rounded(spreadIn(measured, key).median, decimals);
  return {
    cpuMicrosPerFrame: median('cpuMicrosPerFrame', 2),
    framesPerSecond: median('framesPerSecond', 0),
    rssMb: rounded(measured.rssPeakMb, 0),
    p50Ms: median('p50Ms', 0),
    p99Ms: median('p99Ms', 0),
    mqttCpuMicrosPerFrame: median('mqttCpuMicrosPerFrame', 2),
    kafkaCpuMicrosPerFrame: median('kafkaCpuMicrosPerFrame', 2),
    storedBytesPerFrame: median('storedBytesPerFrame', 0),
  };
}

function ratioOf(ours: Measured, handWritten: Measured): number {
  const of = (measured: Measured) => spreadIn(measured, 'cpuMicrosPerFrame').median;
  return rounded(of(handWritten) / of(ours), 1);
}

function spreadIn({ rounds }: Measured, key: keyof Round): Spread {
  return spreadOf(rounds.map((round) => round[key]));
}
