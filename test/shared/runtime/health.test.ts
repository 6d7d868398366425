// Parts and their states, by a fixed clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealth } from '#shared/runtime/health.ts';

test('is not ready before a part exists and while one is not ready', () => {
  const health = createHealth(() => 0);
  assert.equal(health.report().isReady, false);
  const kafka = health.part('kafka');
  const mqtt = health.part('mqtt');
  kafka.set('ready');
  assert.deepEqual(health.report().unready, ['mqtt']);
  mqtt.set('ready');
  assert.equal(health.report().isReady, true);
  mqtt.set('draining');
  assert.equal(health.report().isReady, false);
});

test('keeps the instant at which a state began while its detail changes', () => {
  let clock = Date.UTC(2026, 0, 1);
  const health = createHealth(() => clock);
  const kafka = health.part('kafka');
  kafka.set('failing', 'no broker answers');
  clock += 5_000;
  kafka.set('failing', 'authorisation refused');
  assert.deepEqual(health.report().parts, [
    {
      name: 'kafka',
      state: 'failing',
      detail: 'authorisation refused',
      since: '2026-01-01T00:00:00.000Z',
    },
  ]);
  kafka.set('ready');
  assert.deepEqual(health.report().parts, [
    { name: 'kafka', state: 'ready', since: '2026-01-01T00:00:05.000Z' },
  ]);
});

test('refuses two parts of one name', () => {
  const health = createHealth();
  health.part('kafka');
  assert.throws(() => health.part('kafka'), /registered already/);
});
