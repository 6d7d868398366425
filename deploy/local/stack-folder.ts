// The folder of one stack: settings, data and logs. Fresh ones live in the clone, lose their data
// when the stack stops and are thinned out, so that only the logs of recent stacks stay.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface StackFolder {
  readonly dir: string;
  /** Made for this stack alone: what is in it may go. */
  readonly isFresh: boolean;
  /** Removes the data of a fresh folder and keeps logs and settings. */
  close(): Promise<void>;
}

const HOME = fileURLToPath(new URL('../../.stack', import.meta.url));
// A whole test run makes about twenty, and its logs must outlast the next run.
const KEPT = 50;
const STARTER = 'starter.pid';

export async function openStackFolder(dir?: string): Promise<StackFolder> {
  if (dir !== undefined) {
    await mkdir(dir, { recursive: true });
    return { dir: resolve(dir), isFresh: false, close: async () => undefined };
  }
  await mkdir(HOME, { recursive: true });
  await thinOut();
  const day = new Date().toISOString().slice(0, 16).replaceAll(/[:T]/g, '-');
  const fresh = await mkdtemp(join(HOME, `${day}-`));
  await writeFile(join(fresh, STARTER), String(process.pid));
  return { dir: fresh, isFresh: true, close: () => removeData(fresh) };
}

/** Every folder inside is data of one part; logs and settings are files. */
async function removeData(dir: string): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  const remove = { recursive: true, force: true, maxRetries: 3 } as const;
  await Promise.all(folders.map(({ name }) => rm(join(dir, name), remove)));
}

/** Removes all but the latest folders, and the data of stacks whose starter was killed. */
async function thinOut(): Promise<void> {
  const names = await readdir(HOME);
  const aged = await Promise.all(names.map((name) => ageOf(join(HOME, name))));
  const ended = aged.filter((folder) => folder !== undefined && !folder.isInUse);
  const oldestLast = ended.sort((a, b) => (b?.madeAt ?? 0) - (a?.madeAt ?? 0));
  for (const [index, folder] of oldestLast.entries()) {
    if (folder === undefined) continue;
    if (index >= KEPT) await rm(folder.path, { recursive: true, force: true });
    else await removeData(folder.path).catch(() => undefined);
  }
}

async function ageOf(path: string) {
  try {
    const { birthtimeMs } = await stat(path);
    const pid = Number(await readFile(join(path, STARTER), 'utf8'));
    return { path, madeAt: birthtimeMs, isInUse: isAlive(pid) };
  } catch {
    // Another stack is making or removing it at this moment.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
