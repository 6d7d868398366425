// What chaos is made on: real brokers, each behind a proxy, with a witness on the connections of
// the bridges. Bridges and cars go through the proxies, bridges by names; whoever checks goes
// straight.

import { prepareKafka } from '#deploy/local/kafka.ts';
import type { ManagedPart } from '#deploy/local/managed-part.ts';
import { claimPorts, HOST, type PortBlock } from '#deploy/local/ports.ts';
import { startStack } from '#deploy/local/stack.ts';
import { openStackFolder } from '#deploy/local/stack-folder.ts';
import type { Addresses } from '#loadtest/demo/addresses.ts';
import type { ModelSettings } from '../emqx-model/settings.ts';
import { type Ground, openGround } from '../integration/ground.ts';
import type { Scope } from '../integration/scope.ts';
import { Hosts } from '../names/hosts.ts';
import { type MqttPart, realBroker, startModel } from './mqtt-part.ts';
import type { Address } from './proxy/proxied-connection.ts';
import { TcpProxy } from './proxy/tcp-proxy.ts';
import { MqttWitness } from './witness/mqtt-witness.ts';

export interface BedOptions {
  /** Kafka nodes. */
  readonly brokers: 1 | 3;
  /** Places of bridges, each with a proxy of its own. */
  readonly bridges: number;
  /** The broker is the model of EMQX with these settings. Default: the stack's own broker. */
  readonly model?: Partial<ModelSettings>;
  readonly scope: Scope;
  readonly say: (line: string) => void;
}

export interface Bed {
  /** Straight, for checks. */
  readonly ground: Ground;
  /** Through the proxy of the cars. */
  readonly carGround: Ground;
  /** For logs. */
  readonly dir: string;
  readonly mqtt: MqttPart;
  readonly kafkaNodes: readonly ManagedPart[];
  readonly proxies: Proxies;
  readonly witness: MqttWitness;
  /** The names by which bridges know all of it. */
  readonly hosts: Hosts;
  /** Of the bridge at that place, from 0; for processes with the environment of `hosts`. */
  addressesOf(place: number): Addresses;
}

export interface Proxies {
  /** One for each broker. */
  readonly kafka: readonly TcpProxy[];
  readonly registry: TcpProxy;
  /** To the MQTT broker, of all cars. */
  readonly cars: TcpProxy;
  /** To the MQTT broker, one for each place of a bridge. */
  readonly bridges: readonly TcpProxy[];
}

/** What was opened closes with the scope. */
export async function openBed(options: BedOptions): Promise<Bed> {
  const { brokers, bridges, scope, say, model } = options;
  const ports = await claimPorts();
  scope.after(() => ports.release());
  const kafkaNames = Array.from({ length: brokers }, (_, at) => kafkaNameOf(at));
  const hosts = await Hosts.open([...kafkaNames, hostNames.mqtt, hostNames.registry], scope);
  const [kafka, stack] = await Promise.all([
    startKafka({ brokers, scope, say, ports }),
    startStack({ parts: model ? ['registry'] : ['mqtt', 'registry'], say }),
  ]);
  scope.after(() => stack.stop());
  const mqtt = model ? await startModel(model, scope) : realBroker(stack);
  const witness = new MqttWitness();
  const { registryUrl } = stack;
  const proxies = openProxies({ kafka, mqtt, registryUrl, bridges, ports, witness });
  const all = [...proxies.kafka, proxies.registry, proxies.cars, ...proxies.bridges];
  scope.after(() => Promise.all(all.map((proxy) => proxy.down())));
  await Promise.all(all.map((proxy) => proxy.up()));
  const straight = { mqttUrl: mqtt.url, registryUrl, kafkaBrokers: placesText(kafka.straight) };
  const ground = await openGround(straight, { brokers, scope });
  const through = {
    registryUrl: throughProxy(registryUrl, proxies.registry, hostNames.registry),
    kafkaBrokers: placesText(
      proxies.kafka.map(({ port }, at) => ({ host: kafkaNameOf(at), port })),
    ),
  };
  const carsUrl = throughProxy(mqtt.url, proxies.cars);
  return {
    ground,
    carGround: { ...ground, config: { ...ground.config, mqttUrl: carsUrl } },
    dir: stack.dir,
    mqtt,
    kafkaNodes: kafka.nodes,
    proxies,
    witness,
    hosts,
    addressesOf: (place) => ({
      ...through,
      mqttUrl: throughProxy(mqtt.url, proxies.bridges[place] as TcpProxy, hostNames.mqtt),
    }),
  };
}

