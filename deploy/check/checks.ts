// The checks of the house: Biome for shape and walls, tsc for types. Both run at once.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export interface CheckOptions {
  /** Lets Biome write what it can mend. */
  readonly mode: 'report' | 'mend';
  readonly say: (line: string) => void;
}

export interface CheckResult {
  readonly name: string;
  readonly isGood: boolean;
}

const ROOT = resolve(import.meta.dirname, '..', '..');
const BIN = join(ROOT, 'node_modules', '.bin');

/** Runs every check, prints the words of those that fail, and resolves with how each ended. */
export async function runChecks({ mode, say }: CheckOptions): Promise<readonly CheckResult[]> {
  const write = mode === 'mend' ? ['--write'] : [];
  say(
    `Checking shape and walls (biome check${mode === 'mend' ? ' --write' : ''}) and types (tsc).`,
  );
  return Promise.all([
    runCheck({ name: 'biome', args: ['check', '--error-on-warnings', ...write], say }),
    runCheck({ name: 'tsc', args: ['--noEmit'], say }),
  ]);
}

interface Check {
  readonly name: string;
  readonly args: readonly string[];
  readonly say: (line: string) => void;
}

function runCheck({ name, args, say }: Check): Promise<CheckResult> {
  const startedAt = performance.now();
  // By this Node, not by whichever one the launcher's first line would find.
  const child = spawn(process.execPath, [join(BIN, name), ...args], { cwd: ROOT });
  const words: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => words.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => words.push(bytes));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      if (code !== 0) say(Buffer.concat(words).toString().trimEnd());
      say(`${name}: ${code === 0 ? 'clean' : 'NOT CLEAN'} (${seconds} s)`);
      done({ name, isGood: code === 0 });
    });
  });
}
