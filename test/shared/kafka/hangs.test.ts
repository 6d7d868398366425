// Each thing that a Kafka client waits for before its first send has a bound in time: the TLS
// handshake, the versions, the sign-in and the metadata, on a broker that falls silent at each.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createAuthority } from '#deploy/local/certificates.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { kafkaSettings } from '#shared/kafka/settings.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { createLogger } from '#shared/runtime/log.ts';

const log = createLogger({ level: 'silent', name: 'test' });
const record = { topic: 't', partition: 0, key: Buffer.from('k'), value: Buffer.from('v') };

const requestTimeoutMs = 400;
const connectTimeoutMs = 200;
/** A busy machine looks at its clock late. */
const lateMs = 1_500;

const apiVersionsKey = 18;
const saslHandshakeKey = 17;
const metadataKey = 3;

/** Takes connections, answers requests for versions if it is told to, and nothing else. */
async function startMute(t: TestContext, options: { readonly tellsVersions: boolean }) {
  const asked: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (request: Buffer) => {
      const apiKey = request.readInt16BE(4);
      asked.push(apiKey);
      if (apiKey === apiVersionsKey && options.tellsVersions) socket.write(versionsFor(request));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked, sockets };
}

/** ApiVersions answer: size, correlation id, error code, versions, throttle time. */
function versionsFor(request: Buffer): Buffer {
  const keys = [0, metadataKey, saslHandshakeKey, apiVersionsKey, 36];
  const answer = Buffer.alloc(4 + 4 + 2 + 4 + keys.length * 6 + 4);
  answer.writeInt32BE(answer.length - 4, 0);
  request.copy(answer, 4, 8, 12);
  answer.writeInt32BE(keys.length, 10);
  for (const [index, key] of keys.entries()) {
    answer.writeInt16BE(key, 14 + index * 6);
    answer.writeInt16BE(0, 16 + index * 6);
    answer.writeInt16BE(5, 18 + index * 6);
  }
  return answer;
}

interface Silence {
  readonly at: string;
  readonly tellsVersions: boolean;
  /** The last request that the broker hears. */
  readonly lastKey: number | null;
  readonly env: Readonly<Record<string, string>>;
}

const caFile = join(tmpdir(), `fleetwire-hangs-${process.pid}.crt`);
writeFileSync(caFile, createAuthority('nobody').certPem);

const sasl = {
  KAFKA_SASL_MECHANISM: 'plain',
  KAFKA_SASL_USERNAME: 'fleetwire',
  KAFKA_SASL_PASSWORD: 'secret',
};

const silences: readonly Silence[] = [
  { at: 'its versions', tellsVersions: false, lastKey: apiVersionsKey, env: {} },
  {
    at: 'the TLS handshake',
    tellsVersions: false,
    lastKey: null,
    env: { KAFKA_TLS_ENABLED: 'true', KAFKA_TLS_CA_FILE: caFile },
  },
  { at: 'the sign-in', tellsVersions: true, lastKey: saslHandshakeKey, env: sasl },
  { at: 'the metadata', tellsVersions: true, lastKey: metadataKey, env: {} },
];

for (const { at, tellsVersions, lastKey, env } of silences) {
  test(`a broker that falls silent at ${at} fails a send by time and is hung up on`, async (t) => {
    const mute = await startMute(t, { tellsVersions });
    const config = loadConfig(kafkaSettings, {
      env: {
        KAFKA_BROKERS: `127.0.0.1:${mute.port}`,
        KAFKA_REQUEST_TIMEOUT_MS: '1000',
        KAFKA_CONNECT_TIMEOUT_MS: String(connectTimeoutMs),
        ...env,
      },
    });
    const own = { ...config, kafkaRequestTimeoutMs: requestTimeoutMs };
    const producer = createKafkaProducer({ config: own, log });
    t.after(() => producer.close());
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const startedAt = performance.now();
      const [result] = await producer.produce([record]);
      const ms = performance.now() - startedAt;
      assert.ok(result?.kind === 'failed' && result.isRetriable, JSON.stringify(result));
      assert.ok(ms < 2 * requestTimeoutMs + lateMs, `${ms} ms`);
    }
    if (lastKey !== null) assert.ok(mute.asked.includes(lastKey), `asked ${mute.asked}`);
    await producer.close();
    for (const socket of mute.sockets) await once(socket, 'close');
    assert.equal(mute.sockets.size, 0, 'no connection is left');
  });
}