/** As bridges know them. */
export const hostNames = { mqtt: 'mqtt.fleetwire.test', registry: 'registry.fleetwire.test' };

function kafkaNameOf(at: number): string {
  return `kafka-${at + 1}.fleetwire.test`;
}

interface Kafka {
  readonly nodes: readonly ManagedPart[];
  readonly straight: readonly Address[];
  readonly behind: readonly Address[];
  readonly proxyPorts: readonly number[];
}

interface KafkaStart extends Pick<BedOptions, 'brokers' | 'scope' | 'say'> {
  /** For the proxies, which the brokers must know by name. */
  readonly ports: PortBlock;
}

async function startKafka({ brokers, scope, say, ports }: KafkaStart): Promise<Kafka> {
  const folder = await openStackFolder();
  const own = await claimPorts();
  scope.after(async () => {
    await own.release();
    await folder.close();
  });
  const plans = Array.from({ length: brokers }, (_, at) => ({
    id: at + 1,
    port: own.next(),
    controllerPort: own.next(),
    proxied: { port: own.next(), proxyPort: ports.next(), proxyHost: kafkaNameOf(at) },
  }));
  const nodes = await prepareKafka({ nodes: plans, dir: folder.dir, say });
  scope.after(() => Promise.all(nodes.map((node) => node.kill())));
  say(`Starting Kafka, ${brokers === 1 ? 'one node' : `${brokers} nodes`}; logs in ${folder.dir}`);
  await Promise.all(nodes.map((node) => node.start()));
  return {
    nodes,
    straight: plans.map(({ port }) => ({ host: HOST, port })),
    behind: plans.map(({ proxied }) => ({ host: HOST, port: proxied.port })),
    proxyPorts: plans.map(({ proxied }) => proxied.proxyPort),
  };
}

interface ProxyPlan extends Pick<BedOptions, 'bridges'> {
  readonly kafka: Kafka;
  readonly mqtt: MqttPart;
  readonly registryUrl: string;
  readonly ports: PortBlock;
  readonly witness: MqttWitness;
}

function openProxies(plan: ProxyPlan): Proxies {
  const { kafka, mqtt, registryUrl, bridges, ports, witness } = plan;
  const broker = addressOf(mqtt.url);
  return {
    kafka: kafka.behind.map((server, at) => {
      const port = kafka.proxyPorts[at] as number;
      return new TcpProxy({ name: `Kafka broker ${at + 1}`, port, server });
    }),
    registry: new TcpProxy({
      name: 'the registry',
      port: ports.next(),
      server: addressOf(registryUrl),
    }),
    cars: new TcpProxy({ name: 'MQTT of the cars', port: ports.next(), server: broker }),
    bridges: Array.from({ length: bridges }, (_, at) => {
      const name = `MQTT of bridge ${at + 1}`;
      const tap = () => witness.tap(`bridge ${at + 1}`);
      return new TcpProxy({ name, port: ports.next(), server: broker, tap });
    }),
  };
}

function addressOf(url: string): Address {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

function throughProxy(url: string, { port }: TcpProxy, name: string = HOST): string {
  const { host } = new URL(url);
  return url.replace(host, `${name}:${port}`);
}

function placesText(places: readonly Address[]): string {
  return places.map(({ host, port }) => `${host}:${port}`).join(',');
}
