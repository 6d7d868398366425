// The check of the states: each fault that it must find is planted here.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExpectedStates } from '#loadtest/demo/expected-states.ts';
import { checkStates, renderStates } from '#loadtest/demo/state-check.ts';
import { StateView } from '#loadtest/demo/state-view.ts';
import { asReceived, type ExpectedFrame } from '#loadtest/fleet/planned.ts';
import type { Ledger } from '#loadtest/ledger/entries.ts';
import type { StoredRecord } from '#loadtest/ledger/record-fields.ts';
import type { Decoded } from '#shared/avro/decoder.ts';
import type { VehicleState } from '#shared/avro/types.generated.ts';
import { type KafkaTopic, kafkaTopics } from '#shared/topics.ts';

const noon = Date.UTC(2026, 10, 25, 12);

function frame(kafkaTopic: KafkaTopic, frameId: string, eventTime: number | string): ExpectedFrame {
  return { kind: 'report', kafkaTopic, frameId, fields: { eventTime }, answer: null };
}

function ledgerOf(frames: Readonly<Record<string, readonly ExpectedFrame[]>>): Ledger {
  const messages = Object.entries(frames).map(([vehicleId, list], at) => {
    return { messageNo: at + 1, vehicleId, at: noon, frames: list, attempts: 1, acked: null };
  });
  return { messages, answers: [], faults: [] };
}

function stateOf(vehicleId: string, lastEventTime: number, epoch = 1): Decoded {
  const provenance = { epoch, appliedOffsets: [7, 0, 0, 0], replayFromOffsets: [] };
  const value = { vehicleId, lastEventTime, provenance } as unknown as VehicleState;
  return { kind: 'state.v1', value };
}

function viewOf(...records: readonly Decoded[]): StateView {
  const view = new StateView();
  for (const record of records) view.stored(record);
  return view;
}

test('the latest event time is the largest of live and reissued reports, whatever the order', () => {
  const { telemetry, backfill, lifecycle } = kafkaTopics;
  const ledger = ledgerOf({
    car: [frame(telemetry, 'a', noon), frame(backfill, 'b', noon - 5), frame(telemetry, 'c', 5)],
    silent: [frame(lifecycle, 'd', noon)],
  });
  assert.deepEqual([...new ExpectedStates().latest(ledger)], [['car', noon]]);
});

test('where a clock failed the receive time of the first record stands in', () => {
  const expected = new ExpectedStates();
  const record = { kafkaTopic: kafkaTopics.telemetry, vehicleId: 'car', frameId: 'a' };
  for (const receivedAt of [noon + 1, noon + 9]) {
    expected.add({ ...record, receivedAt } as unknown as StoredRecord);
  }
  const ledger = ledgerOf({ car: [frame(kafkaTopics.telemetry, 'a', asReceived)] });
  assert.deepEqual([...expected.latest(ledger)], [['car', noon + 1]]);
});

test('states that are as late as the reports are good', () => {
  const { states } = viewOf(stateOf('car', noon - 2), stateOf('car', noon), stateOf('other', 1));
  const found = checkStates(new Map([['car', noon]]), states);
  assert.ok(found.isGood);
  const lines = renderStates({ ...found, lagRecords: 0, completenessRatio: 0.98765 });
  assert.match(
    lines.join('\n'),
    /must be +1 .*\n.*missing +0 .*\n.*differing +0 .*\n.*waiting +0 /,
  );
  assert.match(lines.at(-1) ?? '', /completeness +0\.988 /);
});

test('a vehicle without a state, an old state and a state from the future are found', () => {
  const expected = new Map(['gone', 'early', 'late'].map((vehicleId) => [vehicleId, noon]));
  const { states } = viewOf(stateOf('early', noon - 1000), stateOf('late', noon + 1000));
  const found = checkStates(expected, states);
  assert.ok(!found.isGood);
  assert.deepEqual(found.missing.examples, ['gone']);
  assert.deepEqual(found.differing.examples, [
    'early: 2026-11-25T12:00:00.000Z wanted, found 2026-11-25T11:59:59.000Z',
    'late: 2026-11-25T12:00:00.000Z wanted, found 2026-11-25T12:00:01.000Z',
  ]);
  const text = renderStates({ ...found, lagRecords: null, completenessRatio: null }).join('\n');
  assert.match(text, /waiting +unknown .*\n.*completeness +unknown .*\n +missing: gone\n/);
});

test('what an earlier tenure wrote late does not count', () => {
  const { states } = viewOf(stateOf('car', noon, 2), stateOf('car', noon - 1000, 1));
  assert.equal(states.get('car')?.lastEventTime, noon);
});
