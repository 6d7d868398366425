// Who checks the checker: a run that is right, and the same run with one fault planted in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLedger, type Reconciliation } from '#loadtest/ledger/check.ts';
import { Conservation } from '#loadtest/ledger/conservation.ts';
import type { FaultEntry, Ledger, SentMessage } from '#loadtest/ledger/entries.ts';
import type { StoredRecord } from '#loadtest/ledger/record-fields.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { type PureRun, pureRun } from '../pure-run.ts';

const run = await pureRun({ seconds: 30, badShare: 0.1 });

test('finds nothing in a run that is right', () => {
  const found = check(run);
  assert.equal(found.isBalanced, true);
  assert.equal(found.storedCount + found.quarantinedCount, found.sentCount);
  assert.ok(found.quarantinedCount > 0 && found.storedCount > 0);
});

test('finds a lost record of every topic, and says that the broker had taken it', () => {
  for (const topic of Object.values(kafkaTopics)) {
    const at = run.records.findIndex(({ kafkaTopic }) => kafkaTopic === topic);
    const found = check({ ...run, records: run.records.toSpliced(at, 1) });
    assert.equal(found.lost.acked.count, 1, topic);
    assert.equal(found.isBalanced, false);
  }
});

test('tells lost by what the broker had said', () => {
  const [lost] = run.records;
  const records = run.records.slice(1);
  const ofLost = ({ vehicleId, frames }: SentMessage) =>
    vehicleId === lost?.vehicleId && frames.some(({ frameId }) => frameId === lost.frameId);
  const found = (acked: SentMessage['acked']) =>
    check({ records, ledger: changed((message) => (ofLost(message) ? { acked } : {})) }).lost;
  assert.equal(found({ at: 0, reasonCode: 0x10 }).unrouted.count, 1);
  assert.equal(found({ at: 0, reasonCode: 0x87 }).unacked.count, 1);
  assert.equal(found(null).unacked.count, 1);
  assert.equal(found(null).acked.count, 0);
});

test('finds a duplicate that nothing explains, also one of a heartbeat', () => {
  for (const topic of [kafkaTopics.telemetry, kafkaTopics.heartbeat, kafkaTopics.quarantine]) {
    const record = last(topic);
    const copy = { ...record, offset: record.offset + 1 };
    const found = check({ ...run, records: [...run.records, copy] });
    assert.equal(found.duplicates.unexplained.count, 1, topic);
    assert.equal(found.isBalanced, false);
  }
});

test('lets a kill explain a duplicate of what was on its way then, up to the window', () => {
  const record = last(kafkaTopics.telemetry);
  const at = record.receivedAt;
  const copy = elsewhere(record, at + 40);
  const records = [...run.records, copy];
  const killed = faulted({ at, untilAt: at + 10, what: 'kill' });
  const found = check({ ledger: killed, records }, 1);
  assert.equal(found.duplicates.explained.count, 1);
  assert.equal(found.duplicates.unexplained.count, 0);
  assert.equal(found.isBalanced, true);
  assert.equal(check({ ledger: killed, records }, 0).isBalanced, false);
  const tooEarly = faulted({ at: 1, untilAt: 2, what: 'a kill before the frame was sent' });
  assert.equal(check({ ledger: tooEarly, records }, 1).isBalanced, false);
});

test('lets a vehicle that sent a message twice explain its duplicate', () => {
  const record = last(kafkaTopics.telemetry);
  const ledger = changed(({ frames }) =>
    frames.some(({ frameId }) => frameId === record.frameId) ? { attempts: 2 } : {},
  );
  const found = check({ ledger, records: [...run.records, elsewhere(record, 40)] });
  assert.equal(found.duplicates.explained.count, 1);
  assert.equal(found.duplicates.unexplained.count, 0);
});

