// A copy of the manifests in a temporary folder: pairings become overlays there as a person would
// write them, and tests change a file to see what follows. The repository itself is not touched.

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseDocument, stringify } from 'yaml';
import { changesOf, type Pairing, titleOf } from './pairings.ts';
import { deployFolder } from './repository.ts';

const copied = ['base', 'messaging', 'observability', 'components', 'overlays'];

export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 'fleetwire-deploy-'));

  constructor() {
    for (const name of copied) {
      if (!existsSync(join(deployFolder, name))) continue;
      cpSync(join(deployFolder, name), join(this.folder, name), { recursive: true });
    }
  }

  /** The folder of the overlay as a person would write it for this pairing. */
  overlayOf(pairing: Pairing): string {
    const folder = join(this.folder, 'overlays', titleOf(pairing).replaceAll(/\W+/g, '-'));
    if (existsSync(folder)) return folder;
    cpSync(join(this.folder, 'overlays', pairing.overlay), folder, { recursive: true });
    const path = join(folder, 'kustomization.yaml');
    const kustomization = parse(readFileSync(path, 'utf8'));
    kustomization.components = inOrder(kustomization.components ?? [], pairing);
    writeFileSync(path, stringify(kustomization));
    this.tune(folder, changesOf(pairing));
    return folder;
  }

  /** Changes values of the tuning.yaml of an overlay of the copy. */
  tune(folder: string, values: Readonly<Record<string, string>>): void {
    const path = join(folder, 'tuning.yaml');
    const document = parseDocument(readFileSync(path, 'utf8'));
    for (const [key, value] of Object.entries(values)) document.setIn(['data', key], value);
    writeFileSync(path, document.toString());
  }

  /** Changes a file of the copy; throws where there is nothing to change. */
  change(path: string, edit: (text: string) => string): void {
    const file = join(this.folder, path);
    const before = readFileSync(file, 'utf8');
    const after = edit(before);
    if (after === before) throw new Error(`want a change of ${path}, found none`);
    writeFileSync(file, after);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Others reach a canary and another broker too; what leaves parts out comes just before tuning. */
function inOrder(own: readonly string[], { components, without = [] }: Pairing): string[] {
  const folderOf = (name: string) => `../../components/${name}`;
  const kept = own.filter((path) => !without.some((name) => path === folderOf(name)));
  const isLate = (name: string) => !/^(canary|emqx-operator-3)/.test(name);
  const early = components.filter((name) => !isLate(name)).map(folderOf);
  const late = components.filter(isLate).map(folderOf);
  return [...early, ...kept.slice(0, -1), ...late, ...kept.slice(-1)];
}
