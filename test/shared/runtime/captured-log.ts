// A logger whose lines a test can read as objects.

import { createLogger, type Logger, type LogLevel } from '#shared/runtime/log.ts';

export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: string;
  readonly msg: string;
}

export interface CapturedLog {
  readonly log: Logger;
  readonly lines: readonly LogLine[];
}

export function captureLog(level: LogLevel = 'info'): CapturedLog {
  const lines: LogLine[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line) as LogLine) };
  return { log: createLogger({ level, name: 'test', destination }), lines };
}
