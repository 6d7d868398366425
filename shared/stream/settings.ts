// The settings that all processors share: how much at once, how long, how often.

import { type ConfigOf, setting } from '../runtime/config.ts';
import { integer } from '../runtime/config-schemas.ts';

export const streamSettings = {
  sliceRecords: setting({
    name: 'STREAM_SLICE_RECORDS',
    schema: integer({ min: 1, max: 10_000, unit: 'records' }),
    default: 500,
    example: 500,
    doc: 'Records applied by one write to Redis; a slice must be far shorter than a session.',
  }),
  concurrentPartitions: setting({
    name: 'STREAM_CONCURRENT_PARTITIONS',
    schema: integer({ min: 1, max: 256, unit: 'partitions' }),
    default: 8,
    example: 8,
    doc: 'Partitions of a topic handled side by side: while one waits for Redis, others apply.',
  }),
  commitMs: setting({
    name: 'STREAM_COMMIT_MS',
    schema: integer({ min: 50, max: 2000, unit: 'ms' }),
    default: 1500,
    example: 1500,
    doc: 'Longest time between two commits to Kafka; KEDA sees lag by committed offsets.',
  }),
  cacheVehicles: setting({
    name: 'STREAM_CACHE_VEHICLES',
    schema: integer({ min: 100, max: 10_000_000, unit: 'vehicles' }),
    default: 50_000,
    example: 100_000,
    doc: 'Vehicles kept in memory, shared out among the owned partitions; others are loaded.',
  }),
  refreshMs: setting({
    name: 'STREAM_REFRESH_MS',
    schema: integer({ min: 1000, max: 86_400_000, unit: 'ms' }),
    default: 300_000,
    example: 300_000,
    doc: 'A change that readers can wait for is in the state topic after so long; bounds a replay.',
  }),
  delayBudgetMs: setting({
    name: 'STREAM_DELAY_BUDGET_MS',
    schema: integer({ min: 100, max: 3_600_000, unit: 'ms' }),
    default: 5000,
    example: 5000,
    doc: 'Backfill waits, and vehicles count as lagging, while live records are older than this.',
  }),
  lagMs: setting({
    name: 'STREAM_LAG_MS',
    schema: integer({ min: 100, max: 60_000, unit: 'ms' }),
    default: 5000,
    example: 5000,
    doc: 'How often the ends of the inputs are asked for: lag, silence and the gate of backfill.',
  }),
  drainMs: setting({
    name: 'STREAM_DRAIN_MS',
    schema: integer({ min: 1000, max: 600_000, unit: 'ms' }),
    default: 20_000,
    example: 20_000,
    doc: 'From SIGTERM to exit; a slice not stored by then is applied by the next owner.',
  }),
  sessionMs: setting({
    name: 'STREAM_SESSION_MS',
    schema: integer({ min: 6000, max: 300_000, unit: 'ms' }),
    default: 10_000,
    example: 10_000,
    doc: 'After so long without a heartbeat Kafka gives the partitions to others.',
  }),
  heartbeatMs: setting({
    name: 'STREAM_HEARTBEAT_MS',
    schema: integer({ min: 100, max: 60_000, unit: 'ms' }),
    default: 1000,
    example: 1000,
    doc: 'How often the group hears of this member, and this member of the group.',
  }),
  ringFrames: setting({
    name: 'STREAM_RING_FRAMES',
    schema: integer({ min: 1, max: 255, unit: 'frames' }),
    default: 32,
    example: 32,
    doc: 'Frame ids remembered per vehicle; a duplicate older than these is applied once more.',
  }),
};

export type StreamConfig = ConfigOf<typeof streamSettings>;
