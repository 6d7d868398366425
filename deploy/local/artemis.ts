// The stack's usual MQTT 5 broker: Artemis with its own embedded launcher.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classArchive } from './class-archive.ts';
import { classPath, findJava, JAVA_FLAGS, type Java } from './java.ts';
import { type ManagedPart, managePart } from './managed-part.ts';
import { obtain } from './maven.ts';
import { PARTS } from './parts.ts';
import { claimPorts, HOST } from './ports.ts';
import { mqttAnswers } from './probes.ts';

export interface BrokerOptions {
  readonly port: number;
  /** For settings, data and logs of this stack. */
  readonly dir: string;
  readonly say: (line: string) => void;
}

const HEAP = ['-Xms64m', '-Xmx512m'] as const;
const LOG = [
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  // Artemis guards its audit log by level only: at INFO it writes a line for each message.
  '-Dorg.slf4j.simpleLogger.log.org.apache.activemq.audit=error',
] as const;
const LAUNCHER = 'org.apache.activemq.artemis.core.server.embedded.Main';
const SETTINGS = new URL('artemis-broker.xml', import.meta.url);

/** Brings Artemis and does not start it yet. Throws MissingPartError. */
export async function prepareArtemis(options: BrokerOptions): Promise<ManagedPart> {
  const java = await findJava();
  const jars = await obtain('artemis', options);
  const name = `artemis-${PARTS.artemis.version}`;
  const archive = await classArchive({ name, java }, async ({ flags, dir }) => {
    options.say('Preparing a class archive for Artemis, once for this Java.');
    const ports = await claimPorts();
    const broker = await artemis({ java, jars, flags }, { ...options, dir, port: ports.next() });
    await broker.start();
    await broker.stop();
    await ports.release();
  });
  return artemis({ java, jars, flags: [`-XX:SharedArchiveFile=${archive}`] }, options);
}

interface Runtime {
  readonly java: Java;
  readonly jars: string;
  /** For the JVM. */
  readonly flags: readonly string[];
}

async function artemis({ java, jars, flags }: Runtime, options: BrokerOptions) {
  const home = join(options.dir, 'artemis');
  await mkdir(join(home, 'etc'), { recursive: true });
  const settings = await readFile(SETTINGS, 'utf8');
  const placed = settings.replace('tcp://HOST:PORT', `tcp://${HOST}:${options.port}`);
  await writeFile(join(home, 'etc', 'broker.xml'), placed);
  return managePart({
    id: 1,
    title: 'Artemis',
    command: java.path,
    args: [...JAVA_FLAGS, ...HEAP, ...LOG, ...flags, '-cp', await classPath(jars), LAUNCHER, home],
    logFile: join(options.dir, 'mqtt.log'),
    cwd: home,
    probe: () => mqttAnswers(options.port),
    say: options.say,
  });
}
