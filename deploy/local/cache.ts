// The cache of downloads, outside the clone so that every clone shares it: a folder per part and
// version, written elsewhere and renamed into place, so that what is there is whole.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

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
