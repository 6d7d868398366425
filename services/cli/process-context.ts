// The process as a command sees it: its environment, its streams, its signals, its terminal.

import { createInterface } from 'node:readline/promises';
import type { CliContext, Terminal } from './context.ts';

export function processContext(): CliContext {
  const stop = new AbortController();
  // Who reads has read enough, as `head` does: no fault, and nothing more is wanted.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop.abort();
  });
  return {
    env: process.env,
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    progress: (text) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${text}\x1b[K`);
    },
    input: process.stdin,
    isColoured: isColoured(),
    columns: process.stdout.isTTY ? process.stdout.columns : null,
    untilStopped: () => {
      // Once: a second Ctrl-C ends the process whatever it is waiting for.
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
      return stop.signal;
    },
    terminal: process.stdin.isTTY && process.stdout.isTTY ? terminal : null,
  };
}

/** no-color.org: any text but an empty one means no. */
function isColoured(): boolean {
  const { NO_COLOR, TERM } = process.env;
  const isUnwanted = NO_COLOR !== undefined && NO_COLOR !== '';
  return process.stdout.isTTY === true && !isUnwanted && TERM !== 'dumb';
}

const terminal: Terminal = {
  ask: async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    // Ctrl-D and Ctrl-C are answers, too: nothing was typed.
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question(question).catch(() => ''), closed]);
    lines.close();
    return answer;
  },
  redraw: (lines) => {
    // Home, then each line up to its end and all below: no flicker, as a cleared screen has.
    const text = lines.map((line) => `${line}\x1b[K\n`).join('');
    process.stdout.write(`\x1b[H${text}\x1b[J`);
  },
};
