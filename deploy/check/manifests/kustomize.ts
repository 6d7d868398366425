// Renders an overlay by Kustomize: the program itself, or the one that kubectl carries.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { cacheFolder } from '#deploy/local/cache.ts';
import { MissingPartError } from '#deploy/local/missing.ts';
import { type Manifest, parseManifests } from './manifest.ts';

/** A program and what stands before the folder. */
export interface Kustomize {
  readonly path: string;
  readonly args: readonly string[];
}

export const kustomizeInstall =
  'GOBIN=~/.cache/fleetwire/bin go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.1';

/** kubectl 1.30 carries 5.0.4: the first that we know to read every field path of ours. */
const kubectlMinorMin = 30;

/** Throws MissingPartError where neither kustomize nor a kubectl that is new enough is there. */
export function findKustomize(env: NodeJS.ProcessEnv = process.env): Kustomize {
  const folders = foldersOf(env);
  const kustomize = inFolders('kustomize', folders);
  if (kustomize !== undefined) return { path: kustomize, args: ['build'] };
  const kubectl = findKubectl(env);
  if (kubectl !== undefined) return kubectl;
  throw new MissingPartError({
    wanted: `kustomize 5, or kubectl 1.${kubectlMinorMin} or newer, to render deploy/overlays`,
    found: `neither on the PATH nor in ${join(cacheFolder(env), 'bin')} nor among Go's programs`,
    command: kustomizeInstall,
  });
}

export function findKubectl(env: NodeJS.ProcessEnv = process.env): Kustomize | undefined {
  const path = inFolders('kubectl', foldersOf(env));
  if (path === undefined) return undefined;
  const minor = minorOf(path);
  return minor >= kubectlMinorMin ? { path, args: ['kustomize'] } : undefined;
}

function minorOf(kubectl: string): number {
  try {
    const text = execFileSync(kubectl, ['version', '--client'], { encoding: 'utf8' });
    return Number(/v1\.(\d+)/.exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function foldersOf(env: NodeJS.ProcessEnv): readonly string[] {
  const home = env['HOME'] ?? homedir();
  const go = env['GOBIN'] ?? join(env['GOPATH'] ?? join(home, 'go'), 'bin');
  const path = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...path, join(cacheFolder(env), 'bin'), go];
}

function inFolders(program: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Kustomize refuses this folder; its own words say why. */
export class RenderError extends Error {
  readonly code = 'RENDER_FAILED';

  constructor(folder: string, words: string) {
    super(`${folder} cannot be rendered: ${words.trim()}`);
    this.name = 'RenderError';
  }
}

const outputBytesMax = 64 * 1024 * 1024;

/** With no flags, as a person would. Rejects with RenderError. */
export function renderText(kustomize: Kustomize, folder: string): Promise<string> {
  const args = [...kustomize.args, resolve(folder)];
  return new Promise((done, fail) => {
    const options = { maxBuffer: outputBytesMax, encoding: 'utf8' } as const;
    execFile(kustomize.path, args, options, (error, text, words) => {
      if (error !== null) fail(new RenderError(folder, words || error.message));
      else done(text);
    });
  });
}

export async function render(kustomize: Kustomize, folder: string): Promise<readonly Manifest[]> {
  return parseManifests(await renderText(kustomize, folder));
}
