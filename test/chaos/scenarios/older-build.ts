// The bridge as it was some changes ago, out of git's history, beside the one that is here.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MissingPartError } from '#deploy/local/missing.ts';
import type { Scope } from '../../integration/scope.ts';

export interface OlderBuild {
  /** The commit, in short. */
  readonly commit: string;
  readonly mainFile: string;
  /** Its own release job: schemas that it knows and this build does not, perhaps. */
  applySchemas(registryUrl: string): Promise<void>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What a bridge and its release job are made of. */
const paths = ['package.json', 'services', 'shared', 'loadtest', 'deploy'];
const run = promisify(execFile);

/** With the dependencies of this build; gone at the end of the scope. Throws MissingPartError. */
export async function olderBuild(
  scope: Pick<Scope, 'after'>,
  changesBack: number,
): Promise<OlderBuild> {
  const commit = await commitBefore(changesBack);
  const dir = await mkdtemp(join(tmpdir(), 'fleetwire-older-'));
  scope.after(() => rm(dir, { recursive: true, force: true }));
  const archive = join(dir, 'build.tar');
  await run('git', ['archive', '-o', archive, commit, ...paths], { cwd: root });
  await run('tar', ['-xf', archive, '-C', dir]);
  await symlink(join(root, 'node_modules'), join(dir, 'node_modules'));
  return {
    commit,
    mainFile: join(dir, 'services/bridge/main.ts'),
    applySchemas: async (registryUrl) => {
      const command = [join(dir, 'services/cli/main.ts'), 'schemas', 'apply'];
      const env = { PATH: process.env['PATH'], REGISTRY_URL: registryUrl };
      await run(process.execPath, command, { cwd: dir, env });
    },
  };
}

/** Of changes to what a bridge is made of. */
async function commitBefore(changesBack: number): Promise<string> {
  const what = [
    'log',
    `--skip=${changesBack}`,
    '-1',
    '--format=%h',
    '--',
    'services/bridge',
    'shared',
  ];
  const { stdout } = await run('git', what, { cwd: root }).catch(() => ({ stdout: '' }));
  if (stdout.trim() !== '') return stdout.trim();
  const wanted = `a build of the bridge from ${changesBack} changes ago`;
  throw new MissingPartError({
    wanted,
    found: 'no such history',
    command: 'git fetch --unshallow',
  });
}
