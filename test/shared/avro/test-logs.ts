// Loggers for tests: one that says nothing, one that remembers.

import { createLogger, type Logger } from '#shared/runtime/log.ts';

export const silentLog: Logger = createLogger({ level: 'silent', name: 'test' });

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface RememberingLog {
  readonly log: Logger;
  readonly lines: LogLine[];
}

export function createRememberingLog(): RememberingLog {
  const lines: LogLine[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) };
  return { log: createLogger({ level: 'debug', name: 'test', destination }), lines };
}
