// Client events as EMQX's rule writes them: for tests and the simulated fleet.

/** Fields of the rule that deploy/ ships. */
export interface EventInput {
  readonly event: 'connected' | 'disconnected';
  readonly clientId: string;
  /** Epoch ms. */
  readonly at: number;
  readonly connectedAt?: number;
  readonly reason?: string;
}

export function buildEvent({ event, clientId, at, connectedAt = at, reason }: EventInput): Buffer {
  const isUp = event === 'connected';
  const fields = {
    clientid: clientId,
    event: `client.${event}`,
    connected_at: connectedAt,
    disconnected_at: isUp ? null : at,
    reason: isUp ? null : (reason ?? 'normal'),
    keepalive: isUp ? 60 : null,
    expiry_interval: isUp ? 0 : null,
    clean_start: isUp ? true : null,
    timestamp: at,
    proto_name: 'MQTT',
    proto_ver: 5,
    node: 'emqx@127.0.0.1',
  };
  return Buffer.from(JSON.stringify(fields), 'utf8');
}
