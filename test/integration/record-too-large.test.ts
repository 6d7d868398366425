// Guarantee: what Kafka finds too large is split until it fits; only a record that is too large
// alone goes to quarantine, with as much of its payload as Kafka takes. On a real Kafka with small
// limits.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { createKafkaClient } from '#shared/kafka/client.ts';
import { withAdmin } from '#shared/kafka/with-admin.ts';
import { openPublisher } from '#shared/mqtt/publisher.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openFleet } from './fleet-run.ts';
import { openGround } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { stackWithOwn } from './own-parts.ts';

/** Of a batch as Kafka stores it, compressed: room for a few frames. */
const messageBytesMax = 3_000;
const gatherMs = 2_000;

const stack = await stackWithOwn('kafka');
const ground = await openGround(stack);
const client = createKafkaClient(ground.config, createLogger({ level: 'silent', name: 'test' }));
after(() => client.destroy());
await limitMessages([kafkaTopics.telemetry, kafkaTopics.lifecycle, kafkaTopics.quarantine]);

async function limitMessages(topics: readonly string[]): Promise<void> {
  const name = 'max.message.bytes';
  const configEntries = [{ name, value: String(messageBytesMax) }];
  const resources = topics.map((topic) => ({ type: 2, name: topic, configEntries }));
  await withAdmin(client, (admin) => admin.alterConfigs({ validateOnly: false, resources }));
}

test('batches that are too large together are stored whole, in order, none in quarantine', async (t) => {
  const bridge = await startBridge(t, ground.addresses, {
    BRIDGE_NAME: 'splits',
    // One lane that gathers: each batch is far beyond the limit.
    BRIDGE_LANES: '1',
    BRIDGE_BATCH_AGE_MS: String(gatherMs),
  });
  const fleet = await openFleet(t, { ground, seed: 10, vehicles: 4, messagesPerVehicle: 200 });
  await bridge.whenReady();
  const watch = watchLedgers(t, [bridge]);
  const sentAt = performance.now();
  await fleet.send();
  await fleet.whenAcked(watch);
  const gatheredCount = Math.ceil((performance.now() - sentAt) / gatherMs);
  const metrics = await bridge.metrics();
  assert.equal(metrics.sum('records_refused_total'), 0);
  const batchCount = metrics.sum('batches_total');
  t.diagnostic(`${fleet.sentCount} frames, gathered ${gatheredCount} times, ${batchCount} batches`);
  assert.ok(batchCount > 2 * gatheredCount, 'nothing was split');
  assert.deepEqual(
    bridge.log.filter(({ level }) => level !== 'info'),
    [],
  );
  await bridge.stop();
  await watch.stop();
  await fleet.check({ conservation: watch.conservation, redeliveryMax: 0 });
});

test('a payload too large for quarantine is kept as far as Kafka takes it, and tells the rest', async (t) => {
  const mark = await ground.mark();
  const bridge = await startBridge(t, ground.addresses, { BRIDGE_NAME: 'keeps' });
  await bridge.whenReady();
  const noise = randomBytes(60_000);
  const blank = Buffer.alloc(60_000);
  const link = { ...linkSettingsOf(ground.config), clientId: 'too-large' };
  const publisher = await openPublisher({ link });
  t.after(() => publisher.close());
  await publisher.publish('v1/up/LFWTEST0000000001/gb32960', noise);
  await publisher.publish('v1/up/LFWTEST0000000001/gb32960', blank);
  await eventually('both are acknowledged', async () => {
    const { quarantined, inFlight } = (await bridge.metrics()).ledger;
    assert.deepEqual({ quarantined, inFlight }, { quarantined: 2, inFlight: 0 });
  });
  const stored = (await ground.storedSince(mark)).map(({ decoded }) => {
    assert.ok(decoded.kind === 'quarantine.v1', decoded.kind);
    return decoded.value;
  });
  const whole = stored.find(({ payload }) => payload.length === blank.length);
  const cut = stored.find(({ payload }) => payload.length < noise.length);
  assert.equal(whole?.payloadSha256, null, 'what compresses well is no trouble');
  assert.deepEqual(Buffer.from(whole.payload), blank);
  assert.ok(cut && cut.payload.length > 500 && cut.payload.length < messageBytesMax);
  assert.deepEqual(Buffer.from(cut.payload), noise.subarray(0, cut.payload.length));
  assert.equal(cut.payloadLength, noise.length);
  const sha256 = createHash('sha256').update(noise).digest('hex');
  assert.equal(Buffer.from(cut.payloadSha256 ?? []).toString('hex'), sha256);
  assert.match(cut.detail, /^frame_start; MESSAGE_TOO_LARGE/);
  await bridge.readyz().then(({ isReady }) => assert.ok(isReady));
  await bridge.stop();
});
