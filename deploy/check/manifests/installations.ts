// From a folder to an installation that the rules can look at, and what they say of it.

import { basename, resolve } from 'node:path';
import type { Fault } from './fault.ts';
import { type Kustomize, render } from './kustomize.ts';
import { deployFolder } from './repository.ts';
import type { Installation } from './rule.ts';
import { rules } from './rules.ts';
import { readTuning } from './tuning.ts';

export interface RenderOptions {
  readonly kustomize: Kustomize;
  readonly folder: string;
  /** Default: the folder. */
  readonly name?: string;
  /** Default: by the name of the folder. */
  readonly environment?: Installation['environment'];
  readonly isShipped?: boolean;
}

export async function readInstallation(options: RenderOptions): Promise<Installation> {
  const { kustomize, folder, name = folder } = options;
  const isDev = /^dev\b/.test(basename(resolve(folder)));
  return {
    name,
    environment: options.environment ?? (isDev ? 'dev' : 'prod'),
    isShipped: options.isShipped ?? resolve(folder).startsWith(`${deployFolder}/`),
    objects: await render(kustomize, folder),
    tuning: readTuning(folder),
  };
}

export interface Finding {
  readonly promise: string;
  readonly faults: readonly Fault[];
}

export function findingsOf(installation: Installation): readonly Finding[] {
  return rules.map(({ promise, check }) => ({ promise, faults: check(installation) }));
}
