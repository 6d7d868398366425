// `fleetwire conform`: a supplier's capture held to the standard, rule by rule. Needs no
// setting and no neighbour.

import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { readCapture } from '../conform/read-capture.ts';
import type { Report } from '../conform/report.ts';
import { brokenRules } from '../conform/report.ts';
import { reportJson } from '../conform/report-json.ts';
import { reportLines } from '../conform/report-lines.ts';
import { runCapture } from '../conform/run.ts';
import { type CliContext, CommandFailed } from '../context.ts';
import { explainedCodecNames, explainedCodecs } from '../explain/codecs.ts';
import { paintFor } from '../explain/paint.ts';

export function addConformCommand(program: Command, context: CliContext): void {
  const command = program
    .command('conform')
    .description("a supplier's capture held to the standard: what is right, what is wrong, where")
    .argument('<capture>', 'a file of lines or of bytes, or - for stdin')
    .addOption(
      new Option('--codec <codec>', 'of lines that name none')
        .choices([...explainedCodecNames, 'auto'])
        .default('auto'),
    )
    .option('--keys <folder>', 'PEM files by which signatures are checked (GB/T 32960.3-2025)')
    .option('--full', 'every kind of finding, and every place that was kept')
    .option('--json', 'one JSON object, for tools')
    .addHelpText('after', example)
    .action((path: string, options: ConformOptions) => {
      return conform({ path, ...options }, command, context);
    });
}

const example = `
A line is a payload: [time] [topic or codec] hex, parted by spaces, commas, semicolons or tabs. The
time is ISO 8601, epoch seconds or epoch ms; what follows # is a comment. A file of bytes holds
frame after frame.

Ends with 0 where every rule holds, 1 where one is broken, 2 for wrong usage.

Examples:
  fleetwire conform supplier.hex
  fleetwire conform --codec gb32960 drive.bin --json
  mosquitto_sub -t 'v1/up/+/gb32960' -F '%U %t %x' -W 600 | fleetwire conform -`;

interface ConformOptions {
  readonly codec: string;
  readonly keys?: string;
  readonly full?: true;
  readonly json?: true;
}

interface ConformWanted extends ConformOptions {
  readonly path: string;
}

async function conform(wanted: ConformWanted, command: Command, context: CliContext) {
  const { path } = wanted;
  if (path !== '-' && !existsSync(path)) {
    command.error(`fleetwire: a capture wanted, found no file ${path}`, { exitCode: 2 });
  }
  const codec = explainedCodecs.find((one) => one.codec === wanted.codec) ?? null;
  const lines = readCapture({ path: path === '-' ? null : path, input: context.input, codec });
  const report = await runCapture(lines, {
    codec,
    now: Date.now(),
    keysFolder: wanted.keys ?? null,
    onProgress: (so) => showProgress(so, context),
  });
  showProgress(null, context);
  if (wanted.json) {
    context.out(JSON.stringify(reportJson(report)));
  } else {
    const width = Math.max(80, Math.min(context.columns ?? 100, 160));
    const options = { paint: paintFor(context), width, isFull: wanted.full === true };
    for (const line of reportLines(report, options)) context.out(line);
  }
  failOn(report);
}

function failOn(report: Report): void {
  if (report.messageCount === 0) throw new CommandFailed('payloads wanted, found none');
  const broken = brokenRules(report);
  if (broken.length === 0) return;
  throw new CommandFailed(`${broken.length} of the rules broken`);
}

/** Over itself on a terminal, nothing in a pipe; null takes it away. */
function showProgress(report: Report | null, { progress }: CliContext): void {
  progress(report === null ? '' : `${report.messageCount.toLocaleString('en-US')} messages`);
}
