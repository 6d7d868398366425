// The cache of downloads, outside the clone so that every clone shares it: a folder per part and
// version, written elsewhere and renamed into place, so that what is there is whole.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Far longer than a part takes on a slow line.
const DRAFT_MS_MAX = 2 * 3_600_000;

export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['FLEETWIRE_CACHE']) return env['FLEETWIRE_CACHE'];
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'fleetwire');
  return join(homedir(), '.cache', 'fleetwire');
}

/**
 * The path of a cached folder, made by `fill` when it is not there. Safe when two processes make
 * it at once: both fill a folder of their own; the first rename wins, the rest is thrown away.
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>) {
  const path = join(cacheFolder(), name);
  if (existsSync(path)) return path;
  await mkdir(cacheFolder(), { recursive: true });
  await removeOldDrafts();
  const draft = await mkdtemp(join(cacheFolder(), `.${name}-`));
  try {
    await fill(draft);
    await rename(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return path;
}

/** What a process that was killed has left half filled. */
async function removeOldDrafts(): Promise<void> {
  for (const name of await readdir(cacheFolder())) {
    if (!name.startsWith('.')) continue;
    const path = join(cacheFolder(), name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > DRAFT_MS_MAX) await rm(path, { recursive: true, force: true });
  }
}
