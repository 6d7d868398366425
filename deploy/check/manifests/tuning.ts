// tuning.yaml and who reads it: the one file that people edit, and the replacements that carry its
// values into the objects.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { fleetInputs, processorInputs } from '#services/cli/keda/inputs.ts';
import { processors } from './facts.ts';
import { parseManifests, type Tree } from './manifest.ts';
import { deployFolder } from './repository.ts';

export const tuningName = 'fleetwire-tuning';

/** The tuning of an overlay: its own, else that of the overlay that it builds on. */
export function readTuning(overlay: string): ReadonlyMap<string, string> {
  const path = findTuning(overlay);
  if (path === undefined) return new Map();
  return tuningOf(readFileSync(path, 'utf8'));
}

export function tuningOf(text: string): ReadonlyMap<string, string> {
  const found = parseManifests(text).find(({ metadata }) => metadata.name === tuningName);
  return new Map(Object.entries(found?.data ?? {}));
}

function findTuning(overlay: string): string | undefined {
  const own = join(overlay, 'tuning.yaml');
  if (existsSync(own)) return own;
  const file = join(overlay, 'kustomization.yaml');
  if (!existsSync(file)) return undefined;
  const { resources = [] } = (parse(readFileSync(file, 'utf8')) ?? {}) as Tree;
  for (const resource of resources as readonly string[]) {
    const path = join(overlay, resource);
    if (!existsSync(path) || !statSync(path).isDirectory()) continue;
    const found = findTuning(path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What `fleetwire keda plan` reads. */
export function planInputs(): readonly string[] {
  const parts = Object.keys(processors).flatMap((part) => Object.values(processorInputs(part)));
  return [...Object.values(fleetInputs), ...parts].map(({ name }) => name);
}

/** Every key that a replacement somewhere under `folder` reads, with the files that do. */
export function replacedKeys(folder = deployFolder): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  for (const file of kustomizations(folder)) {
    const { replacements = [] } = (parse(readFileSync(file, 'utf8')) ?? {}) as Tree;
    for (const { source } of replacements as readonly Tree[]) {
      if (source?.name !== tuningName) continue;
      const key = keyOf(source.fieldPath);
      keys.set(key, [...(keys.get(key) ?? []), file]);
    }
  }
  return keys;
}

function keyOf(fieldPath: string): string {
  return /^data\.\[(.+)\]$/.exec(fieldPath)?.[1] ?? fieldPath.replace(/^data\./, '');
}

function kustomizations(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && basename(entry.name) === 'kustomization.yaml')
    .map((entry) => join(entry.parentPath, entry.name));
}
