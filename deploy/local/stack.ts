// The local stack: a real Kafka, MQTT 5 broker and schema registry as plain processes on loopback.
import { prepareApicurio, registryUrlOf } from './apicurio.ts';
import { prepareArtemis } from './artemis.ts';
import { prepareKafka } from './kafka.ts';
import type { ManagedPart } from './managed-part.ts';
import { prepareMosquitto } from './mosquitto.ts';
import { claimPorts, HOST, type PortBlock } from './ports.ts';
import { openStackFolder } from './stack-folder.ts';

export type StackPart = 'kafka' | 'mqtt' | 'registry';

export interface StackOptions {
  /** Default: all three. */
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
  /** State and logs. */
  readonly dir: string;
  readonly kafka: PartControl;
  readonly mqtt: PartControl;
  readonly registry: PartControl;
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
  const plans = planParts(options, { dir: folder.dir, ports });
  const nodes: ManagedPart[] = [];
  const stop = async () => {
    // Data that is thrown away need not be closed in order.
    await Promise.all(nodes.map((node) => (folder.isFresh ? node.kill() : node.stop())));
    await ports.release();
    await folder.close();
  };
  const begin = async (plan: PartPlan): Promise<PartControl> => {
    const own = await plan.prepare();
    nodes.push(...own);
    const control = controlOf(plan.name, own);
    if (own.length > 0) await control.start();
    return control;
  };
  const begun = [begin(plans.kafka), begin(plans.mqtt), begin(plans.registry)] as const;
  try {
    const [kafka, mqtt, registry] = await Promise.all(begun);
    return stackOf({ plans, dir: folder.dir, kafka, mqtt, registry, stop });
  } catch (error) {
    // The others first come to their end, so that none starts after everything was stopped.
    await Promise.allSettled(begun);
    await stop();
    throw error;
  }
}

interface PartPlan {
  readonly name: StackPart;
  /** Undefined when the stack has no such part. */
  readonly address: string | undefined;
  /** Gives no nodes when the part runs elsewhere or was not asked for. */
  readonly prepare: () => Promise<readonly ManagedPart[]>;
}

type PartPlans = Readonly<Record<StackPart, PartPlan>>;

function planParts(options: StackOptions, home: { dir: string; ports: PortBlock }): PartPlans {
  const { external = {}, parts = ['kafka', 'mqtt', 'registry'], brokers = 1 } = options;
  const { dir, ports } = home;
  const say = options.say ?? (() => undefined);
  const nodes = Array.from({ length: brokers }, (_, index) => {
    return { id: index + 1, port: ports.next(), controllerPort: ports.next() };
  });
  const mqttPort = ports.next();
  const registryPort = ports.next();
  const prepareMqtt = options.mqtt === 'mosquitto' ? prepareMosquitto : prepareArtemis;

  const plan = (name: StackPart, place: Place): PartPlan => {
    if (place.elsewhere !== undefined) {
      return { name, address: place.elsewhere, prepare: async () => [] };
    }
    if (!parts.includes(name)) return { name, address: undefined, prepare: async () => [] };
    return { name, address: place.here, prepare: place.prepare };
  };
  return {
    kafka: plan('kafka', {
      elsewhere: external.kafkaBrokers,
      here: nodes.map(({ port }) => `${HOST}:${port}`).join(','),
      prepare: () => prepareKafka({ nodes, dir, say }),
    }),
    mqtt: plan('mqtt', {
      elsewhere: external.mqttUrl,
      here: `mqtt://${HOST}:${mqttPort}`,
      prepare: async () => [await prepareMqtt({ port: mqttPort, dir, say })],
    }),
    registry: plan('registry', {
      elsewhere: external.registryUrl,
      here: registryUrlOf(registryPort),
      prepare: async () => [await prepareApicurio({ port: registryPort, dir, say })],
    }),
  };
}

interface Place {
  readonly elsewhere: string | undefined;
  readonly here: string;
  readonly prepare: PartPlan['prepare'];
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

interface Assembly extends Pick<Stack, 'dir' | 'kafka' | 'mqtt' | 'registry' | 'stop'> {
  readonly plans: PartPlans;
}

function stackOf({ plans, stop, ...rest }: Assembly): Stack {
  const addressOf = ({ name, address }: PartPlan) => {
    if (address === undefined) throw new Error(`The stack was started without ${name}.`);
    return address;
  };
  let stopped: Promise<void> | undefined;
  return {
    ...rest,
    get kafkaBrokers() {
      return addressOf(plans.kafka);
    },
    get mqttUrl() {
      return addressOf(plans.mqtt);
    },
    get registryUrl() {
      return addressOf(plans.registry);
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
