// The stack's second MQTT broker: Mosquitto.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrokerOptions } from './artemis.ts';
import { type ManagedPart, managePart } from './managed-part.ts';
import { HOST } from './ports.ts';
import { mqttAnswers } from './probes.ts';
import { obtainProgram, type ProgramSource } from './program.ts';

const MOSQUITTO: ProgramSource = {
  title: 'Mosquitto as MQTT broker',
  commands: ['mosquitto'],
  packages: { debian: 'mosquitto', brew: 'mosquitto' },
};

/** Finds or installs Mosquitto and does not start it yet. Throws MissingPartError. */
export async function prepareMosquitto(options: BrokerOptions): Promise<ManagedPart> {
  const command = await obtainProgram(MOSQUITTO, { say: options.say });
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
