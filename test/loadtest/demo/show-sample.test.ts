// How a decoded record is shown to a person.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showSample, showState } from '#loadtest/demo/show-sample.ts';
import type { Telemetry, VehicleState } from '#shared/avro/types.generated.ts';

test('shows a field a line, lists shortened and bytes as hex digits, within the page', () => {
  const cellVoltagesMv = Array.from({ length: 100 }, (_, at) => 3700 + at);
  const value = {
    codec: 'gb32960-2025',
    frameId: Buffer.from('0123456789abcdef', 'hex'),
    remainder: Buffer.alloc(300, 0xab),
    packs: [{ no: 1, voltageV: 370.1, cellVoltagesMv }],
    custom: [{ type: 0x80, bytes: Buffer.from('ff', 'hex') }],
  } as unknown as Telemetry;
  const lines = showSample({ kind: 'telemetry.v1', value });
  assert.match(lines[0] ?? '', /^gb32960-2025: A report, as vehicle\.telemetry\.v1 holds it/);
  assert.ok(lines.includes("  frameId: '0123456789abcdef'"));
  assert.ok(lines.some((line) => line.includes('abab… (300 bytes)')));
  assert.ok(lines.some((line) => line.includes('... 92 more items')));
  assert.ok(lines.includes("  custom: [ { type: 128, bytes: 'ff' } ]"));
  for (const line of lines) assert.ok(line.length <= 120, line);
});

test('shows the head of a state: who, whether it is there, where it was and what it said', () => {
  const eventTime = 1_795_000_000_000;
  const state = {
    vehicleId: 'FWREV1B03T1000122',
    presence: 'offline',
    lastFix: { hasFix: true, longitudeDeg: 121.5, eventTime },
    vehicle: { speedKmh: { value: 62.5, eventTime }, socPercent: { value: 71, eventTime } },
    packs: [{ no: 1 }],
  } as unknown as VehicleState;
  const lines = showState(state);
  assert.ok(lines.includes("  presence: 'offline'"));
  assert.ok(lines.includes('  speedKmh: { value: 62.5, eventTime: 1795000000000 }'));
  assert.ok(!lines.some((line) => line.includes('packs')));
  assert.match(lines[0] ?? '', /vehicle\.state\.v1/);
});
