// What a scrape shows of a processor's inputs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegistry } from '#shared/runtime/metrics.ts';
import { createCounters, registerMetrics, type StreamGauges } from '#shared/stream/metrics.ts';
import type { StreamInput } from '#shared/stream/processor.ts';

const gauges: StreamGauges = {
  topicsRepartitionedCount: 0,
  partitionsOwnedCount: 0,
  partitionsClaimedCount: 0,
  vehiclesCachedCount: 0,
  vehiclesCount: 0,
  lagVehiclesCount: 0,
  lagRecordsCount: () => 0,
  lagSeconds: () => 0,
};

test('shows how long Kafka keeps each input that it deletes from, and nothing of a compacted one', async () => {
  const registry = createRegistry('test');
  const inputs: StreamInput[] = [
    { topic: 'vehicle.telemetry.v1', urgency: 'live' },
    { topic: 'vehicle.heartbeat.v1', urgency: 'live' },
    { topic: 'vehicle.state.v1', urgency: 'live' },
  ];
  registerMetrics(registry, { inputs, counters: createCounters(registry, inputs), gauges });
  const lines = (await registry.metrics())
    .split('\n')
    .filter((line) => line.startsWith('fleetwire_stream_retention_seconds{'));
  assert.deepEqual(lines, [
    'fleetwire_stream_retention_seconds{topic="vehicle.telemetry.v1"} 604800',
    'fleetwire_stream_retention_seconds{topic="vehicle.heartbeat.v1"} 86400',
  ]);
});
