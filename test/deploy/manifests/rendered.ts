// What the tests of the manifests share: the program or the words for its absence, overlays as
// rendered, and objects that may be broken on purpose.

import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { readInstallation } from '#deploy/check/manifests/installations.ts';
import { findKustomize, type Kustomize } from '#deploy/check/manifests/kustomize.ts';
import type { Tree } from '#deploy/check/manifests/manifest.ts';
import { deployFolder } from '#deploy/check/manifests/repository.ts';
import type { Installation } from '#deploy/check/manifests/rule.ts';
import { MissingPartError } from '#deploy/local/missing.ts';

/** undefined where the test has been skipped, with the command that brings what is missing. */
export function kustomizeOrSkip(t: TestContext): Kustomize | undefined {
  try {
    return findKustomize();
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
    t.skip(error.message);
    return undefined;
  }
}

const read = new Map<string, Promise<Installation>>();

/** An overlay of the repository, rendered once. */
export function overlay(kustomize: Kustomize, name: 'dev' | 'prod'): Promise<Installation> {
  const known = read.get(name);
  if (known !== undefined) return known;
  const folder = join(deployFolder, 'overlays', name);
  const made = readInstallation({ kustomize, folder, name });
  read.set(name, made);
  return made;
}

/** An installation whose objects and numbers may be changed. */
export interface Breakable {
  /** Throws where there is none: a fault that is planted nowhere proves nothing. */
  readonly get: (kind: string, name: string) => Tree;
  readonly objects: Tree[];
  readonly tuning: Map<string, string>;
  isShipped: boolean;
}

export function breakableCopy(installation: Installation): Installation & Breakable {
  const objects: Tree[] = structuredClone([...installation.objects]);
  const get = (kind: string, name: string): Tree => {
    const found = objects.find(
      (one) => one.kind === kind && (one.metadata.name as string).startsWith(name),
    );
    if (found === undefined) throw new Error(`want ${kind}/${name} to break, found none`);
    return found;
  };
  return { ...installation, objects, tuning: new Map(installation.tuning), get };
}
