// Builds the image of deploy/Dockerfile by podman, on base images that are here already.
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { type BaseImages, hostAuthorityFile } from './base-images.ts';
import type { Podman } from './podman.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');

export interface BuildOptions {
  readonly podman: Podman;
  readonly bases: BaseImages;
  /** A clone, or a copy of what .dockerignore lets in. */
  readonly context: string;
  readonly target: 'service' | 'fleet';
  readonly name: string;
  readonly commit: Commit;
  /** `none`: every step runs again. */
  readonly cache: 'none' | 'use';
}

export interface Commit {
  /** `unknown` without a repository. */
  readonly revision: string;
  /** Seconds since 1970: the time that everything in the image carries. */
  readonly committedAt: string;
}

export interface BuiltImage {
  readonly name: string;
  /** SHA-256 of its configuration, with that of every layer in it. */
  readonly id: string;
  readonly version: string;
  readonly revision: string;
}

export async function buildImage(options: BuildOptions): Promise<BuiltImage> {
  const { podman, bases, context, target, name, cache } = options;
  const { revision, committedAt } = options.commit;
  const { version } = packageJson;
  const buildArgs = {
    BUILD_IMAGE: bases.build,
    RUNTIME_IMAGE: bases.runtime,
    SOURCE_DATE_EPOCH: committedAt,
    VERSION: version,
    REVISION: revision,
  };
  const id = await podman.run(
    ...['build', '--quiet', '--network', 'host', '--timestamp', committedAt],
    ...(cache === 'none' ? ['--no-cache'] : []),
    ...authorityMount(),
    ...Object.entries(buildArgs).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...[
      '--target',
      target,
      '--tag',
      name,
      '--file',
      join(context, 'deploy', 'Dockerfile'),
      context,
    ],
  );
  return { name, id: id.trim(), version, revision };
}

/** Where a proxy answers in the registry's place, npm must know who signs for it. */
function authorityMount(): readonly string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  return file ? ['--volume', `${file}:${hostAuthorityFile}:ro`] : [];
}

/** Of the clone. */
export function latestCommit(): Commit {
  try {
    const args = ['log', '-1', '--format=%H %ct'];
    const words = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim().split(' ');
    const [revision = 'unknown', committedAt = '0'] = words;
    return { revision, committedAt };
  } catch {
    // A copy without its history.
    return { revision: 'unknown', committedAt: '0' };
  }
}
