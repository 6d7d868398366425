// What `bench -- bridge` prints: a table for people, one object for programs.

import type { Round } from './backlog-round.ts';
import type { BridgeBenchResult, Measured } from './bridge-bench.ts';
import { cpuStages } from './cpu-stages.ts';
import type { Latency } from './paced-round.ts';
import { rounded, type Spread, showSpread, spreadOf } from './spread.ts';

export function bridgeLines(result: BridgeBenchResult): readonly string[] {
  const { mqtt, partitions, client, ours, handWritten } = result;
  const columns = handWritten === undefined ? [ours] : [ours, handWritten];
  const line = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(34)}${cells.map((cell) => cell.padEnd(30)).join('')}`.trimEnd();
  const row = (name: string, key: keyof Round, decimals: number): string =>
    line(
      name,
      columns.map((measured) => showSpread(spreadIn(measured, key), decimals)),
    );
  const lines = [
    `Node ${process.version}, backlog in ${mqtt}, one Kafka node, ` +
      `${partitions} partitions, ${client};`,
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
  if (handWritten !== undefined) {
    lines.push(`The hand-written bridge uses ${ratioOf(ours, handWritten)} times the CPU.`);
  }
  return [...lines, ...stageLines(result), ...pacedLines(result)];
}

/** They add up to the CPU time of a frame. */
export function stageMicros({ ours, stages }: Pick<BridgeBenchResult, 'ours' | 'stages'>) {
  const main = spreadIn(ours, 'mainThreadMicrosPerFrame').median;
  const own = cpuStages.map((stage) => [stage, main * (stages.get(stage) ?? 0)] as const);
  const all = spreadIn(ours, 'cpuMicrosPerFrame').median;
  return new Map<string, number>([...own, ['other threads', Math.max(0, all - main)]]);
}

function stageLines(result: BridgeBenchResult): readonly string[] {
  const stages = [...stageMicros(result)];
  return [
    'of these, by the shares of a profiled round, CPU µs per frame:',
    ...stages.map(([name, micros]) => `  ${name.padEnd(34)}${micros.toFixed(2)}`),
  ];
}

function pacedLines({ paced: { unpaced, paced } }: BridgeBenchResult): readonly string[] {
  const load = `${show(paced.framesPerSecond)} of ${show(unpaced.framesPerSecond)} frames/s`;
  return [
    `at ${load} that broker, bridge and Kafka sustain together, p50 / p99 / max:`,
    `  ${'from PUBLISH to append, ms'.padEnd(34)}${latency(paced.whole)}`,
    `  ${'of it from receipt, ms'.padEnd(34)}${latency(paced.bridge)}`,
  ];
}

function latency({ p50Ms, p99Ms, maxMs }: Latency): string {
  return `${p50Ms} / ${p99Ms} / ${maxMs}`;
}

function show(count: number): string {
  return count.toLocaleString('en-GB', { maximumFractionDigits: 0 });
}

export function bridgeSummary(result: BridgeBenchResult): object {
  const { mqtt, partitions, client, ours, paced, handWritten } = result;
  const micros = [...stageMicros(result)].map(([name, time]) => [name, rounded(time, 2)]);
  const stages = Object.fromEntries(micros);
  const own = { mqtt, partitions, client, ...summaryOf(ours), stages, ...pacedSummary(paced) };
  if (handWritten === undefined) return own;
  const ratio = ratioOf(ours, handWritten);
  return { ...own, handWritten: summaryOf(handWritten), ratio };
}

function pacedSummary({ unpaced, paced }: BridgeBenchResult['paced']): object {
  const { framesPerSecond, whole, bridge } = paced;
  return {
    sustainedFramesPerSecond: rounded(unpaced.framesPerSecond, 0),
    paced: { framesPerSecond: rounded(framesPerSecond, 0), whole, bridge },
  };
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
