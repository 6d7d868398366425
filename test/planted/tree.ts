// A copy of the source with a mistake in it, in a folder of its own. What checks it stays the
// repository's own.

import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface SourceEdit {
  /** From the root of the repository. */
  readonly file: string;
  /** Must be in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What runs in a service; the state oracle's members have their program in test/. */
const copied = ['package.json', 'services', 'shared', 'test/oracle', 'test/integration'];
/** What a copy takes from the repository as it is. */
const linked = ['node_modules', 'deploy', 'loadtest'];

/** The folder; it is gone at the end of the scope. Throws PlantMovedError. */
export async function plantTree(
  scope: { readonly after: (act: () => unknown) => void },
  edits: readonly SourceEdit[],
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'fleetwire-planted-'));
  scope.after(() => rm(dir, { recursive: true, force: true }));
  await mkdir(join(dir, 'test'));
  for (const path of copied) await cp(join(root, path), join(dir, path), { recursive: true });
  for (const path of linked) await symlink(join(root, path), join(dir, path));
  for (const edit of edits) {
    const path = join(dir, edit.file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, editedText(await readFile(path, 'utf8'), edit));
  }
  return dir;
}

/** The text with the mistake in it. Throws where the code has moved on. */
export function editedText(text: string, { file, from, to }: SourceEdit): string {
  const count = text.split(from).length - 1;
  if (count !== 1) throw new PlantMovedError(file, from, count);
  return text.replace(from, () => to);
}

/** The mistake cannot be made any more: whoever changed the code must make the plant follow. */
export class PlantMovedError extends Error {
  readonly code = 'PLANT_MOVED';

  constructor(file: string, from: string, count: number) {
    super(`The plant must follow the code: wanted once in ${file}, found ${count} times:\n${from}`);
  }
}

/** A module of the tree, apart from the one of the same name that this process may have loaded. */
export async function loadFrom<M>(treeDir: string, file: string): Promise<M> {
  return (await import(pathToFileURL(join(treeDir, file)).href)) as M;
}
