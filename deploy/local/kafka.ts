// The stack's Kafka: one or three KRaft nodes, each broker and controller at once.
import { existsSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.ts';
import { classArchive } from './class-archive.ts';
import { classPath, findJava, JAVA_FLAGS, type Java, runJava } from './java.ts';
import { type KafkaSecurity, scramArguments, securedSettings } from './kafka-security.ts';
import { type ManagedPart, managePart } from './managed-part.ts';
import { obtain } from './maven.ts';
import { PARTS } from './parts.ts';
import { claimPorts, HOST } from './ports.ts';
import { kafkaAnswers } from './probes.ts';

export interface KafkaNodePlan {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  /** A second listener, for clients that come through a proxy. Default: none. */
  readonly proxied?: ProxiedListener;
}

export interface ProxiedListener {
  /** Where the broker listens for the proxy. */
  readonly port: number;
  /** Where the proxy listens: what the broker names to clients that came through it. */
  readonly proxyPort: number;
  /** Under which name. Default: the address. */
  readonly proxyHost?: string;
}

export interface KafkaOptions {
  readonly nodes: readonly KafkaNodePlan[];
  /** For settings, data and logs of this stack. */
  readonly dir: string;
  readonly say: (line: string) => void;
  /** One node only. Default: no TLS. */
  readonly security?: KafkaSecurity;
}

const CLUSTER_ID = 'ZmxlZXR3aXJlLWxvY2FsLQ';
const LOG_SETTINGS = fileURLToPath(new URL('kafka-log4j2.properties', import.meta.url));
const HEAP = ['-Xms256m', '-Xmx512m'] as const;

/** Brings what the nodes need and starts none of them yet. Throws MissingPartError. */
export async function prepareKafka(options: KafkaOptions): Promise<readonly ManagedPart[]> {
  const java = await findJava();
  const jars = await obtain('kafka', options);
  const archive = await archiveOf(java, jars, options.say);
  const flags = [`-XX:SharedArchiveFile=${archive}`];
  return Promise.all(
    options.nodes.map((node) => prepareNode({ java, jars, flags, node, options })),
  );
}

interface NodeSetup {
  readonly java: Java;
  readonly jars: string;
  /** For the JVM. */
  readonly flags: readonly string[];
  readonly node: KafkaNodePlan;
  readonly options: KafkaOptions;
}

async function prepareNode(setup: NodeSetup): Promise<ManagedPart> {
  const { java, jars, flags, node, options } = setup;
  const data = join(options.dir, `kafka-${node.id}`);
  const settings = join(options.dir, `kafka-${node.id}.properties`);
  // A folder that was asked for may hold an earlier life's records.
  if (!existsSync(data)) {
    // Users live in the storage, so one that has any is made for this stack alone.
    if (options.security) await format(setup, data);
    else await cp(await formattedStorage(setup), data, { recursive: true });
  }
  await writeFile(settings, settingsOf({ node, nodes: options.nodes, data }, options.security));
  const main = ['-cp', await classPath(jars), 'kafka.Kafka', settings];
  return managePart({
    id: node.id,
    title: `Kafka broker ${node.id}`,
    command: java.path,
    args: [...JAVA_FLAGS, ...HEAP, ...flags, `-Dlog4j2.configurationFile=${LOG_SETTINGS}`, ...main],
    logFile: join(options.dir, `kafka-${node.id}.log`),
    probe: () => kafkaAnswers(node.port, options.nodes.length),
    say: options.say,
  });
}

/** A formatted, empty storage folder. It names no port, so it is made once and copied. */
function formattedStorage(setup: NodeSetup): Promise<string> {
  const name = `kafka-${PARTS.kafka.version}-storage-${setup.node.id}`;
  return cached(name, (folder) => format(setup, folder));
}

async function format({ java, jars, node, options }: NodeSetup, data: string): Promise<void> {
  const settings = join(options.dir, `format-${node.id}.properties`);
  await writeFile(settings, settingsOf({ node, nodes: [node], data }));
  const users = options.security ? scramArguments(options.security) : [];
  const tool = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', settings, ...users];
  await runJava(java, ['-cp', await classPath(jars), ...tool]);
}

/** The classes that a broker loads, mapped instead of parsed: 1.4 s of CPU for a start, not 2.4. */
async function archiveOf(java: Java, jars: string, say: (line: string) => void) {
  const name = `kafka-${PARTS.kafka.version}`;
  return classArchive({ name, java }, async ({ flags, dir }) => {
    say('Preparing a class archive for Kafka, once for this Java.');
    const ports = await claimPorts();
    const node = { id: 1, port: ports.next(), controllerPort: ports.next() };
    const broker = await prepareNode({
      java,
      jars,
      flags,
      node,
      options: { nodes: [node], dir, say },
    });
    await broker.start();
    await broker.stop();
    await ports.release();
  });
}

interface Layout extends Pick<KafkaOptions, 'nodes'> {
  readonly node: KafkaNodePlan;
  readonly data: string;
}

function settingsOf({ node, nodes, data }: Layout, security?: KafkaSecurity): string {
  const isCluster = nodes.length > 1;
  const voters = nodes.map(({ id, controllerPort }) => `${id}@${HOST}:${controllerPort}`);
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': voters.join(','),
    listeners: `PLAINTEXT://${HOST}:${node.port},CONTROLLER://${HOST}:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${HOST}:${node.port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    'auto.create.topics.enable': false,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': isCluster ? 3 : 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': isCluster ? 3 : 1,
    'transaction.state.log.min.isr': isCluster ? 2 : 1,
    'default.replication.factor': isCluster ? 3 : 1,
    'min.insync.replicas': isCluster ? 2 : 1,
    'group.initial.rebalance.delay.ms': 0,
    // 128 MB of heap by default, for topics that are compacted: here they are tiny.
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    // Leaders that move by themselves would make tests of moved leaders unrepeatable.
    'auto.leader.rebalance.enable': !isCluster,
  };
  const open = node.proxied
    ? { ...settings, ...proxiedSettings(settings, node.proxied) }
    : settings;
  const all = security ? { ...open, ...securedSettings(open, security) } : open;
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

type Settings = Readonly<Record<string, string | number | boolean>>;

function proxiedSettings(plain: Settings, proxied: ProxiedListener): Settings {
  const { port, proxyPort, proxyHost = HOST } = proxied;
  const protocols = plain['listener.security.protocol.map'];
  return {
    listeners: `${plain['listeners']},PROXIED://${HOST}:${port}`,
    'advertised.listeners': `${plain['advertised.listeners']},PROXIED://${proxyHost}:${proxyPort}`,
    'listener.security.protocol.map': `${protocols},PROXIED:PLAINTEXT`,
  };
}
