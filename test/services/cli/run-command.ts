// Runs a command of `fleetwire` in this process, without a terminal, and keeps what it says.

import { Readable } from 'node:stream';
import { runCli } from '#services/cli/run-cli.ts';
import type { Environment } from '#shared/runtime/config.ts';

export interface CommandRun {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** `line` is split at its spaces. */
export async function runCommand(
  line: string,
  env: Environment = {},
  input: readonly Uint8Array[] = [],
): Promise<CommandRun> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCli(line.split(' ').filter(Boolean), {
    env,
    progress: () => {},
    input: Readable.from(input),
    isColoured: env['COLOURED'] === 'yes',
    columns: null,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    untilStopped: () => new AbortController().signal,
    terminal: null,
  });
  return { code, out, err };
}
