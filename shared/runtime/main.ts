// The frame around every program's life: signals, deadline, exit codes, the last line of the log.
// Exit codes: 0 done or stopped as told, 1 our fault or out of time, 78 bad configuration.

import { ConfigError } from './config.ts';
import { createLogger, type Logger } from './log.ts';
import { shareLookups } from './lookups.ts';

export interface MainOptions {
  /** Of the program, for the log. */
  readonly name: string;
  /** From the first signal to a forced exit. */
  readonly deadlineMs?: number;
  /** A repeat of the signal within this time is the first one's echo. */
  readonly echoMs?: number;
}

/** What the program may tell its frame once it knows its configuration. */
export interface Life {
  /** Replaces the logger used until now (level info). */
  useLog(log: Logger): void;
  /** Replaces `deadlineMs`. */
  useDeadline(deadlineMs: number): void;
  /** Names work that outlives its caller: the deadline's line says what still hangs. */
  own<T>(name: string, work: Promise<T>): Promise<T>;
}

/** Why the signal aborted; work that rejects with it has stopped as told. */
export class StopRequested extends Error {
  readonly code = 'STOP_REQUESTED';

  constructor(signalName: NodeJS.Signals) {
    super(`${signalName} asked the program to stop`);
    this.name = 'StopRequested';
  }
}

/**
 * Runs `main` and exits the process when it is done. SIGTERM and SIGINT abort `signal`; `main` then
 * drains and returns. A second signal exits at once. Call it once, last, from a program's entry.
 */
export async function runMain(
  main: (signal: AbortSignal, life: Life) => Promise<void>,
  options: MainOptions,
): Promise<never> {
  shareLookups();
  const stop = new AbortController();
  const frame = createFrame(options, stop);
  process.on('SIGTERM', frame.onSignal);
  process.on('SIGINT', frame.onSignal);
  // Unhandled rejections arrive here too, as Node raises them by default.
  process.on('uncaughtException', (error, origin) => {
    frame.log().fatal({ err: error, origin }, 'A fault of ours; exiting.');
    process.exit(1);
  });
  try {
    await main(stop.signal, frame.life);
  } catch (error) {
    if (!isStop(error, stop.signal)) exitWith(error, frame.log());
  }
  if (stop.signal.aborted) frame.log().info('Stopped.');
  process.exit(0);
}

function isStop(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  // Node's own APIs wrap the reason: an AbortError with the reason as cause.
  const cause = error instanceof Error && error.name === 'AbortError' ? error.cause : undefined;
  return error === signal.reason || cause === signal.reason;
}

function exitWith(error: unknown, log: Logger): never {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
  log.fatal({ err: error }, 'A fault of ours; exiting.');
  process.exit(1);
}

/** The 45 s that a pod is given, less time for the kubelet and the exit itself. */
const defaultDeadlineMs = 40_000;

/** Ctrl-C reaches us from the terminal and again from npm, which forwards it. */
const defaultEchoMs = 500;

function createFrame(options: MainOptions, stop: AbortController) {
  let log = createLogger({ level: 'info', name: options.name });
  let deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  const echoMs = options.echoMs ?? defaultEchoMs;
  const owned = new Map<symbol, string>();
  let firstAt: number | undefined;

  const onDeadline = () => {
    log.fatal(
      {
        deadlineMs,
        hanging: [...owned.values()],
        resources: tally(process.getActiveResourcesInfo()),
      },
      'Not stopped within the deadline; exiting.',
    );
    process.exit(1);
  };

  const onSignal = (signalName: NodeJS.Signals) => {
    const at = performance.now();
    if (firstAt === undefined) {
      firstAt = at;
      log.info({ signal: signalName, deadlineMs }, 'Asked to stop; draining.');
      setTimeout(onDeadline, deadlineMs);
      stop.abort(new StopRequested(signalName));
      return;
    }
    if (at - firstAt < echoMs) return;
    log.warn({ signal: signalName }, 'Asked again; exiting without draining.');
    process.exit(1);
  };

  const life: Life = {
    useLog: (next) => {
      log = next;
    },
    useDeadline: (next) => {
      deadlineMs = next;
    },
    own: (name, work) => {
      const key = Symbol(name);
      owned.set(key, name);
      return work.finally(() => owned.delete(key));
    },
  };
  return { life, onSignal, log: () => log };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
