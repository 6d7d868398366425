// `fleetwire explain`: every byte of a payload, what is wrong with it, and what it becomes. Needs
// no setting and no neighbour.

import { type Command, InvalidArgumentError } from 'commander';
import { type CliContext, CommandFailed } from '../context.ts';
import { type ExplainedCodec, explainedCodecNames, explainedCodecs } from '../explain/codecs.ts';
import { paintFor } from '../explain/paint.ts';
import { readPayload } from '../explain/read-payload.ts';
import { screenOf } from '../explain/screen.ts';
import { type Story, storyOf } from '../explain/story.ts';
import { storyJson } from '../explain/story-json.ts';

export function addExplainCommand(program: Command, context: CliContext): void {
  const command = program
    .command('explain')
    .description('every byte of a payload, what is wrong with it, and the record it becomes')
    .usage('<codec> [hex | file | -] [options]')
    .argument('[words...]', 'the codec, then hex, a file of hex, JSON or bytes, or - for stdin', [])
    .option('--codec <codec>', 'in place of the first word')
    .option('--vehicle <id>', 'of the topic; that of the frame where it is left out')
    .option('--received <time>', 'when it came, ISO 8601; now where it is left out', parseTime)
    .option('--keys <folder>', 'PEM files by which signatures are checked (GB/T 32960.3-2025)')
    .option('--full', 'nothing is folded, and what each field means')
    .option('--width <columns>', 'of the screen', (text) => Math.max(60, Number(text) || 0))
    .option('--json', 'one JSON object, for tools')
    .addHelpText('after', example)
    .action((words: readonly string[], options: ExplainOptions) => {
      const [codec, payload] =
        options.codec === undefined ? [words[0] ?? '', words.slice(1)] : [options.codec, words];
      if (![...explainedCodecNames, 'auto'].includes(codec)) {
        const wanted = `${explainedCodecNames.join(', ')} or auto`;
        const found = codec === '' ? 'nothing' : JSON.stringify(codec.slice(0, 40));
        command.error(`fleetwire: a codec wanted: ${wanted}; found ${found}`, { exitCode: 2 });
      }
      return explain({ ...options, codec, words: payload }, command, context);
    });
}

const example = `
Codecs:
${explainedCodecs.map(({ codec, title }) => `  ${codec.padEnd(16)} ${title}`).join('\n')}
  auto             by the first bytes; the guess is named

Hex may have spaces, line breaks, 0x, commas, colons and dashes.
Ends with 0 where every frame becomes a record, 1 where one is refused, 2 for wrong usage.

Examples:
  fleetwire explain gb32960 2323 07 fe 4c54455354564e30303030303030303031 01 0000 bb
  fleetwire explain auto capture.hex
  mosquitto_sub -t 'v1/up/+/gb32960' -C 1 | fleetwire explain gb32960 -
  fleetwire explain gb32960 frame.bin --json | jq '.suspicions'`;

interface ExplainOptions {
  readonly codec?: string;
  readonly vehicle?: string;
  readonly received?: number;
  readonly keys?: string;
  readonly full?: true;
  readonly width?: number;
  readonly json?: true;
}

interface ExplainWanted extends ExplainOptions {
  readonly codec: string;
  readonly words: readonly string[];
}

async function explain(
  wanted: ExplainWanted,
  command: Command,
  context: CliContext,
): Promise<void> {
  const payload = await readPayload(wanted.words, context);
  if (payload.kind === 'fault') command.error(`fleetwire: ${payload.detail}`, { exitCode: 2 });
  const { bytes } = payload as { readonly bytes: Buffer };
  const story = await storyOf({
    payload: bytes,
    entry: entryOf(wanted.codec),
    vehicleId: wanted.vehicle ?? null,
    receivedAt: wanted.received ?? Date.now(),
    keysFolder: wanted.keys ?? null,
  });
  if (wanted.json) context.out(JSON.stringify(storyJson(story)));
  else for (const line of linesOf(story, wanted, context)) context.out(line);
  if (!story.isAccepted) throw new CommandFailed(refusedText(story));
}

function linesOf(story: Story, wanted: ExplainWanted, context: CliContext): readonly string[] {
  const width = wanted.width ?? Math.max(80, Math.min(context.columns ?? 100, 160));
  return screenOf(story, { paint: paintFor(context), width, isFull: wanted.full === true });
}

/** Null for `auto`. */
function entryOf(name: string): ExplainedCodec | null {
  return explainedCodecs.find(({ codec }) => codec === name) ?? null;
}

function refusedText({ becomes: { refusals }, outcomes }: Story): string {
  const codes = [...new Set(refusals.map(({ code }) => code))].join(', ');
  return `refused: ${refusals.length} of ${Math.max(outcomes.length, 1)} frames (${codes})`;
}

function parseTime(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new InvalidArgumentError('a time such as 2026-05-01T12:05:07+08:00 wanted.');
  return at;
}
