// Child processes that live no longer than this process, even when it dies by SIGKILL.
// Knows processes only, nothing of what they do.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';

export type OwnedOptions = Program & Output;

/** Where stdout and stderr go: appended to a file, or line by line to a function. */
type Output =
  | { readonly logFile: string; readonly onLine?: undefined }
  | { readonly onLine: (line: string) => void; readonly logFile?: undefined };

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** How long the child may take to end by SIGTERM before SIGKILL. Default 10,000. */
  readonly graceMs?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface OwnedProcess {
  /** The pid of the program itself, so SIGSTOP and SIGKILL reach it and no shell around it. */
  readonly pid: number;
  readonly exited: Promise<Exit>;
  isAlive(): boolean;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, after the grace SIGKILL. Safe to call twice. */
  stop(): Promise<Exit>;
  /** SIGKILL. */
  kill(): Promise<Exit>;
}

const GRACE_MS = 10_000;

// `$$` is the pid that exec keeps, so the guard beside it ends the program itself. A line on the
// pipe says that the program has ended; the pipe's end says that the starter has.
const GUARD = `tenths=$1; shift
{ read -r _ <&3 || {
  kill -CONT $$; kill -TERM $$
  while [ $tenths -gt 0 ] && kill -0 $$; do sleep 0.1; tenths=$((tenths-1)); done
  kill -KILL $$; }; } >/dev/null 2>&1 & exec "$@" 3<&-`;

/**
 * Starts a program that dies when this process dies. One that does not exist ends at once with
 * the shell's code 127 and a word in the output.
 */
export async function spawnOwned(options: OwnedOptions): Promise<OwnedProcess> {
  const { command, args, cwd, onLine } = options;
  const graceMs = options.graceMs ?? GRACE_MS;
  const log = options.logFile === undefined ? 'pipe' : openSync(options.logFile, 'a');
  const tenths = String(Math.ceil(graceMs / 100));
  const child = spawn('/bin/sh', ['-c', GUARD, 'sh', tenths, command, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: options.env ?? process.env,
    // A session of its own: Ctrl-C must not stop brokers behind the back of their starter.
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
  });
  if (log !== 'pipe') closeSync(log);
  const exited = endOf(child);
  if (onLine) readLines(child, onLine);
  await started(child);
  return owned({ child, exited, graceMs });
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', onLine);
  }
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}

function endOf(child: ChildProcess): Promise<Exit> {
  const pipe = child.stdio[3] as Writable;
  // The guard may be gone already: then there is nobody left to tell.
  pipe.on('error', () => undefined);
  return new Promise((resolve) => {
    child.once('exit', () => pipe.end('ended\n'));
    // Not before its last words are read.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

interface Parts {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  readonly graceMs: number;
}

function owned({ child, exited, graceMs }: Parts): OwnedProcess {
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const signal = (name: NodeJS.Signals) => {
    if (isAlive()) child.kill(name);
  };
  return {
    pid: child.pid as number,
    exited,
    isAlive,
    signal,
    async stop() {
      signal('SIGTERM');
      // A frozen program hears nothing until it is thawed.
      signal('SIGCONT');
      const timer = setTimeout(signal, graceMs, 'SIGKILL');
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
    kill() {
      signal('SIGKILL');
      return exited;
    },
  };
}

/** How an exit reads in a sentence: "exit code 1" or "SIGKILL". */
export function describeExit({ code, signal }: Exit): string {
  if (signal !== null) return signal;
  const number = (code ?? 0) - 128;
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return name === undefined ? `exit code ${code}` : `exit code ${code} (${name})`;
}