test('finds every altered value, however deep', () => {
  for (const path of [
    'vehicle.speedKmh',
    'packs.0.cellVoltagesMv.17',
    'extremes.minTemperatureC',
    'alarms.0.generalRaw',
    'position.latitudeDeg',
    'eventTime',
    'isReissued',
  ]) {
    const found = check({ ...run, records: altered(last(kafkaTopics.telemetry), path) });
    assert.equal(found.altered.count, 1, path);
    assert.equal(found.isBalanced, false);
  }
});

test('finds a wrong reason, altered bytes, a wrong login and a wrong clock', () => {
  const cases = [
    { topic: kafkaTopics.quarantine, path: 'reason' },
    { topic: kafkaTopics.quarantine, path: 'payload' },
    { topic: kafkaTopics.lifecycle, path: 'event' },
    { topic: kafkaTopics.heartbeat, path: 'eventTime' },
    { topic: kafkaTopics.telemetry, path: 'clockState' },
  ];
  for (const { topic, path } of cases) {
    // An event is part of the identity of a frame without body, so take one that has an id.
    const record = run.records.findLast((one) => one.kafkaTopic === topic && isFit(one, topic));
    assert.ok(record);
    assert.equal(check({ ...run, records: altered(record, path) }).altered.count, 1, path);
  }
});

test('finds a record in the wrong topic, under the wrong key, or in a second partition', () => {
  const record = last(kafkaTopics.telemetry);
  const planted: readonly Partial<StoredRecord>[] = [
    { kafkaTopic: kafkaTopics.backfill },
    { key: 'another' },
    { offset: record.offset + 1, partition: (record.partition + 1) % 12 },
  ];
  for (const [at, change] of planted.entries()) {
    const isCopy = at === 2;
    const records = isCopy
      ? [...run.records, { ...record, ...change }]
      : replaced(record, { ...record, ...change });
    assert.equal(check({ ...run, records }).altered.count, 1, JSON.stringify(change));
  }
});

test('finds a phantom: a stranger, a frame that was never sent, bytes that are no record', () => {
  const record = last(kafkaTopics.telemetry);
  for (const change of [{ vehicleId: 'FWREV1A0XT1999999' }, { frameId: '0123456789abcdef' }]) {
    const found = check({ ...run, records: [...run.records, { ...record, ...change }] });
    assert.equal(found.phantom.count, 1);
    assert.equal(found.isBalanced, false);
  }
});

test('finds records of one vehicle stored in another order than received', () => {
  const [first, second] = neighbours();
  const records = run.records.map((record) => {
    if (record === first) return { ...first, offset: second.offset };
    if (record === second) return { ...second, offset: first.offset };
    return record;
  });
  const found = check({ ...run, records });
  assert.equal(found.outOfOrder.unexplained.count, 1);
  assert.equal(found.isBalanced, false);
});

test('finds frames received in another order than sent, and lets a kill explain it', () => {
  const [first, second] = neighbours();
  // Where received, so stored: only the vehicle knows that it was otherwise.
  const records = run.records.map((record) => {
    if (record === first) return { ...first, origin: second.origin, offset: second.offset };
    if (record === second) return { ...second, origin: first.origin, offset: first.offset };
    return record;
  });
  assert.equal(check({ ...run, records }).outOfOrder.unexplained.count, 1);
  const at = first.receivedAt;
  const killed = faulted({ at: at - 10, untilAt: at + 10, what: 'kill' });
  const found = check({ ledger: killed, records });
  assert.equal(found.outOfOrder.unexplained.count, 0);
  assert.equal(found.outOfOrder.explained.count, 1);
  assert.equal(found.isBalanced, true);
});

test('takes the order of two tenures for no disorder', () => {
  const [first, second] = neighbours();
  const records = run.records.map((record) => {
    if (record !== first) return record;
    const origin = { bridge: 'another', epoch: 1, sequence: 1 };
    return { ...first, origin, offset: second.offset + 1000 };
  });
  assert.equal(check({ ...run, records }).isBalanced, true);
});

test('finds two frames that share an origin, but takes a copy that was sent again for none', () => {
  const [first, second] = neighbours();
  const records = replaced(second, { ...second, origin: first.origin });
  const found = check({ ...run, records });
  assert.equal(found.sharedOrigins.count, 1);
  assert.equal(found.isBalanced, false);
  const copy = { ...second, offset: second.offset + 1 };
  assert.equal(check({ ...run, records: [...run.records, copy] }).sharedOrigins.count, 0);
});

