// `fleetwire decode <codec>`: hex payloads in, one a line; what the bridge makes of them out, one
// line of JSON each. Needs no setting and no neighbour.

import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { describeMessage as describeGb32960 } from '#shared/frame/gb32960/describe-message.ts';
import * as gb32960Gateway from '#shared/frame/gb32960-gateway/describe-message.ts';
import { describeMessage as describeJson } from '#shared/frame/json/describe-message.ts';
import { describeMessage as describeJt808 } from '#shared/frame/jt808/describe-message.ts';
import * as jt808Gateway from '#shared/frame/jt808-gateway/describe-message.ts';
import { describeMessage as describePresence } from '#shared/frame/presence/describe-message.ts';
import { type CliContext, CommandFailed } from '../context.ts';
import { type Line, LineCutter } from '../line-cutter.ts';

/** A payload as plain JSON values. */
export type Describe = (payload: Buffer) => object;

/** What a codec makes of a payload, for people and other programs. */
export const describers: Readonly<Record<string, Describe>> = {
  gb32960: describeGb32960,
  jt808: describeJt808,
  json: describeJson,
  'gb32960-gateway': gb32960Gateway.describeMessage,
  'jt808-gateway': jt808Gateway.describeMessage,
  presence: describePresence,
};

export function addDecodeCommands(program: Command, context: CliContext): void {
  const decode = program
    .command('decode')
    .description('what the bytes of a payload mean, or why they are refused');
  for (const [codec, describe] of Object.entries(describers)) {
    decode
      .command(codec)
      .description('read hex payloads from stdin, one a line, and print one line of JSON for each')
      .action(() => decodeStdin(describe, context));
  }
}

async function decodeStdin(describe: Describe, context: CliContext): Promise<void> {
  const { stdin, stdout } = process;
  if (stdin.isTTY) context.err('fleetwire: reads hex payloads, one a line; Ctrl-D ends them.');
  const tally = { lineCount: 0, faultCount: 0 };
  const decoded = (chunks: AsyncIterable<Uint8Array>) => decodeLines(chunks, describe, tally);
  try {
    await pipeline(stdin, decoded, stdout, { end: false });
    await new Promise((resolve) => stdout.write('', resolve));
  } catch (error) {
    // Who reads has read enough, as `head` does.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return;
    throw error;
  }
  const { lineCount, faultCount } = tally;
  if (faultCount === 0) return;
  throw new CommandFailed(
    `hex payloads wanted, found ${faultCount} of ${lineCount} lines that are none`,
  );
}

export interface LineTally {
  lineCount: number;
  /** Lines that are no hex payload. */
  faultCount: number;
}

/** 1 MiB of payload: 16 times what a frame can be. */
export const lineBytesMax = 2 * 1024 * 1024;

/** So many characters are handed on at once: a write for each line costs more than its decode. */
const batchLength = 64 * 1024;

/** Lines of JSON, as many as lines of text; nothing more is read while nobody takes them. */
export async function* decodeLines(
  chunks: AsyncIterable<Uint8Array>,
  describe: Describe,
  tally: LineTally,
): AsyncGenerator<string> {
  const cutter = new LineCutter({ bytesMax: lineBytesMax });
  for await (const chunk of chunks) yield* batchesOf(cutter.push(chunk), describe, tally);
  yield* batchesOf(cutter.end(), describe, tally);
}

function* batchesOf(
  lines: readonly Line[],
  describe: Describe,
  tally: LineTally,
): Generator<string> {
  let batch = '';
  for (const line of lines) {
    batch += `${JSON.stringify(decodeLine(line, describe, tally))}\n`;
    if (batch.length < batchLength) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}

function decodeLine(line: Line, describe: Describe, tally: LineTally): object {
  tally.lineCount += 1;
  const fault = faultOf(line);
  if (line.kind === 'text' && fault === null) {
    return describe(Buffer.from(line.text.trim(), 'hex'));
  }
  tally.faultCount += 1;
  return { error: { line: tally.lineCount, ...fault } };
}

interface LineFault {
  readonly code: 'line_oversize' | 'hex_digit' | 'hex_odd';
  /** In the line, from 0. */
  readonly offset: number;
  readonly detail: string;
}

function faultOf(line: Line): LineFault | null {
  if (line.kind === 'oversize') {
    const detail = `line of at most ${lineBytesMax} characters wanted, found ${line.length}`;
    return { code: 'line_oversize', offset: lineBytesMax, detail };
  }
  const indent = line.text.length - line.text.trimStart().length;
  const text = line.text.trim();
  const at = text.search(/[^0-9a-f]/i);
  if (at !== -1) {
    const detail = `hex digits wanted, found ${JSON.stringify(text[at])}`;
    return { code: 'hex_digit', offset: indent + at, detail };
  }
  if (text.length % 2 === 0) return null;
  const detail = `an even number of hex digits wanted, found ${text.length}`;
  return { code: 'hex_odd', offset: indent + text.length, detail };
}
