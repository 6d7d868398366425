// A hop in front of the model of EMQX that sets the DUP flag of what was delivered before, to
// whomever: some brokers do so when a member of a shared group has gone, the model does not.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';
import { messageKey } from '../../chaos/witness/mqtt-witness.ts';

const mqtt5 = { protocolVersion: 5 } as const;

export interface DupMarker {
  readonly port: number;
  close(): void;
}

export async function startDupMarker(brokerPort: number): Promise<DupMarker> {
  const seen = new Set<string>();
  const sockets = new Set<Socket>();
  const marked = (packet: Packet): Packet => {
    if (packet.cmd !== 'publish' || packet.qos === 0) return packet;
    const key = messageKey(packet.topic, packet.payload);
    if (!seen.has(key)) {
      seen.add(key);
      return packet;
    }
    return { ...packet, dup: true };
  };
  const server = createServer({ noDelay: true }, (client) => {
    const broker = connect(brokerPort, '127.0.0.1').setNoDelay(true);
    const reader = parser(mqtt5);
    reader.on('packet', (packet) => client.write(generate(marked(packet), mqtt5)));
    broker.on('data', (chunk: Buffer) => void reader.parse(chunk));
    client.on('data', (chunk) => void broker.write(chunk));
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
