// Three Kafka nodes, each behind a proxy that can lose its answers; whoever checks goes straight.

import { prepareKafka } from '#deploy/local/kafka.ts';
import type { ManagedPart } from '#deploy/local/managed-part.ts';
import { claimPorts, HOST } from '#deploy/local/ports.ts';
import { openStackFolder } from '#deploy/local/stack-folder.ts';
import { applyTopics } from '#shared/kafka/admin.ts';
import { createKafkaClient, type KafkaClient } from '#shared/kafka/client.ts';
import { type KafkaConfig, kafkaSettings } from '#shared/kafka/settings.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { TcpProxy } from '../chaos/proxy/tcp-proxy.ts';
import type { Scope } from '../integration/scope.ts';

export interface ProducersBed {
  readonly nodes: readonly ManagedPart[];
  readonly proxies: readonly TcpProxy[];
  /** Through the proxies. */
  readonly config: KafkaConfig;
  readonly straight: KafkaConfig;
  /** Straight. */
  readonly client: KafkaClient;
}

const brokers = 3;
/** One of ours, since the leader mover looks at ours alone. */
export const topic = kafkaTopics.telemetry;
export const partitions = 12;

export async function openBed(scope: Scope, say: (line: string) => void): Promise<ProducersBed> {
  const folder = await openStackFolder();
  const [ports, proxyPorts] = [await claimPorts(), await claimPorts()];
  scope.after(async () => {
    await Promise.all([ports.release(), proxyPorts.release()]);
    await folder.close();
  });
  const plans = Array.from({ length: brokers }, (_, at) => ({
    id: at + 1,
    port: ports.next(),
    controllerPort: ports.next(),
    proxied: { port: ports.next(), proxyPort: proxyPorts.next() },
  }));
  const nodes = await prepareKafka({ nodes: plans, dir: folder.dir, say });
  scope.after(() => Promise.all(nodes.map((node) => node.kill())));
  await Promise.all(nodes.map((node) => node.start()));
  const proxies = plans.map(({ id, proxied }) => {
    const server = { host: HOST, port: proxied.port };
    return new TcpProxy({ name: `Kafka broker ${id}`, port: proxied.proxyPort, server });
  });
  scope.after(() => Promise.all(proxies.map((proxy) => proxy.down())));
  await Promise.all(proxies.map((proxy) => proxy.up()));
  const straight = configOf(plans.map(({ port }) => port));
  const client = createKafkaClient(straight, createLogger({ level: 'silent', name: 'test' }));
  scope.after(() => client.destroy());
  const specs = [{ topic, retention: { deleteAfterMs: 3_600_000 } }];
  await applyTopics({ client, specs, partitions, replication: brokers, minIsr: 2, mode: 'apply' });
  return { nodes, proxies, config: configOf(proxies.map(({ port }) => port)), straight, client };
}

function configOf(ports: readonly number[]): KafkaConfig {
  const KAFKA_BROKERS = ports.map((port) => `${HOST}:${port}`).join(',');
  return loadConfig(kafkaSettings, { env: { KAFKA_BROKERS } });
}
