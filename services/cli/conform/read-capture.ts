// The lines of a capture from a file or stdin, as they come; of a file of bytes its frames.

import { createReadStream } from 'node:fs';
import { type ExplainedCodec, explainedCodecNames, guessCodec } from '../explain/codecs.ts';
import { LineCutter } from '../line-cutter.ts';
import { isBinary, type Line, parseLine } from './capture.ts';

export interface CaptureSource {
  /** Null: stdin. */
  readonly path: string | null;
  readonly input: AsyncIterable<Uint8Array>;
  /** For a file of bytes; null: guessed. */
  readonly codec: ExplainedCodec | null;
}

/** 1 MiB of payload as hex. */
const lineBytesMax = 2 * 1024 * 1024;

/** Of a file of bytes, which is held whole. */
const binaryBytesMax = 256 * 1024 * 1024;

export async function* readCapture(source: CaptureSource): AsyncGenerator<Line> {
  const chunks = source.path === null ? source.input : createReadStream(source.path);
  const cutter = new LineCutter({ bytesMax: lineBytesMax });
  const binary: Uint8Array[] = [];
  let lineCount = 0;
  let isFirst = true;
  for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
    const isBytes = binary.length > 0 || (isFirst && isBinary(chunk.subarray(0, 4096)));
    isFirst = false;
    if (isBytes) {
      binary.push(chunk);
      if (lengthOf(binary) > binaryBytesMax) throw new RangeError('a file of bytes is too long');
      continue;
    }
    const lines = cutter.push(chunk);
    yield* lines.map((line, at) => lineOf(line, lineCount + at + 1));
    lineCount += lines.length;
  }
  if (binary.length > 0) yield* framesOf(Buffer.concat(binary), source.codec);
  else yield* cutter.end().map((line, at) => lineOf(line, lineCount + at + 1));
}

function lineOf(line: ReturnType<LineCutter['push']>[number], number: number): Line {
  if (line.kind === 'text') return parseLine(line.text, number, explainedCodecNames);
  const detail = `line of at most ${lineBytesMax} characters wanted, found ${line.length}`;
  return { kind: 'fault', line: number, detail };
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/** Frame after frame, as the codec parts them. */
function* framesOf(bytes: Buffer, given: ExplainedCodec | null): Generator<Line> {
  const codec = given ?? guessCodec(bytes).entry;
  for (const outcome of codec.decode(bytes)) {
    const offset = outcome.bytes.byteOffset - bytes.byteOffset;
    const payload = bytes.subarray(offset, offset + outcome.bytes.length);
    const entry = { line: null, offset, at: null, mqttTopic: null, codec: codec.codec, payload };
    yield { kind: 'entry', entry };
  }
}
