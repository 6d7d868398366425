// Guarantee: acknowledged means stored. The bridge sends PUBACK only after Kafka has the frame or
// its quarantine record, so a bridge that is killed with a full window loses nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPublisher } from '#shared/mqtt/publisher.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import { defaultRoutes, shareName } from '#shared/topics.ts';
import { type BridgeProcess, startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { type FleetRun, openFleet } from './fleet-run.ts';
import { openGround, type Stored } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { freezeKafka, stackWithOwn, thawKafka } from './own-parts.ts';

const stack = await stackWithOwn('kafka');
const ground = await openGround(stack);

const windowFrames = 100;
const connections = 2;
const windowMax = windowFrames * connections;
const settings = {
  BRIDGE_WINDOW_FRAMES: String(windowFrames),
  BRIDGE_CONNECTIONS: String(connections),
};

test('a bridge that is killed with a full window loses nothing, and each duplicate is recognisable', async (t) => {
  const [killed, survivor] = await Promise.all([
    startBridge(t, ground.addresses, { ...settings, BRIDGE_NAME: 'killed' }),
    startBridge(t, ground.addresses, { ...settings, BRIDGE_NAME: 'survivor' }),
  ]);
  const fleet = await openFleet(t, { ground, seed: 1, vehicles: 40, messagesPerVehicle: 40 });
  await Promise.all([killed.whenReady(), survivor.whenReady()]);
  const watch = watchLedgers(t, [killed, survivor]);
  await fleet.send(10);
  await fleet.whenAcked(watch);

  freezeKafka(stack);
  t.after(() => thawKafka(stack));
  await fleet.send(20);
  for (const bridge of [killed, survivor]) {
    await eventually(`the window of ${bridge.name} is full`, async () => {
      const use = (await bridge.metrics()).sum('window_use_ratio');
      const { inFlight } = await watch.scrape(bridge);
      assert.ok(use >= 1 && inFlight >= windowMax, `use ${use}, ${inFlight} frames in flight`);
    });
  }
  const before = await watch.scrape(killed);

  await fleet.breaking('SIGKILL of a bridge with a full window', () => killed.process.kill());
  thawKafka(stack);
  await fleet.send();
  // Exactly what the killed bridge had not acknowledged is left to the survivor: had a single
  // PUBACK left while Kafka was frozen, this sum would never be reached.
  await fleet.whenAcked(watch);
  await survivor.stop();

  await watch.stop();
  assert.equal(watch.ended(survivor).returned, 0);
  const found = await fleet.check({
    conservation: watch.conservation,
    redeliveryMax: before.inFlight,
  });
  t.diagnostic(`${found.sentCount} frames, ${found.duplicates.explained.count} stored twice`);
  assertOneCopyEach(await fleet.stored(), { fleet, killed });
});

/** Twice means: once by the bridge that was killed, once by another. */
function assertOneCopyEach(
  stored: readonly Stored[],
  { fleet, killed }: { readonly fleet: FleetRun; readonly killed: BridgeProcess },
): void {
  const sentCounts = new Map<string, number>();
  for (const { vehicleId, frames } of fleet.messages) {
    for (const { frameId } of frames) count(sentCounts, `${vehicleId} ${frameId}`);
  }
  const copyCounts = new Map<string, number>();
  for (const { decoded } of stored) {
    const { vehicleId, frameId, origin } = decoded.value;
    // Frames without a body have no identity, and may come twice.
    if (frameId === null) continue;
    const by = origin.bridge.startsWith(`${killed.name}-`) ? 'killed' : 'survivor';
    count(copyCounts, `${vehicleId} ${frameId.toString('hex')} by ${by}`);
  }
  const tooOften = [...copyCounts].filter(([key, copies]) => {
    return copies > (sentCounts.get(key.replace(/ by .*/, '')) ?? 0);
  });
  assert.deepEqual(tooOften, []);
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

test('no acknowledgement leaves while Kafka is frozen: the broker deals every frame again', async (t) => {
  const bridge = await startBridge(t, ground.addresses, { ...settings, BRIDGE_NAME: 'frozen' });
  const fleet = await openFleet(t, { ground, seed: 2, vehicles: 20, messagesPerVehicle: 4 });
  await bridge.whenReady();

  freezeKafka(stack);
  t.after(() => thawKafka(stack));
  await fleet.send();
  await eventually('Kafka was handed records, and all frames are in flight', async () => {
    const metrics = await bridge.metrics();
    assert.ok(metrics.sum('kafka_in_flight_bytes') > 0);
    const { received, inFlight } = metrics.ledger;
    assert.deepEqual(
      { received, inFlight },
      { received: fleet.sentCount, inFlight: fleet.sentCount },
    );
  });
  assert.equal(fleet.answerCount, 0);

  // Another member of the group, of which all that we ask is what the broker deals to it.
  const dealt: string[] = [];
  const witness = await openPublisher({
    link: { ...linkSettingsOf(ground.config), clientId: 'witness' },
    onMessage: (_topic, payload) => dealt.push(payload.toString('hex')),
  });
  t.after(() => witness.close());
  await witness.subscribe(`$share/${shareName}/${defaultRoutes[0]?.filter}`);
  assert.deepEqual(dealt, [], 'the bridge has them all');
  await bridge.process.kill();

  const sent = fleet.messages.map(({ payload }) => payload.toString('hex')).sort();
  await eventually('every message dealt again', () => assert.deepEqual([...dealt].sort(), sent));
});
