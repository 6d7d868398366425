// The ledger as a scrape shows it, and the bridge's words about itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCounters, registerMetrics } from '#services/bridge/metrics.ts';
import { watchQuiet } from '#services/bridge/quiet.ts';
import { Readiness } from '#services/bridge/readiness.ts';
import type { Source } from '#services/bridge/source/source.ts';
import { createHealth } from '#shared/runtime/health.ts';
import { createRegistry } from '#shared/runtime/metrics.ts';
import { createRig, payload } from './rig.ts';

test('shows a balanced ledger at a scrape in the middle of everything', async () => {
  const rig = createRig({
    ingest: (message) => ({
      codec: 'gb32960',
      frameCount: 3,
      quarantinedCount: 1,
      quarantineReasons: ['frame_checksum'],
      records: [0, 1].map((partition) => ({
        kafkaTopic: 'vehicle.telemetry.v1',
        key: Buffer.from([partition]),
        value: Buffer.from(message.payload),
      })),
      answers: [],
    }),
  });
  const registry = createRegistry('test');
  const { ledger, heldBytes, kafka } = rig;
  const counters = createCounters(registry);
  const first = rig.connect();
  const second = rig.connect();
  const intakes = new Set([second.intake]);
  const source = { connections: [], intakes, windowUse: 0, hasLeft: true };
  registerMetrics(registry, {
    ledger,
    counters,
    source: source as unknown as Source,
    heldBytes,
    windowFrames: 4000,
    headroom: { seconds: 90 },
    laneHealth: { isRefused: true },
    producer: kafka,
  });
  first.deliver({ payload: payload(0, 'a') });
  await (await kafka.next()).answer();
  first.deliver({ payload: payload(0, 'b') });
  second.deliver({ payload: payload(0, 'c') });
  first.link.lose();
  const text = await registry.metrics();
  const seriesValue = (series: string): number => {
    const line = text.split('\n').find((found) => found.startsWith(`fleetwire_bridge_${series} `));
    assert.ok(line, series);
    return Number(line.split(' ').at(-1));
  };
  const codec = 'codec="gb32960"';
  assert.equal(seriesValue(`frames_received_total{${codec}}`), 9);
  assert.equal(seriesValue(`frames_produced_total{${codec}}`), 2);
  assert.equal(seriesValue(`frames_quarantined_total{${codec},reason="frame_checksum"}`), 1);
  assert.equal(seriesValue(`frames_returned_total{${codec}}`), 3);
  assert.equal(seriesValue(`frames_in_flight{${codec}}`), 3);
  assert.equal(seriesValue('frames_received_total{codec="unknown"}'), 0);
  assert.equal(seriesValue('headroom_seconds'), 90);
  assert.equal(seriesValue('topics_repartitioned'), 1);
  assert.equal(seriesValue('kafka_refused'), 1);
  assert.equal(seriesValue('group_left'), 1);
});

test('says once a minute that nothing arrives, with what is known to be wrong first', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { log, logLines } = createRig();
  let received = 0;
  let trouble: string | null = null;
  const stop = watchQuiet({
    log,
    receivedCount: () => received,
    troubles: () => [trouble, null],
    filters: ['v1/up/+/gb32960'],
  });
  t.mock.timers.tick(60_000);
  received = 5;
  t.mock.timers.tick(60_000);
  trouble = 'Keepalive timeout';
  t.mock.timers.tick(60_000);
  stop();
  t.mock.timers.tick(60_000);
  assert.equal(logLines.length, 2);
  assert.match(JSON.stringify(logLines[0]?.['likelyCauses']), /no vehicle publishes/);
  assert.deepEqual(logLines[1]?.['likelyCauses'], ['Keepalive timeout']);
});

test('is ready when all parts are, says so once, and only drains after the drain has begun', () => {
  const { log, logLines } = createRig();
  const health = createHealth();
  const readiness = new Readiness(health, log);
  readiness.tell('schemas', null);
  readiness.tell('kafka', null);
  readiness.tell('mqtt', 'no SUBACK');
  assert.deepEqual(health.report().unready, ['mqtt']);
  readiness.tell('mqtt', null);
  readiness.tell('kafka', 'NETWORK_EXCEPTION');
  assert.deepEqual(health.report().unready, ['kafka']);
  readiness.tell('kafka', null);
  assert.equal(health.report().isReady, true);
  assert.equal(logLines.filter(({ msg }) => msg === 'Ready.').length, 1);
  readiness.draining();
  readiness.tell('mqtt', null);
  assert.equal(health.report().isReady, false);
  assert.ok(health.report().parts.every(({ state }) => state === 'draining'));
});
