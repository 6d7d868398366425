// What is seen while frames move.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveView } from '#loadtest/demo/live-view.ts';
import { sampleLifecycle, sampleTelemetry } from '#test/shared/avro/sample-records.ts';
import { messagesOf, plan } from '../pure-run.ts';

test('counts records by codec and keeps an example of each, reports first', () => {
  const view = new LiveView();
  const login = sampleLifecycle({ event: 'login' });
  view.stored('vehicle.lifecycle.v1', 1, { kind: 'lifecycle.v1', value: login });
  for (const codec of ['json-1', 'gb32960-2025', 'json-1', 'jt808-2019']) {
    const value = sampleTelemetry({ codec });
    view.stored('vehicle.telemetry.v1', 1, { kind: 'telemetry.v1', value });
  }
  assert.equal(view.totals.storedByCodec.get('json-1'), 2);
  const shown = view.samplesInOrder().map(({ kind, value }) => `${kind} ${value.codec}`);
  assert.deepEqual(shown, [
    'telemetry.v1 gb32960-2025',
    'telemetry.v1 json-1',
    'telemetry.v1 jt808-2019',
    `lifecycle.v1 ${login.codec}`,
  ]);
});

test('waits for all records and answers of a frame', async () => {
  const view = new LiveView();
  for (const message of await messagesOf({ ...plan, mix: { jt808: 1 }, vehicles: 60 })) {
    view.sent(message);
  }
  assert.ok(view.recordsWantedCount > view.totals.sentCount + 50);
  assert.ok(view.answersWantedCount > 100);
});
