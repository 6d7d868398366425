// The stack's second MQTT broker: Mosquitto from the PATH, or from Debian's packages as root.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { BrokerOptions } from './artemis.ts';
import { type ManagedPart, managePart } from './managed-part.ts';
import { installCommand, MissingPartError } from './missing.ts';
import { HOST } from './ports.ts';
import { mqttAnswers } from './probes.ts';

/** Finds or installs Mosquitto and does not start it yet. Throws MissingPartError. */
export async function prepareMosquitto(options: BrokerOptions): Promise<ManagedPart> {
  const command = findMosquitto(process.env) ?? (await installMosquitto(options.say));
  const home = join(options.dir, 'mosquitto');
  await mkdir(home, { recursive: true });
  const settings = join(home, 'mosquitto.conf');
  await writeFile(settings, settingsOf(options.port));
  return managePart({
    id: 1,
    title: 'Mosquitto',
    command,
    args: ['-c', settings],
    cwd: home,
    logFile: join(options.dir, 'mqtt.log'),
    probe: () => mqttAnswers(options.port),
    say: options.say,
  });
}

/** Debian puts it where only root's PATH looks. */
export function findMosquitto(env: NodeJS.ProcessEnv): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'mosquitto')).find((path) => existsSync(path));
}

async function installMosquitto(say: (line: string) => void): Promise<string> {
  const command = installCommand({ debian: 'mosquitto', brew: 'mosquitto' });
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  let cause: unknown;
  if (canInstall) {
    say(`Installing Mosquitto from Debian's packages (${command}).`);
    // Run level 1 keeps the package from starting a broker of its own on port 1883.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const run = promisify(execFile);
    await run('apt-get', ['update', '-q'], { env }).catch(() => undefined);
    const install = ['install', '-y', '-q', '--no-install-recommends', 'mosquitto'];
    await run('apt-get', install, { env }).catch((error) => {
      cause = error;
    });
  }
  const path = findMosquitto(process.env);
  if (path !== undefined) return path;
  throw new MissingPartError({
    wanted: 'Mosquitto as MQTT broker',
    found: 'no mosquitto on the PATH',
    command,
    cause,
  });
}

function settingsOf(port: number): string {
  return `listener ${port} ${HOST}
allow_anonymous true
persistence false
log_dest stderr
# It drops what a queue cannot hold: no limit, so that only a bridge's own limits count.
max_queued_messages 0
max_inflight_messages 65535
set_tcp_nodelay true
`;
}
