// A class archive (JVM application class data sharing) per part and Java, in the cache: what a
// JVM has loaded once it maps the next time.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from './cache.ts';
import type { Java } from './java.ts';

export interface ArchiveKey {
  /** Part and version: an archive fits one set of jars. */
  readonly name: string;
  readonly java: Java;
}

export interface Rehearsal {
  /** JVM flags that make the archive when the part ends. */
  readonly flags: readonly string[];
  /** For state that is thrown away. */
  readonly dir: string;
}

/** The path of the archive; when there is none, `rehearse` must start the part and stop it. */
export async function classArchive(key: ArchiveKey, rehearse: (how: Rehearsal) => Promise<void>) {
  const version = key.java.version.replaceAll(/[^\w.+-]/g, '_');
  const folder = await cached(`${key.name}-classes-${version}`, async (draft) => {
    const dir = await mkdtemp(join(tmpdir(), 'fleetwire-rehearsal-'));
    try {
      await rehearse({ dir, flags: [`-XX:ArchiveClassesAtExit=${join(draft, 'classes.jsa')}`] });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
  return join(folder, 'classes.jsa');
}
