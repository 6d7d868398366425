// The local stack: a real Kafka, MQTT 5 broker, schema registry and Redis as plain
// processes on loopback.
import { prepareApicurio, registryUrlOf } from './apicurio.ts';
import { prepareArtemis } from './artemis.ts';
import { prepareKafka } from './kafka.ts';
import type { ManagedPart } from './managed-part.ts';
import { prepareMosquitto } from './mosquitto.ts';
import { PARTS } from './parts.ts';
import { claimPorts, HOST, type PortBlock } from './ports.ts';
import { prepareRedis } from './redis.ts';
import { openStackFolder } from './stack-folder.ts';

export type StackPart = 'kafka' | 'mqtt' | 'registry' | 'redis';

const ALL_PARTS: readonly StackPart[] = ['kafka', 'mqtt', 'registry', 'redis'];

export interface StackOptions {
  /** Default: all of them. */
  readonly parts?: readonly StackPart[];
  /** Default 1. */
  readonly brokers?: 1 | 3;
  /** Default artemis. */
  readonly mqtt?: 'artemis' | 'mosquitto';
  /** Addresses of parts that run elsewhere: those are not started and cannot be stopped here. */
  readonly external?: External;
  /** State and logs. Default: a fresh folder under .stack/ whose data stop() removes. */
  readonly dir?: string;
  readonly say?: (line: string) => void;
}

export interface External {
  readonly mqttUrl?: string | undefined;
  /** host:port, comma-separated. */
  readonly kafkaBrokers?: string | undefined;
  readonly registryUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
}

/** Start and stop keep ports and data, so that a test can take a part away and bring it back. */
export interface PartControl {
  /** The processes; empty when the part runs elsewhere or was not asked for. */
  readonly nodes: readonly ManagedPart[];
  /** Resolves when every node is ready. Throws when the part is not ours. */
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface Stack {
  /** As the setting MQTT_URL takes it. Throws when the stack has no such part; so do the next. */
  readonly mqttUrl: string;
  /** As KAFKA_BROKERS takes it: host:port, comma-separated. */
  readonly kafkaBrokers: string;
  /** As REGISTRY_URL takes it, with the path of the Confluent-compatible API. */
  readonly registryUrl: string;
  /** As REDIS_URL takes it. */
  readonly redisUrl: string;
  /** State and logs. */
  readonly dir: string;
  readonly kafka: PartControl;
  readonly mqtt: PartControl;
  readonly registry: PartControl;
  readonly redis: PartControl;
  /** Safe to call twice; resolves when no process is left. */
  stop(): Promise<void>;
}

/**
 * Starts the parts side by side and resolves when each has answered as a ready part does. What
 * the machine lacks is thrown as MissingPartError; then, as on any failure, nothing is left.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const folder = await openStackFolder(options.dir);
  const ports = await claimPorts();
  const say = options.say ?? (() => undefined);
  const plans = planParts(options, { dir: folder.dir, ports, say });
  const own = Object.values(plans).filter(({ isOurs }) => isOurs);
  const titles = own.map(({ title }) => title).join(', ') || 'nothing';
  say(`Starting ${titles}; logs in ${folder.dir}`);
  const startedAt = performance.now();
  const nodes: ManagedPart[] = [];
  const stop = async () => {
    // Data that is thrown away need not be closed in order.
    await Promise.all(nodes.map((node) => (folder.isFresh ? node.kill() : node.stop())));
    await ports.release();
    await folder.close();
  };
  const begin = async (plan: PartPlan): Promise<PartControl> => {
    const prepared = plan.isOurs ? await plan.prepare() : [];
    nodes.push(...prepared);
    const control = controlOf(plan.name, prepared);
    if (plan.isOurs) await control.start();
    return control;
  };
  const { kafka, mqtt, registry, redis } = plans;
  const begun = [begin(kafka), begin(mqtt), begin(registry), begin(redis)] as const;
  try {
    const controls = await Promise.all(begun);
    say(`The local stack is ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
    return stackOf({ plans, dir: folder.dir, controls, stop });
  } catch (error) {
    // The others first come to their end, so that none starts after everything was stopped.
    await Promise.allSettled(begun);
    await stop();
    throw error;
  }
}

interface PartPlan {
  readonly name: StackPart;
  readonly title: string;
  /** False when the part runs elsewhere or was not asked for. */
  readonly isOurs: boolean;
  /** Undefined when the stack has no such part. */
  readonly address: string | undefined;
  readonly prepare: () => Promise<readonly ManagedPart[]>;
}

