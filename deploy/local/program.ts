// Brings a part that is a program of the system: from the PATH, or from Debian's packages as root.
// Knows packages, nothing of what the programs do.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { installCommand, MissingPartError } from './missing.ts';

export interface ProgramSource {
  /** As it reads in a sentence: "Mosquitto as MQTT broker". */
  readonly title: string;
  /** Any of them will do; the first is the one that the package brings. */
  readonly commands: readonly [string, ...string[]];
  readonly packages: { readonly debian: string; readonly brew: string };
}

export interface ProgramOptions {
  readonly say: (line: string) => void;
  /** Default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The path of the program, installed where it is missing and may be. Throws MissingPartError. */
export async function obtainProgram(
  source: ProgramSource,
  { say, env = process.env }: ProgramOptions,
): Promise<string> {
  const found = findProgram(source, env);
  if (found !== undefined) return found;
  const command = installCommand(source.packages);
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (canInstall) say(`Installing ${source.title} from Debian's packages (${command}).`);
  const cause = canInstall ? await install(source.packages.debian, env) : undefined;
  const path = findProgram(source, env);
  if (path !== undefined) return path;
  throw new MissingPartError({
    wanted: source.title,
    found: `no ${source.commands.join(' or ')} on the PATH`,
    command,
    cause,
  });
}

/** Debian puts servers where only root's PATH looks. */
function findProgram({ commands }: ProgramSource, env: NodeJS.ProcessEnv): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const paths = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  return paths.find((path) => existsSync(path));
}

/** Answers what kept it from being installed. */
async function install(name: string, base: NodeJS.ProcessEnv): Promise<unknown> {
  // Run level 1 keeps the package from starting a server of its own on the usual port.
  const env = { ...base, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const run = promisify(execFile);
  await run('apt-get', ['update', '-q'], { env }).catch(() => undefined);
  const args = ['install', '-y', '-q', '--no-install-recommends', name];
  return run('apt-get', args, { env }).then(
    () => undefined,
    (error) => error,
  );
}
