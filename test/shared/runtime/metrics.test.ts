// Cells reach a scrape, label sets are closed, and the hot path never meets the metrics library.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ageBuckets,
  counterCells,
  counterFrom,
  createRegistry,
  gaugeFrom,
  histogram,
  type MetricsRegistry,
} from '#shared/runtime/metrics.ts';

const codecs = ['gb32960', 'unknown'] as const;
const reasons = ['bad_checksum', 'bad_length'] as const;

const quarantined = {
  name: 'fleetwire_test_frames_quarantined_total',
  help: 'Frames refused.',
  labels: { codec: codecs, reason: reasons },
} as const;

async function scrape(registry: MetricsRegistry, name: string): Promise<readonly string[]> {
  const page = await registry.metrics();
  return page.split('\n').filter((line) => line.startsWith(name));
}

test('shows every series from the start, and what was added since', async () => {
  const registry = createRegistry('test');
  const cells = counterCells(registry, quarantined);
  const cell = cells.cell({ codec: 'gb32960', reason: 'bad_length' });
  cell.value += 41;
  await scrape(registry, quarantined.name);
  cell.value += 1;
  assert.deepEqual(await scrape(registry, quarantined.name), [
    `${quarantined.name}{codec="gb32960",reason="bad_checksum"} 0`,
    `${quarantined.name}{codec="gb32960",reason="bad_length"} 42`,
    `${quarantined.name}{codec="unknown",reason="bad_checksum"} 0`,
    `${quarantined.name}{codec="unknown",reason="bad_length"} 0`,
  ]);
});

test('gives the same cell for the same labels, in whatever order they are named', () => {
  const cells = counterCells(createRegistry('test'), quarantined);
  const one = cells.cell({ codec: 'unknown', reason: 'bad_length' });
  assert.equal(cells.cell({ reason: 'bad_length', codec: 'unknown' }), one);
});

test('refuses a label value outside the closed set', () => {
  const cells = counterCells(createRegistry('test'), quarantined);
  // @ts-expect-error a vehicle is no codec.
  const cell = () => cells.cell({ codec: 'LTEST000000000001', reason: 'bad_length' });
  assert.throws(cell, /has no series {"codec":"LTEST000000000001"/);
});

test('refuses a metric with more series than a scrape can bear', () => {
  const many = Array.from({ length: 201 }, (_, index) => `topic-${index}`);
  const spec = { name: 'fleetwire_test_x_total', help: 'Too many.', labels: { topic: many } };
  assert.throws(() => counterCells(createRegistry('test'), spec), /201 series, at most 200/);
});

test('holds counters to _total in their names, and gauges to none', () => {
  const registry = createRegistry('test');
  const spec = { help: 'Named wrongly.', labels: {} };
  const counter = { ...spec, name: 'fleetwire_test_frames' };
  assert.throws(() => counterCells(registry, counter), /lacks _total/);
  const gauge = { ...spec, name: 'fleetwire_test_frames_total' };
  assert.throws(() => gaugeFrom(registry, gauge, () => 0), /is named a counter/);
});

test('reads what other parts keep at the scrape', async () => {
  const registry = createRegistry('test');
  let inFlight = 0;
  const labels = { codec: codecs };
  const help = 'Read at the scrape.';
  gaugeFrom(registry, { name: 'fleetwire_test_frames_in_flight', help, labels }, ({ codec }) =>
    codec === 'gb32960' ? inFlight : 0,
  );
  counterFrom(
    registry,
    { name: 'fleetwire_test_bytes_total', help, labels: {} },
    () => inFlight * 2,
  );
  inFlight = 7;
  assert.deepEqual(await scrape(registry, 'fleetwire_test_'), [
    'fleetwire_test_frames_in_flight{codec="gb32960"} 7',
    'fleetwire_test_frames_in_flight{codec="unknown"} 0',
    'fleetwire_test_bytes_total 14',
  ]);
});

test('sorts observations into buckets', async () => {
  const registry = createRegistry('test');
  const spec = { name: 'fleetwire_test_age_seconds', help: 'Age.', buckets: ageBuckets };
  const age = histogram(registry, { ...spec, labels: { codec: codecs } });
  age.observer({ codec: 'gb32960' }).observe(0.02);
  const lines = await scrape(registry, spec.name);
  assert.ok(lines.includes(`${spec.name}_bucket{le="0.01",codec="gb32960"} 0`));
  assert.ok(lines.includes(`${spec.name}_bucket{le="0.025",codec="gb32960"} 1`));
  assert.ok(lines.includes(`${spec.name}_sum{codec="gb32960"} 0.02`));
  assert.ok(lines.includes(`${spec.name}_count{codec="unknown"} 0`));
});

test('tells about the process, its event loop and its build', async () => {
  const page = await createRegistry('bridge').metrics();
  assert.match(page, /^fleetwire_build_info\{service="bridge",version="\d.*",node="v\d.*"\} 1$/m);
  assert.match(page, /^fleetwire_event_loop_active_seconds_total \d/m);
  assert.match(page, /^nodejs_eventloop_lag_p99_seconds /m);
  assert.match(page, /^process_resident_memory_bytes \d/m);
});

test('a cell is a plain number field: adding to it calls nothing', () => {
  const cells = counterCells(createRegistry('test'), quarantined);
  const cell = cells.cell({ codec: 'gb32960', reason: 'bad_length' });
  assert.deepEqual(Object.getOwnPropertyDescriptors(cell), {
    value: { value: 0, writable: true, enumerable: true, configurable: true },
  });
});
