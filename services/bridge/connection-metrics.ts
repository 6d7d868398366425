// What the bridge tells Prometheus of each of its MQTT connections.

import type { Connection } from '#shared/mqtt/connection.ts';
import { counterFrom, gaugeFrom, type MetricsRegistry } from '#shared/runtime/metrics.ts';

interface ConnectionMetric {
  readonly name: string;
  readonly help: string;
  readonly read: (connection: Connection) => number;
}

const connectionGauges: readonly ConnectionMetric[] = [
  {
    name: 'fleetwire_bridge_mqtt_connected',
    help: '1 while the broker has accepted the connection.',
    read: ({ link }) => (link?.isOpen ? 1 : 0),
  },
  {
    name: 'fleetwire_bridge_mqtt_subscribed',
    help: '1 while all filters are granted.',
    read: ({ status }) => (status.kind === 'subscribed' ? 1 : 0),
  },
  {
    name: 'fleetwire_bridge_broker_receive_maximum',
    help: 'Receive Maximum of the CONNACK; below window_frames the broker may cut the window.',
    read: ({ link }) => link?.brokerReceiveMaximum ?? 0,
  },
];

export function registerConnections(
  registry: MetricsRegistry,
  connections: readonly Connection[],
): void {
  const byIndex = new Map(connections.map((connection) => [String(connection.index), connection]));
  const labels = { connection: [...byIndex.keys()] };
  const readAt = (index: string, read: ConnectionMetric['read']): number => {
    const connection = byIndex.get(index);
    return connection ? read(connection) : 0;
  };
  for (const { name, help, read } of connectionGauges) {
    gaugeFrom(registry, { name, help, labels }, ({ connection }) => readAt(connection, read));
  }
  counterFrom(
    registry,
    { name: 'fleetwire_bridge_mqtt_links_total', help: 'Connections opened.', labels },
    ({ connection }) => readAt(connection, ({ linkCount }) => linkCount),
  );
}
