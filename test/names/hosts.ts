// Names that only the processes of a test can resolve, and whether they can at the moment.

import { execFile } from 'node:child_process';
import { closeSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Scope } from '../integration/scope.ts';

/** What the resolver says of a name: 127.0.0.1, one of its errors, or nothing for as long. */
export type Resolution = 'answers' | 'ENOTFOUND' | 'EAI_AGAIN' | 'hangs';

export class Hosts {
  readonly #dir: string;
  readonly #table: Record<string, Resolution>;
  /** While it is open for writing, whoever waits in a thread goes on. */
  #release: number | null = null;

  /** All of them answer. Gone at the end of the scope. */
  static async open(names: readonly string[], scope: Pick<Scope, 'after'>): Promise<Hosts> {
    const dir = await mkdtemp(join(tmpdir(), 'fleetwire-hosts-'));
    await promisify(execFile)('mkfifo', [join(dir, 'hangs')]);
    const hosts = new Hosts(dir, names);
    scope.after(async () => {
      hosts.set('answers');
      if (hosts.#release !== null) closeSync(hosts.#release);
      await rm(dir, { recursive: true, force: true });
    });
    return hosts;
  }

  private constructor(dir: string, names: readonly string[]) {
    this.#dir = dir;
    this.#table = Object.fromEntries(names.map((name) => [name, 'answers']));
    this.set('answers');
  }

  /** For processes that are to know the names. */
  get env(): Readonly<Record<string, string>> {
    const resolver = new URL('resolver.ts', import.meta.url);
    return { NODE_OPTIONS: `--import=${resolver.href}`, TEST_HOSTS_DIR: this.#dir };
  }

  /** From now on, of these names; of all where none is named. */
  set(resolution: Resolution, names: readonly string[] = Object.keys(this.#table)): void {
    for (const name of names) this.#table[name] = resolution;
    const file = join(this.#dir, 'table.json');
    writeFileSync(`${file}.new`, JSON.stringify(this.#table));
    renameSync(`${file}.new`, file);
    this.#wake();
  }

  /** Who hangs looks at the table again; who still has to comes back to wait. */
  #wake(): void {
    if (this.#release !== null) closeSync(this.#release);
    this.#release = openSync(join(this.#dir, 'hangs'), 'r+');
    if (!Object.values(this.#table).includes('hangs')) return;
    closeSync(this.#release);
    this.#release = null;
  }
}
