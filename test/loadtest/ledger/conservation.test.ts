// The identity of the ledger, read from metrics.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conservation, ledgerLinesOf } from '#loadtest/ledger/conservation.ts';

function metrics(change: Partial<Record<string, number>> = {}): string {
  const values = { received: 10, produced: 5, returned: 1, inFlight: 2, ...change };
  return [
    '# HELP fleetwire_bridge_frames_received_total Frames received.',
    `fleetwire_bridge_frames_received_total{codec="gb32960"} ${values.received}`,
    'fleetwire_bridge_frames_received_total{codec="unknown"} 0',
    `fleetwire_bridge_frames_produced_total{codec="gb32960"} ${values.produced}`,
    'fleetwire_bridge_frames_quarantined_total{codec="gb32960",reason="frame_start"} 1',
    'fleetwire_bridge_frames_quarantined_total{codec="gb32960",reason="frame_length"} 1',
    `fleetwire_bridge_frames_returned_total{codec="gb32960"} ${values.returned}`,
    `fleetwire_bridge_frames_in_flight{codec="gb32960"} ${values.inFlight}`,
    'fleetwire_bridge_records_stored_total{topic="vehicle.telemetry.v1"} 5',
  ].join('\n');
}

test('sums the reasons and keeps codecs apart', () => {
  const lines = ledgerLinesOf(metrics());
  assert.deepEqual(lines.get('gb32960'), {
    received: 10,
    produced: 5,
    quarantined: 2,
    returned: 1,
    inFlight: 2,
  });
  assert.equal(lines.get('unknown')?.received, 0);
});

test('finds a term that is off by one, in either direction', () => {
  const conservation = new Conservation();
  conservation.add('bridge-1', metrics());
  assert.equal(conservation.breaches.count, 0);
  for (const term of ['received', 'produced', 'returned', 'inFlight']) {
    for (const value of [0, 99]) conservation.add('bridge-1', metrics({ [term]: value }));
  }
  assert.equal(conservation.breaches.count, 8);
  assert.equal(conservation.scrapeCount, 9);
});

test('takes metrics without a ledger for a breach, not for a quiet bridge', () => {
  const conservation = new Conservation();
  conservation.add('bridge-1', 'up 1');
  assert.equal(conservation.breaches.count, 1);
});
