// The stack's Redis, where processors keep their state: Redis itself, or Valkey in its place.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ManagedPart, managePart } from './managed-part.ts';
import { HOST } from './ports.ts';
import { redisAnswers } from './probes.ts';
import { obtainProgram, type ProgramSource } from './program.ts';

export interface RedisOptions {
  readonly port: number;
  /** For settings, data and log of this stack. */
  readonly dir: string;
  readonly say: (line: string) => void;
}

export const REDIS: ProgramSource = {
  title: 'Redis for the state of the processors',
  commands: ['redis-server', 'valkey-server'],
  packages: { debian: 'redis-server', brew: 'redis' },
};

/**
 * Finds or installs Redis and does not start it yet. Throws MissingPartError. stop() keeps the data
 * for the next start(); after kill() it comes back with what the stop before has left, or empty.
 */
export async function prepareRedis({ port, dir, say }: RedisOptions): Promise<ManagedPart> {
  const command = await obtainProgram(REDIS, { say });
  const home = join(dir, 'redis');
  await mkdir(home, { recursive: true });
  const settings = join(home, 'redis.conf');
  await writeFile(settings, settingsOf(port, home));
  return managePart({
    id: 1,
    title: 'Redis',
    command,
    args: [settings],
    cwd: home,
    logFile: join(dir, 'redis.log'),
    probe: () => redisAnswers(port),
    say,
  });
}

function settingsOf(port: number, home: string): string {
  return `bind ${HOST}
port ${port}
protected-mode yes
dir "${home}"
appendonly no
# A day without an end of the process never comes; that there is a save point makes SIGTERM save.
save 86400 1000000000
# State is never evicted behind a processor's back: a full Redis refuses writes and says so.
maxmemory 2gb
maxmemory-policy noeviction
`;
}