type PartPlans = Readonly<Record<StackPart, PartPlan>>;

interface Home {
  readonly dir: string;
  readonly ports: PortBlock;
  readonly say: (line: string) => void;
}

function planParts(options: StackOptions, home: Home): PartPlans {
  const { external = {}, parts = ALL_PARTS } = options;
  const place = (plan: Pick<PartPlan, 'name' | 'title' | 'prepare'>, at: Addresses): PartPlan => {
    const isOurs = at.elsewhere === undefined && parts.includes(plan.name);
    return { ...plan, isOurs, address: isOurs ? at.here : at.elsewhere };
  };
  const kafka = planKafka(options.brokers ?? 1, home);
  const mqtt = planMqtt(options.mqtt ?? 'artemis', home);
  const registry = planRegistry(home);
  const redis = planRedis(home);
  return {
    kafka: place(kafka, { here: kafka.here, elsewhere: external.kafkaBrokers }),
    mqtt: place(mqtt, { here: mqtt.here, elsewhere: external.mqttUrl }),
    registry: place(registry, { here: registry.here, elsewhere: external.registryUrl }),
    redis: place(redis, { here: redis.here, elsewhere: external.redisUrl }),
  };
}

interface Addresses {
  readonly here: string;
  readonly elsewhere: string | undefined;
}

function planKafka(brokers: number, { dir, ports, say }: Home) {
  const nodes = Array.from({ length: brokers }, (_, index) => {
    return { id: index + 1, port: ports.next(), controllerPort: ports.next() };
  });
  const { title, version } = PARTS.kafka;
  return {
    name: 'kafka' as const,
    title: `${title} ${version} (${brokers === 1 ? 'one node' : `${brokers} nodes`})`,
    here: nodes.map(({ port }) => `${HOST}:${port}`).join(','),
    prepare: () => prepareKafka({ nodes, dir, say }),
  };
}

function planMqtt(broker: 'artemis' | 'mosquitto', { dir, ports, say }: Home) {
  const port = ports.next();
  const { title, version } = PARTS.artemis;
  const prepare = broker === 'artemis' ? prepareArtemis : prepareMosquitto;
  return {
    name: 'mqtt' as const,
    title: broker === 'artemis' ? `${title} ${version}` : 'Mosquitto',
    here: `mqtt://${HOST}:${port}`,
    prepare: async () => [await prepare({ port, dir, say })],
  };
}

function planRegistry({ dir, ports, say }: Home) {
  const port = ports.next();
  const { title, version } = PARTS.apicurio;
  return {
    name: 'registry' as const,
    title: `${title} ${version}`,
    here: registryUrlOf(port),
    prepare: async () => [await prepareApicurio({ port, dir, say })],
  };
}

function planRedis({ dir, ports, say }: Home) {
  const port = ports.next();
  return {
    name: 'redis' as const,
    title: 'Redis',
    here: `redis://${HOST}:${port}`,
    prepare: async () => [await prepareRedis({ port, dir, say })],
  };
}

function controlOf(name: StackPart, nodes: readonly ManagedPart[]): PartControl {
  const each = async (act: (node: ManagedPart) => Promise<void>) => {
    if (nodes.length === 0) throw new Error(`The stack did not start ${name} and leaves it alone.`);
    await Promise.all(nodes.map(act));
  };
  return {
    nodes,
    start: () => each((node) => node.start()),
    stop: () => each((node) => node.stop()),
    kill: () => each((node) => node.kill()),
  };
}

interface Assembly extends Pick<Stack, 'dir' | 'stop'> {
  readonly plans: PartPlans;
  /** Of Kafka, the MQTT broker, the registry and Redis. */
  readonly controls: readonly [PartControl, PartControl, PartControl, PartControl];
}

function stackOf({ plans, dir, controls, stop }: Assembly): Stack {
  const [kafka, mqtt, registry, redis] = controls;
  const addressOf = ({ name, address }: PartPlan) => {
    if (address === undefined) throw new Error(`The stack was started without ${name}.`);
    return address;
  };
  let stopped: Promise<void> | undefined;
  return {
    dir,
    kafka,
    mqtt,
    registry,
    redis,
    get kafkaBrokers() {
      return addressOf(plans.kafka);
    },
    get mqttUrl() {
      return addressOf(plans.mqtt);
    },
    get registryUrl() {
      return addressOf(plans.registry);
    },
    get redisUrl() {
      return addressOf(plans.redis);
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
