// podman as root with settings and storage of its own: nothing of it is left, and images and
// containers of this machine are not touched.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MissingPartError } from '../local/missing.ts';
import { obtainProgram } from '../local/program.ts';

export interface Podman {
  /** The program and the environment that makes it use this storage. */
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
  /** Answers stdout; rejects with the last words of stderr. */
  run(...args: readonly string[]): Promise<string>;
  /** Removes containers, images and storage. */
  close(): Promise<void>;
}

export interface PodmanOptions {
  readonly say: (line: string) => void;
}

const programs = [
  { command: 'podman', title: 'podman, which builds and runs images' },
  // crun, podman's default, refuses hosts whose cgroups are neither of version 1 nor of version 2.
  { command: 'runc', title: 'runc, which starts containers' },
] as const;

/** Throws MissingPartError where this user or this machine cannot have it. */
export async function openPodman({ say }: PodmanOptions): Promise<Podman> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new MissingPartError({
      wanted: 'root on Linux: containers get cgroups and mounts of their own',
      found: `user ${process.getuid?.()} on ${process.platform}`,
      command: 'sudo npm run prove -- image',
    });
  }
  const paths: string[] = [];
  for (const { command, title } of programs) {
    const packages = { debian: command, brew: command };
    paths.push(await obtainProgram({ title, commands: [command], packages }, { say }));
  }
  const [command = 'podman'] = paths;
  await removeLeftovers();
  const dir = await mkdtemp(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  const env = await writeSettings(dir);
  const run = async (...args: readonly string[]) => {
    // No limit of time: a build fetches packages.
    const options = { env, maxBuffer: 256 * 1024 ** 2 };
    const { stdout } = await promisify(execFile)(command, args, options).catch(explain(args));
    return stdout;
  };
  const close = async () => {
    try {
      await run('rm', '--all', '--force', '--time', '0');
      await run('image', 'unmount', '--all');
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  };
  return { command, env, run, close };
}

const folderPrefix = 'fleetwire-podman-';

/** What a process that was killed could not remove: its storage, with mounts inside. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = new RegExp(`^${folderPrefix}(\\d+)-`).exec(name) ?? [];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    const dir = join(tmpdir(), name);
    // A build may outlive who started it: then it is the next one's turn.
    await removeWithMounts(dir).catch(() => undefined);
  }
}

async function removeWithMounts(dir: string): Promise<void> {
  for (const mount of await mountsBelow(dir)) await promisify(execFile)('umount', [mount]);
  await rm(dir, { recursive: true, force: true });
}

/** The latest first, since one may lie in another. */
async function mountsBelow(dir: string): Promise<readonly string[]> {
  const lines = (await readFile('/proc/self/mounts', 'utf8')).split('\n');
  const places = lines.map((line) => line.split(' ')[1] ?? '');
  return places.filter((place) => place.startsWith(`${dir}/`)).reverse();
}

async function writeSettings(dir: string): Promise<NodeJS.ProcessEnv> {
  const tmp = join(dir, 'tmp');
  await mkdir(tmp);
  const containers = join(dir, 'containers.conf');
  const storage = join(dir, 'storage.conf');
  // No systemd, no journald; the usual limits want a capability that sandboxes do not give.
  await writeFile(
    containers,
    `[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "${tmp}/libpod"
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=8192:8192"]
[network]
network_config_dir = "${dir}/networks"
`,
  );
  await writeFile(
    storage,
    `[storage]
driver = "overlay"
runroot = "${dir}/run"
graphroot = "${dir}/graph"
`,
  );
  return {
    ...process.env,
    CONTAINERS_CONF: containers,
    CONTAINERS_STORAGE_CONF: storage,
    // Drafts of images, and the cache of npm in builds.
    TMPDIR: tmp,
  };
}

const linesShown = 30;

function explain(args: readonly string[]) {
  return (error: Error & { readonly stdout?: string; readonly stderr?: string }): never => {
    const words = `${error.stdout ?? ''}${error.stderr ?? ''}`.trimEnd().split('\n');
    const shown = words.slice(-linesShown).join('\n');
    throw new Error(`podman ${args.join(' ')} failed:\n${shown}`, { cause: error });
  };
}
