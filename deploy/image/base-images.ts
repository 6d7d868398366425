// Stand-ins for the base images of deploy/Dockerfile where no image registry can be reached: the
// same Debian from its own mirrors, and the Node that runs this. Like distroless, the one for
// running has no shell.
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from '../local/cache.ts';
import { MissingPartError } from '../local/missing.ts';
import { obtainProgram } from '../local/program.ts';
import type { Podman } from './podman.ts';

export interface BaseImages {
  /** For the build arguments BUILD_IMAGE and RUNTIME_IMAGE. */
  readonly build: string;
  readonly runtime: string;
}

export interface BaseOptions {
  readonly podman: Podman;
  readonly say: (line: string) => void;
}

/** The Debian of the base images that deploy/Dockerfile names. */
const debian = 'trixie';
/** What Node's binary is linked to, and what distroless has besides. */
const runtimePackages = [
  ...['libc6', 'libgcc-s1', 'libstdc++6', 'libatomic1'],
  ...['base-files', 'netbase', 'tzdata'],
];
const buildPackages = ['ca-certificates', 'libatomic1'];

/** Where a proxy's authority is mounted in builds: npm trusts it besides its own. */
export const hostAuthorityFile = '/etc/ssl/host-ca.crt';

/** Throws MissingPartError. */
export async function importBaseImages({ podman, say }: BaseOptions): Promise<BaseImages> {
  const npm = await npmFolder();
  const { version: npmVersion } = JSON.parse(await readFile(join(npm, 'package.json'), 'utf8'));
  const name = `image-bases-${debian}-node-${process.versions.node}-npm-${npmVersion}`;
  const folder = await cached(name, (draft) => fill(draft, { npm, say }));
  const build = 'localhost/fleetwire-base:build';
  const runtime = 'localhost/fleetwire-base:runtime';
  const change = ['--change', `ENV NODE_EXTRA_CA_CERTS=${hostAuthorityFile}`];
  await podman.run('import', ...change, join(folder, 'build.tar'), build);
  await podman.run('import', join(folder, 'runtime.tar'), runtime);
  return { build, runtime };
}

interface Filling {
  readonly npm: string;
  readonly say: (line: string) => void;
}

async function fill(draft: string, { npm, say }: Filling): Promise<void> {
  const mmdebstrap = await obtainProgram(
    {
      title: 'mmdebstrap, which makes base images from Debian packages',
      commands: ['mmdebstrap'],
      packages: { debian: 'mmdebstrap', brew: 'mmdebstrap' },
    },
    { say },
  );
  say(`Making base images from Debian ${debian} and Node ${process.versions.node} (once).`);
  const bootstrap = async (variant: string, packages: readonly string[], root: string) => {
    const args = ['--mode=root', `--variant=${variant}`, `--include=${packages.join(',')}`];
    await promisify(execFile)(mmdebstrap, ['--quiet', ...args, debian, root]);
  };
  const build = join(draft, 'build');
  await bootstrap('minbase', buildPackages, build);
  await addNode(join(build, 'usr', 'local', 'bin'));
  const modules = join(build, 'usr', 'local', 'lib', 'node_modules');
  await cp(npm, join(modules, 'npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(build, 'usr/local/bin/npm'));
  await pack(build);
  const runtime = join(draft, 'runtime');
  await bootstrap('extract', runtimePackages, runtime);
  await addNode(join(runtime, 'nodejs', 'bin'));
  await writeFile(join(runtime, 'etc/passwd'), 'nonroot:x:65532:65532::/:/sbin/nologin\n');
  await writeFile(join(runtime, 'etc/group'), 'nonroot:x:65532:\n');
  await pack(runtime);
}

async function addNode(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(await realpath(process.execPath), join(folder, 'node'));
}

/** As `<root>.tar`, in place of the folder. */
async function pack(root: string): Promise<void> {
  const order = ['--sort=name', '--numeric-owner', '--one-file-system'];
  await promisify(execFile)('tar', ['-cf', `${root}.tar`, ...order, '-C', root, '.']);
  await rm(root, { recursive: true, force: true });
}

/** Of the npm on the PATH: Node's package for one platform brings none. */
async function npmFolder(): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = await realpath(join(folder, 'npm')).catch(() => undefined);
    if (file?.endsWith('/npm/bin/npm-cli.js')) return dirname(dirname(file));
  }
  throw new MissingPartError({
    wanted: 'npm, to put it into the image that builds',
    found: 'none on the PATH that comes from its own package',
    command: 'npm install --global npm',
  });
}
