// When the rest of a vehicle is deleted: by the settings in force, at the latest.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agesOutText } from '#services/cli/ages-out.ts';
import { ageText, durationText } from '#services/cli/durations.ts';

const nowAt = Date.UTC(2026, 4, 17, 8, 30, 12);
const dayMs = 86_400_000;

function textOf(topic: string, config: Readonly<Record<string, string | number>>): string {
  const found = new Map(Object.entries(config).map(([name, value]) => [name, String(value)]));
  return agesOutText(
    { topic, partitions: 12, replication: 1, config: found, ownConfig: new Map() },
    nowAt,
  );
}

test('a topic that deletes says until when, its segments included', () => {
  const config = { 'cleanup.policy': 'delete', 'retention.ms': 7 * dayMs, 'segment.ms': 7 * dayMs };
  assert.equal(
    textOf('vehicle.telemetry.v1', config),
    'vehicle.telemetry.v1: kept for 7 d, deleted by 2026-05-31T08:30Z at the latest' +
      ' (retention.ms + segment.ms)',
  );
});

test('a compacted topic says when earlier states go, and when the tombstone does', () => {
  const config = {
    ...{ 'cleanup.policy': 'compact', 'max.compaction.lag.ms': dayMs },
    'delete.retention.ms': dayMs,
  };
  assert.equal(
    textOf('vehicle.state.v1', config),
    'vehicle.state.v1: earlier states until 2026-05-18T08:30Z (max.compaction.lag.ms),' +
      ' the tombstone 1 d longer (delete.retention.ms)',
  );
});

test('a topic without a limit does not pretend to have one', () => {
  const config = { 'cleanup.policy': 'delete', 'retention.ms': -1, 'segment.ms': dayMs };
  assert.match(textOf('t', config), /kept for ever, deleted by nobody knows when/);
});

test('durations have two units at most, and a clock that is ahead is told', () => {
  const texts = [400, 59_600, 90_000, 3_600_000, 90 * 60_000, 30 * dayMs + 3_600_000];
  assert.deepEqual(texts.map(durationText), [
    ...['0 s', '1 min', '1 min 30 s', '1 h', '1 h 30 min', '30 d 1 h'],
  ]);
  assert.equal(ageText(nowAt + 5_000, nowAt), '5 s ahead');
  assert.equal(ageText(nowAt + 100, nowAt), '0 s');
});
