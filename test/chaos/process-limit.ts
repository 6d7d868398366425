// Takes descriptors or disk away from one process while it runs, by its soft limits: no rights are
// needed to lower them nor to give back what was there. Linux only, by util-linux's prlimit.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MissingPartError } from '#deploy/local/missing.ts';

/** Descriptors that are open at once; bytes that a file may grow to. */
export type Limit = 'nofile' | 'fsize';

const run = promisify(execFile);

/** Answers what gives back the limit that was there. */
export async function limitProcess(
  pid: number,
  limit: Limit,
  count: number,
): Promise<() => Promise<void>> {
  const before = await prlimit(pid, ['--output', 'SOFT', '--noheadings', `--${limit}`]);
  await prlimit(pid, [`--${limit}=${count}:`]);
  return async () => void (await prlimit(pid, [`--${limit}=${before.trim()}:`]));
}

async function prlimit(pid: number, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('prlimit', ['--pid', String(pid), ...args]);
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const command = 'apt-get install -y util-linux';
    throw new MissingPartError({ wanted: 'prlimit', found: 'none', command, cause: error });
  }
}
