// The stack's schema registry: Apicurio through its Confluent-compatible API.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { classArchive } from './class-archive.ts';
import { findJava, JAVA_FLAGS, type Java } from './java.ts';
import { type ManagedPart, managePart } from './managed-part.ts';
import { obtain } from './maven.ts';
import { PARTS } from './parts.ts';
import { claimPorts, HOST } from './ports.ts';
import { httpAnswers } from './probes.ts';

export interface RegistryOptions {
  readonly port: number;
  /** For data and logs of this stack. */
  readonly dir: string;
  readonly say: (line: string) => void;
}

const HEAP = ['-Xms64m', '-Xmx384m'] as const;

/** What clients are given: the path is part of the address. */
export function registryUrlOf(port: number): string {
  return `http://${HOST}:${port}/apis/ccompat/v7`;
}

/** Brings Apicurio and does not start it yet. Throws MissingPartError. */
export async function prepareApicurio(options: RegistryOptions): Promise<ManagedPart> {
  const java = await findJava();
  const home = await obtain('apicurio', options);
  const name = `apicurio-${PARTS.apicurio.version}`;
  const archive = await classArchive({ name, java }, async ({ flags, dir }) => {
    options.say('Preparing a class archive for Apicurio, once for this Java.');
    const ports = await claimPorts();
    const rehearsal = { ...options, dir, port: ports.next() };
    const registry = await apicurio({ java, home, flags }, rehearsal);
    await registry.start();
    await registry.stop();
    await ports.release();
  });
  return apicurio({ java, home, flags: [`-XX:SharedArchiveFile=${archive}`] }, options);
}

interface Runtime {
  readonly java: Java;
  readonly home: string;
  /** For the JVM. */
  readonly flags: readonly string[];
}

async function apicurio({ java, home, flags }: Runtime, options: RegistryOptions) {
  const data = join(options.dir, 'registry');
  await mkdir(data, { recursive: true });
  const jar = (await readdir(home)).find((file) => file.endsWith('-runner.jar'));
  if (jar === undefined) throw new Error(`No *-runner.jar in ${home}; delete that folder.`);
  return managePart({
    id: 1,
    title: 'Apicurio Registry',
    command: java.path,
    args: [...JAVA_FLAGS, ...HEAP, ...flags, '-jar', join(home, jar)],
    env: {
      ...process.env,
      QUARKUS_HTTP_HOST: HOST,
      QUARKUS_HTTP_PORT: String(options.port),
      // In a file, so that its schemas outlive a stop and start in a test.
      REGISTRY_DATASOURCE_URL: `jdbc:h2:file:${join(data, 'registry')}`,
    },
    cwd: data,
    logFile: join(options.dir, 'registry.log'),
    probe: () => httpAnswers(`${registryUrlOf(options.port)}/subjects`),
    say: options.say,
  });
}
