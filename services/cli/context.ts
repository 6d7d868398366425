// What every command is given, and the one error by which it says that it did not do its work.

import type { Environment } from '#shared/runtime/config.ts';

export interface CliContext {
  readonly env: Environment;
  /** A line of the result. */
  out(line: string): void;
  /** A line about what went wrong. */
  err(line: string): void;
  /** How far it is, over what stood there before; empty takes it away. For a terminal only. */
  progress(text: string): void;
  /** What is piped in. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Whether colours help: a terminal reads, and nobody said NO_COLOR. */
  readonly isColoured: boolean;
  /** Of the terminal; null for a pipe. */
  readonly columns: number | null;
  /** From the first call on, Ctrl-C, SIGTERM and a reader that left abort it and end nothing. */
  untilStopped(): AbortSignal;
  /** Null: nobody sits there. */
  readonly terminal: Terminal | null;
}

export interface Terminal {
  /** What was typed, without the line break; empty where nothing was. */
  ask(question: string): Promise<string>;
  /** In place of all that stands there. */
  redraw(lines: readonly string[]): void;
}

/** Refused or failed: its message is all that a person is shown, one line for each fault. */
export class CommandFailed extends Error {
  readonly code = 'COMMAND_FAILED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandFailed';
  }
}

/** Options given on the command line stand in for the setting of that name. */
export function withOptions(
  env: Environment,
  options: Readonly<Record<string, string | undefined>>,
): Environment {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...env, ...Object.fromEntries(given) };
}
