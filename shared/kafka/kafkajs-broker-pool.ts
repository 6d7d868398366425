// Who is who among kafkajs's brokers. Loads nothing of it.

interface Place {
  readonly host: string;
  readonly port: number;
}

interface Broker {
  nodeId: number;
  readonly connectionPool: Place;
}

export interface BrokerPool {
  readonly brokers: Record<number, Broker>;
  readonly metadata: { readonly brokers: readonly (Place & { readonly nodeId: number })[] } | null;
  metadataExpireAt: number | null;
  refreshMetadata(topics: readonly string[]): Promise<unknown>;
}

/**
 * The original remembers where its seed broker was before it asks for metadata, and not which one
 * it was: where sends run side by side and a connection breaks meanwhile, another broker is given
 * the first one's number. From then on requests to either are empty, are answered, and count as
 * done: nothing of its partitions is stored any more, for as long as the client lives.
 */
export function mendBrokerPool({ prototype }: { readonly prototype: BrokerPool }): void {
  const original = prototype.refreshMetadata;
  prototype.refreshMetadata = async function refresh(this: BrokerPool, topics) {
    await original.call(this, topics);
    for (const { nodeId, host, port } of this.metadata?.brokers ?? []) {
      const broker = this.brokers[nodeId];
      if (broker === undefined) continue;
      const { connectionPool } = broker;
      if (connectionPool.host === host && connectionPool.port === port) {
        broker.nodeId = nodeId;
        continue;
      }
      // The next look makes the right one.
      delete this.brokers[nodeId];
      this.metadataExpireAt = null;
    }
  };
}
