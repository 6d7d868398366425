// What `bench -- decode` prints: a table for people, one object for programs.

import type { CodecResult, DecodeResult } from './decode-bench.ts';
import type { Slowest } from './slowest-mutation.ts';
import { rounded, type Spread, showSpread } from './spread.ts';

export function decodeLines({ codecs, slowest }: DecodeResult): readonly string[] {
  return [
    'CPU ns per frame, median [range]; MB of payload per CPU second:',
    ...codecs.flatMap(codecLines),
    'Slowest mutated frame (none may hold the loop up for 20 ms):',
    ...slowest.map(slowestLine),
  ];
}

function codecLines(result: CodecResult): readonly string[] {
  const { name, frameBytes, recordBytes, nanosPerFrame: nanos } = result;
  const line = (stage: string, spread: Spread): string =>
    `    ${stage.padEnd(14)}${showSpread(spread, 0).padEnd(26)}` +
    `${megabytesOf(frameBytes, spread).toFixed(0).padStart(5)} MB/s`;
  return [
    `  ${name}: frame of ${frameBytes} bytes, record of ${recordBytes}`,
    line('decode', nanos.decode),
    line('to-Telemetry', nanos.toTelemetry),
    line('Avro', nanos.avro),
    line('sum', nanos.sum),
    line('whole ingest', nanos.ingest),
  ];
}

/** Bytes per ns are GB per second. */
function megabytesOf(frameBytes: number, { median }: Spread): number {
  return (frameBytes / median) * 1000;
}

function slowestLine({ codec, mutations, ms, bytes, outcome }: Slowest): string {
  const what = `${bytes} bytes, ${outcome}, of ${mutations}`;
  return `  ${codec.padEnd(18)}${ms.toFixed(2).padStart(6)} ms  (${what})`;
}

export function decodeSummary({ codecs, slowest }: DecodeResult): object {
  return {
    codecs: codecs.map(({ nanosPerFrame, ...rest }) => {
      const medians = Object.entries(nanosPerFrame).map(([stage, { median }]) => {
        return [stage, Math.round(median)];
      });
      const megabytesPerSecond = rounded(megabytesOf(rest.frameBytes, nanosPerFrame.ingest), 1);
      return { ...rest, nanosPerFrame: Object.fromEntries(medians), megabytesPerSecond };
    }),
    slowest: slowest.map((one) => ({ ...one, ms: rounded(one.ms, 3) })),
  };
}
