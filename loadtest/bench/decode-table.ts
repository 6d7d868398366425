// What `bench -- decode` prints: a table for people, one object for programs.

import type { DecodeResult } from './decode-bench.ts';
import { rounded, type Spread, showSpread } from './spread.ts';

export function decodeLines(result: DecodeResult): readonly string[] {
  const { nanosPerFrame: nanos, slowest, frameBytes, recordBytes } = result;
  const line = (name: string, spread: Spread): string =>
    `  ${name.padEnd(14)}${showSpread(spread, 0)}`;
  return [
    `CPU ns per frame, median [range]; report of ${frameBytes} bytes, record of ${recordBytes}:`,
    line('decode', nanos.decode),
    line('to-Telemetry', nanos.toTelemetry),
    line('Avro', nanos.avro),
    line('sum', nanos.sum),
    line('whole ingest', nanos.ingest),
    `Slowest of ${slowest.mutations} mutated frames: ${slowest.ms.toFixed(2)} ms ` +
      `(${slowest.bytes} bytes, ${slowest.outcome}).`,
  ];
}

export function decodeSummary({ nanosPerFrame, slowest, ...sizes }: DecodeResult): object {
  const medians = Object.entries(nanosPerFrame).map(([name, { median }]) => {
    return [name, Math.round(median)];
  });
  return {
    nanosPerFrame: Object.fromEntries(medians),
    slowest: { ...slowest, ms: rounded(slowest.ms, 3) },
    ...sizes,
  };
}
