// Guarantee: Kafka away → no PUBACK, the window fills, readiness says why, the MQTT connections
// live, memory is bounded, and all goes on by itself when Kafka is back.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type BridgeProcess, startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openFleet } from './fleet-run.ts';
import { openGround, type Stored } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { stackWithOwn } from './own-parts.ts';

const stack = await stackWithOwn('kafka');
const ground = await openGround(stack);

const mebibyte = 1024 * 1024;
const heldBytesMax = mebibyte;
const rssBytesMax = 400 * mebibyte;
const keepaliveSeconds = 2;
const settings = {
  // Small, so that the bound is reached and reading stops: then only pings by hand keep a
  // connection alive.
  BRIDGE_HELD_BYTES_MAX: String(heldBytesMax),
  BRIDGE_BATCH_BYTES: String(heldBytesMax / 4),
  MQTT_KEEPALIVE_SECONDS: String(keepaliveSeconds),
  // Of Artemis, measured; that it overflows is not what happens here.
  BRIDGE_BROKER_QUEUE_FRAMES: '100000',
};

test('Kafka is stopped under load and started again: nothing is lost, and each bridge says so once', async (t) => {
  const starts = ['north', 'south'].map((name) =>
    startBridge(t, ground.addresses, { ...settings, BRIDGE_NAME: name }),
  );
  const bridges = await Promise.all(starts);
  const fleet = await openFleet(t, { ground, seed: 4, vehicles: 80, messagesPerVehicle: 70 });
  await Promise.all(bridges.map((bridge) => bridge.whenReady()));
  const watch = watchLedgers(t, bridges);
  const sending = fleet.send(20, 2_000);
  await eventually('frames flow', () => assert.ok(watch.ackedCount > 200));

  // What Kafka stored and could no longer say so is sent to it again.
  await fleet.breaking('Kafka is stopped', () => stack.kafka.stop());
  const awaySince = performance.now();
  await sending;
  await fleet.send(40);
  for (const bridge of bridges) await assertHolding(bridge);
  await eventually('Kafka was away for longer than a broker waits for a ping', () => {
    const awayMs = performance.now() - awaySince;
    assert.ok(awayMs > 2.5 * keepaliveSeconds * 1000, `${awayMs} ms`);
  });
  for (const bridge of bridges) await assertBounded(t, bridge);

  await stack.kafka.start();
  await fleet.send();
  await fleet.whenAcked(watch, { withinMs: 40_000 });
  await fleet.whenAnswered();
  for (const bridge of bridges) await assertBack(bridge);
  await Promise.all(bridges.map((bridge) => bridge.stop()));
  await watch.stop();
  const { conservation } = watch;
  const found = await fleet.check({ conservation, redeliveryMax: fleet.sentCount });
  t.diagnostic(`${found.sentCount} frames, ${found.duplicates.explained.count} stored twice`);
  assertCopiesAreEqual(await fleet.stored());
});

async function assertHolding(bridge: BridgeProcess): Promise<void> {
  await bridge.logged(/^Kafka takes no records; holding acknowledgements/);
  await eventually(`${bridge.name} reads no more, and says why it is not ready`, async () => {
    const metrics = await bridge.metrics();
    assert.ok(metrics.sum('reading_held') > 0, 'reading goes on');
    const { status, report } = await bridge.askReady();
    assert.deepEqual({ status, unready: report.unready }, { status: 503, unready: ['kafka'] });
    const detail = report.parts.find(({ name }) => name === 'kafka')?.detail ?? '';
    assert.match(detail, /; the broker has room for \d+ s$/);
  });
  const headroomSeconds = (await bridge.metrics()).sum('headroom_seconds');
  assert.ok(headroomSeconds > 0 && headroomSeconds < 86_400, `${headroomSeconds} s`);
}

async function assertBounded(t: TestContext, bridge: BridgeProcess): Promise<void> {
  const metrics = await bridge.metrics();
  const heldBytes = metrics.sum('held_bytes');
  // On each connection the message that reached the bound is held as well, with its records.
  assert.ok(heldBytes < heldBytesMax + 4 * 65_536, `${bridge.name} holds ${heldBytes} bytes`);
  const rssBytes = metrics.sum('process_resident_memory_bytes');
  assert.ok(rssBytes < rssBytesMax, `${bridge.name}: ${rssBytes} bytes resident`);
  assert.equal(metrics.sum('mqtt_connected'), 2, 'both connections are up');
  t.diagnostic(`${bridge.name}: ${Math.round(rssBytes / mebibyte)} MiB resident`);
}

async function assertBack(bridge: BridgeProcess): Promise<void> {
  await bridge.whenReady();
  const links = (await bridge.metrics()).sum('mqtt_links_total');
  assert.equal(links, 2, `${bridge.name} made a connection anew`);
  const told = bridge.log.filter(({ level }) => level !== 'info').map(({ msg }) => msg);
  assert.deepEqual(told, ['Kafka takes no records; holding acknowledgements and trying again.']);
  const ends = bridge.log.filter(({ msg }) => msg === 'Kafka takes records again.');
  assert.equal(ends.length, 1, `${bridge.name} said ${ends.length} times that Kafka is back`);
}

/** Sent to Kafka again by the same bridge: the same origin, so the same bytes. */
function assertCopiesAreEqual(stored: readonly Stored[]): void {
  const firsts = new Map<string, string>();
  for (const { decoded, record } of stored) {
    const { bridge, epoch, sequence } = decoded.value.origin;
    const origin = `${bridge}/${epoch}/${sequence}`;
    const bytes = record.value?.toString('hex') ?? '';
    assert.equal(bytes, firsts.get(origin) ?? bytes, `two records of ${origin} differ`);
    firsts.set(origin, bytes);
  }
}

test('a bridge that starts without Kafka waits, names it, and becomes ready by itself', async (t) => {
  await stack.kafka.stop();
  const bridge = await startBridge(t, ground.addresses, { ...settings, BRIDGE_NAME: 'early' });
  const { what } = await bridge.logged(/^A neighbour is away; trying until it is back\.$/);
  assert.equal(what, 'Kafka');
  const { status, report } = await bridge.askReady();
  assert.equal(status, 503);
  assert.ok(report.unready.includes('kafka'), JSON.stringify(report));

  await stack.kafka.start();
  await bridge.whenReady();
  const troubles = bridge.log.filter(({ level }) => level !== 'info');
  assert.equal(troubles.length, 1, 'it says so once');
  await bridge.logged(/^A neighbour is back\.$/);
  await bridge.stop();
});
