// The one logger: JSON lines, a constant sentence plus fields. What is worth a line is for the
// caller to say.

import { type DestinationStream, pino } from 'pino';
import { setting } from './config.ts';
import { choice } from './config-schemas.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export type LogLevel = (typeof levels)[number];

/** `log.warn({ broker, attempt }, 'Kafka is unreachable; holding acknowledgements.')` */
export interface LogMethod {
  (fields: object, sentence: string): void;
  (sentence: string): void;
}

export interface Logger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  /** Adds the fields to every line. */
  child(fields: Readonly<Record<string, unknown>>): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Of the service. */
  readonly name: string;
  /** For tests; stdout otherwise, written at once so that a last line is never lost. */
  readonly destination?: DestinationStream;
}

/** An error under `err` is written with type, message, stack and cause. */
export function createLogger({ level, name, destination }: LoggerOptions): Logger {
  const options = {
    level,
    name,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: secretPaths, censor: '***' },
  };
  return pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
}

export const logSettings = {
  logLevel: setting({
    name: 'LOG_LEVEL',
    schema: choice(levels),
    default: 'info',
    example: 'debug',
    doc: 'Lines below this level are not written.',
  }),
};

const secretNames = ['password', 'passphrase', 'secret', 'token', 'authorization', 'privateKey'];

// Two levels deep: pino's paths have no "anywhere", and fields are flat by habit.
const secretPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