test('finds an answer that is missing, unasked, or given before the record was stored', () => {
  const { ledger } = run;
  const [answer, ...others] = ledger.answers;
  assert.ok(answer);
  const missing = check({ ...run, ledger: { ...ledger, answers: others } });
  assert.equal(missing.answers.missing.count, 1);
  const strange = { ...ledger, answers: [...ledger.answers, { ...answer, key: 'ff' }] };
  assert.equal(check({ ...run, ledger: strange }).answers.strange.count, 1);
  const early = { ...ledger, answers: [{ ...answer, at: answer.at - 1000 }, ...others] };
  assert.equal(check({ ...run, ledger: early }).answers.early.count, 1);
  for (const one of [{ ...ledger, answers: others }, strange, early]) {
    assert.equal(check({ ...run, ledger: one }).isBalanced, false);
  }
});

test('is not balanced when a bridge breaks conservation', () => {
  const conservation = new Conservation();
  conservation.add('bridge-1', 'fleetwire_bridge_frames_received_total{codec="gb32960"} 1');
  const found = checkLedger({ ...run, conservation, redeliveryMax: 0, skewMs: 0 });
  assert.equal(found.isBalanced, false);
});

function check(one: Pick<PureRun, 'ledger' | 'records'>, redeliveryMax = 0): Reconciliation {
  return checkLedger({ ...one, conservation: new Conservation(), redeliveryMax, skewMs: 0 });
}

function last(topic: string): StoredRecord {
  const record = run.records.findLast(
    (one) => one.kafkaTopic === topic && one.fields['isPartial'] !== true,
  );
  assert.ok(record);
  return record;
}

function isFit({ frameId, fields }: StoredRecord, topic: string): boolean {
  if (topic === kafkaTopics.lifecycle) return frameId !== null;
  return topic !== kafkaTopics.telemetry || fields['clockState'] === 'ok';
}

/** Two reports of one vehicle, with nothing of it between them. */
function neighbours(): readonly [StoredRecord, StoredRecord] {
  const isTelemetry = (one?: StoredRecord) => one?.kafkaTopic === kafkaTopics.telemetry;
  const second = run.records.findLast((one) => isTelemetry(one) && isTelemetry(before(one)));
  const first = second && before(second);
  assert.ok(first);
  return [first, second];
}

function before(record: StoredRecord): StoredRecord | undefined {
  const place = run.records.indexOf(record);
  return run.records.findLast((one, at) => at < place && one.vehicleId === record.vehicleId);
}

/** As another bridge would have stored it again. */
function elsewhere(record: StoredRecord, appendedAt: number): StoredRecord {
  const origin = { bridge: 'another', epoch: 1, sequence: 1 };
  return { ...record, offset: record.offset + 1, appendedAt, receivedAt: appendedAt, origin };
}

function replaced(record: StoredRecord, by: StoredRecord): readonly StoredRecord[] {
  return run.records.map((one) => (one === record ? by : one));
}

function altered(record: StoredRecord, path: string): readonly StoredRecord[] {
  const fields = structuredClone(record.fields);
  const names = path.split('.');
  const lastName = names.pop() ?? '';
  let inner = fields as Record<string, unknown>;
  for (const name of names) inner = inner[name] as Record<string, unknown>;
  const value = inner[lastName];
  inner[lastName] = typeof value === 'number' ? value + 1 : `not ${String(value)}`;
  return replaced(record, { ...record, fields });
}

function changed(change: (message: SentMessage) => Partial<SentMessage>): Ledger {
  const messages = run.ledger.messages.map((message) => ({ ...message, ...change(message) }));
  return { ...run.ledger, messages };
}

function faulted(fault: Omit<FaultEntry, 'entry'>): Ledger {
  return { ...run.ledger, faults: [{ entry: 'fault', ...fault }] };
}
