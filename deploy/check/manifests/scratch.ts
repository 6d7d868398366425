// A copy of the manifests in a temporary folder: pairings become overlays there as a person would
// write them, and tests change a file to see what follows. The repository itself is not touched.

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseDocument, stringify } from 'yaml';
import { type Pairing, tuningOf } from './pairings.ts';
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

  /**
   * The folder of an overlay with the components, before the last one, which is the tuning. A canary
   * comes first, since others reach it too.
   */
  overlayOf({ overlay, components }: Pairing): string {
    const from = join(this.folder, 'overlays', overlay);
    if (components.length === 0) return from;
    const folder = join(this.folder, 'overlays', [overlay, ...components].join('+'));
    cpSync(from, folder, { recursive: true });
    const path = join(folder, 'kustomization.yaml');
    const kustomization = parse(readFileSync(path, 'utf8'));
    const own: readonly string[] = kustomization.components ?? [];
    const more = components
      .map((name) => `../../components/${name}`)
      .filter((name) => !own.includes(name));
    const [first, rest] = [more.filter(isFirst), more.filter((name) => !isFirst(name))];
    kustomization.components = [...first, ...own.slice(0, -1), ...rest, ...own.slice(-1)];
    writeFileSync(path, stringify(kustomization));
    const values = Object.assign({}, ...components.map((name) => tuningOf[name] ?? {}));
    this.tune(folder, values);
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

function isFirst(component: string): boolean {
  return component.endsWith('/canary');
}
