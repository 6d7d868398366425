// The traffic of the oracle's runs: it has what can go wrong, and nothing whose outcome the rules
// leave to chance.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders, type SchemaIds } from '#shared/avro/encoder.ts';
import type { Lifecycle, Telemetry } from '#shared/avro/types.generated.ts';
import { topicSpecs } from '#shared/topics.ts';
import { type ArrivedRecord, createTraffic } from './traffic.ts';

const ids = Object.fromEntries(topicSpecs.map(({ topic }, at) => [topic, at + 1])) as SchemaIds;
const startAt = Date.UTC(2026, 10, 25, 4);
const plan = { vehicles: 40, seed: 5, startAt, hours: 2, reportPeriodMs: 20_000 };

const records = await allOf(plan.seed);
const decoded = records.map(decode);
const reports = decoded.filter((value): value is Telemetry => value !== null && 'packs' in value);

test('the same seed gives the same records', async () => {
  const again = await allOf(plan.seed);
  assert.ok(again.length === records.length);
  assert.ok(again.every(({ value }, at) => value.equals((records[at] as ArrivedRecord).value)));
  const other = await allOf(plan.seed + 1);
  assert.notEqual(other.length, records.length);
});

test('it has every state of a clock, reissues, and records that cannot be read', () => {
  const clockStates = new Set(reports.map(({ clockState }) => clockState));
  assert.deepEqual([...clockStates].sort(), ['future', 'ok', 'stale', 'unusable']);
  assert.ok(reports.some(({ isReissued }) => isReissued));
  assert.ok(decoded.includes(null));
});

test('it has every event of a vehicle and its connection', () => {
  const events = new Set(
    decoded.flatMap((value) => (value && 'event' in value ? value.event : [])),
  );
  const wanted = ['login', 'logout', 'heartbeat', 'time_sync', 'connected', 'disconnected'];
  assert.deepEqual(
    wanted.filter((event) => !events.has(event)),
    [],
  );
});

test('frames come twice, near and far beyond the duplicate ring, and as reissues', () => {
  const repeats = [...Map.groupBy(reports, frameName).values()].filter(({ length }) => length > 1);
  const distances = repeats.map((frames) => {
    const times = frames.map(({ receivedTime }) => receivedTime);
    return Math.max(...times) - Math.min(...times);
  });
  assert.ok(distances.some((ms) => ms < 10_000));
  assert.ok(distances.some((ms) => ms > 20 * 60_000));
  const isBoth = (frames: readonly Telemetry[]) => {
    return new Set(frames.map(({ isReissued }) => isReissued)).size === 2;
  };
  assert.ok(repeats.some(isBoth));
});

test('records of one vehicle are appended in another order than they were received', () => {
  const inversions = [...Map.groupBy(reports, ({ vehicleId }) => vehicleId).values()].flatMap(
    (own) => own.filter(({ receivedTime }, at) => receivedTime < (own[at - 1]?.receivedTime ?? 0)),
  );
  assert.ok(inversions.length > 0);
});

test('a frame that comes twice is alone in its second and has its own event time', () => {
  const bySecond = Map.groupBy(reports, ({ vehicleId, eventTime }) => `${vehicleId} ${eventTime}`);
  for (const frames of Map.groupBy(reports, frameName).values()) {
    const [first] = frames as [Telemetry];
    if (frames.length === 1) continue;
    assert.ok(frames.every(({ eventTime }) => eventTime === first.eventTime));
    const rivals = bySecond.get(`${first.vehicleId} ${first.eventTime}`) ?? [];
    assert.ok(rivals.every((rival) => frameName(rival) === frameName(first)));
  }
});

async function allOf(seed: number): Promise<readonly ArrivedRecord[]> {
  const traffic = await createTraffic({ ...plan, seed }, createEncoders(ids));
  const found: ArrivedRecord[] = [];
  for (let at = startAt; at < traffic.endAt + 60_000; at += 60_000) {
    found.push(...traffic.until(at));
  }
  return found;
}

function decode({ value }: ArrivedRecord): Telemetry | Lifecycle | null {
  const decoder = createDecoder({ ids, schemaById: async () => null });
  const found = decoder.decode(value);
  if (found instanceof Promise || found.kind === 'fault') return null;
  return found.value as Telemetry | Lifecycle;
}

function frameName({ vehicleId, frameId }: Telemetry): string {
  return `${vehicleId} ${frameId?.toString('hex')}`;
}
