// What the crew makes of the figures of its processors.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StateFiguresSum } from '#loadtest/demo/state-figures.ts';

function metricsOf(applied: number, lag: number): string {
  return `# TYPE fleetwire_stream_records_applied_total counter
fleetwire_stream_records_applied_total{topic="vehicle.telemetry.v1"} ${applied}
fleetwire_stream_records_applied_total{topic="vehicle.lifecycle.v1"} 5
fleetwire_stream_lag_records{topic="vehicle.telemetry.v1"} ${lag}
fleetwire_stream_lag_records{topic="vehicle.backfill.v1"} 1
fleetwire_stream_lag_seconds{topic="vehicle.telemetry.v1"} ${lag / 10}
fleetwire_stream_lag_seconds{topic="vehicle.backfill.v1"} 0.1
fleetwire_state_vehicles{presence="online"} 3
fleetwire_state_vehicles{presence="offline"} 100
fleetwire_state_reports_expected 10
fleetwire_state_reports_received 9
fleetwire_state_reports_received_elsewhere 9
`;
}

test('adds replicas up; the lag in seconds is that of the one that is behind most', () => {
  const sum = new StateFiguresSum();
  const figures = sum.add([
    { name: 'state-1', metrics: metricsOf(100, 20) },
    { name: 'state-2', metrics: metricsOf(50, 3) },
  ]);
  assert.deepEqual(figures, {
    appliedCount: 160,
    lagRecords: 25,
    lagSeconds: 2,
    onlineCount: 6,
    completenessRatio: 0.9,
  });
});

test('what a processor applied before it died stays in the sum', () => {
  const sum = new StateFiguresSum();
  sum.add([{ name: 'state-1', metrics: metricsOf(100, 0) }]);
  const figures = sum.add([{ name: 'state-2', metrics: metricsOf(1, 0) }]);
  assert.equal(figures?.appliedCount, 111);
});

test('nobody to ask, and nothing expected, are unknown', () => {
  const sum = new StateFiguresSum();
  assert.equal(sum.add([]), null);
  const figures = sum.add([{ name: 'state-1', metrics: 'fleetwire_state_reports_expected 0\n' }]);
  assert.equal(figures?.completenessRatio, null);
  assert.equal(figures?.lagRecords, null, 'no lag was told, which is not a lag of 0');
});
