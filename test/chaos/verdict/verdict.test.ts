// The verdict is checked: a round in which all is well, and the same round with one thing planted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conservation } from '#loadtest/ledger/conservation.ts';
import type { StoredRecord } from '#loadtest/ledger/record-fields.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { pureRun } from '../../loadtest/pure-run.ts';
import type { Excuses } from '../faults/fault.ts';
import type { Happening } from '../timeline.ts';
import { type Delivery, messageKey, type Session } from '../witness/mqtt-witness.ts';
import { storiesOf } from './story.ts';
import { type RoundEvidence, type Verdict, verdictOf } from './verdict.ts';

const run = await pureRun({ seconds: 40 });
const startAt = run.ledger.messages[0]?.at ?? 0;

function sessionOf(closedAt: number | null): Session {
  const own = { link: 'bridge 1', clientId: 'b1', openedAt: startAt, isLeft: false };
  return { ...own, closedAt, outstanding: new Map() };
}

/** Each message is delivered once and acknowledged after its record was stored. */
function deliveriesOf(session: Session): Map<string, Delivery[]> {
  const deliveries = new Map<string, Delivery[]>();
  for (const { mqttTopic, payload, dueAt } of run.messages) {
    const key = messageKey(mqttTopic, payload);
    const delivery = { session, at: dueAt + 5, ackedAt: dueAt + 12 };
    deliveries.set(key, [...(deliveries.get(key) ?? []), delivery]);
  }
  return deliveries;
}

function evidence(changes: Partial<RoundEvidence> = {}): RoundEvidence {
  const witness = { deliveries: deliveriesOf(sessionOf(null)), breaches: [], sessions: [] };
  const conservation = new Conservation();
  return { ...run, witness, conservation, happenings: [], startAt, ...changes };
}

function promisesOf({ breaches }: Verdict): readonly string[] {
  return [...new Set(breaches.map(({ promise }) => promise))];
}

const reportAt = run.records.findIndex(({ kafkaTopic }) => kafkaTopic === kafkaTopics.telemetry);
const report = run.records[reportAt] as StoredRecord;
const messageAt = run.ledger.messages.findIndex(
  ({ vehicleId, frames }) =>
    vehicleId === report.vehicleId && frames.some(({ frameId }) => frameId === report.frameId),
);
const reportKey = messageKey(
  run.messages[messageAt]?.mqttTopic ?? '',
  run.messages[messageAt]?.payload ?? '',
);
const without = run.records.toSpliced(reportAt, 1);

function happening(excuses: Excuses, at: number, untilAt: number): Happening {
  return { name: 'F0 planted', what: 'it', excuses, at, untilAt, fault: null };
}

/** What became of the report's delivery is another. */
function witnessed(deliveries: readonly Delivery[]): Pick<RoundEvidence, 'witness'> {
  const all = deliveriesOf(sessionOf(null));
  all.set(reportKey, [...deliveries]);
  return { witness: { deliveries: all, breaches: [], sessions: [] } };
}

test('nothing is found where all is well', () => {
  const verdict = verdictOf(evidence());
  assert.deepEqual(verdict.breaches, []);
  assert.ok(verdict.frames > 400);
});

test('what a bridge had acknowledged is lost after its PUBACK, whatever had struck the broker', () => {
  const struck = happening({ lostInBroker: true }, startAt, startAt + 60_000);
  const verdict = verdictOf(evidence({ records: without, happenings: [struck] }));
  assert.equal(verdict.lost.afterBridge, 1);
  assert.deepEqual(promisesOf(verdict), ['lost after the PUBACK of a bridge']);
});

test('what no bridge had acknowledged is lost in the broker; a fault of the broker excuses it', () => {
  const { dueAt = 0 } = run.messages[messageAt] ?? {};
  const session = sessionOf(dueAt + 10);
  const own = witnessed([{ session, at: dueAt + 5, ackedAt: null }]);
  const alone = verdictOf(evidence({ records: without, ...own }));
  assert.equal(alone.lost.inBrokerUnexplained, 1);
  assert.deepEqual(promisesOf(alone), ['lost in the broker, which nothing had hit']);
  const before = happening({ lostInBroker: true }, startAt - 10, dueAt - 1);
  const early = verdictOf(evidence({ records: without, ...own, happenings: [before] }));
  assert.equal(early.lost.inBrokerUnexplained, 1, 'it was sent later');
  const struck = happening({ lostInBroker: true }, dueAt, dueAt + 10);
  const verdict = verdictOf(evidence({ records: without, ...own, happenings: [struck] }));
  assert.equal(verdict.lost.inBroker, 1);
  assert.deepEqual([...verdict.messagesLostInBroker], [messageAt + 1]);
  assert.deepEqual(verdict.breaches, []);
});

const again: StoredRecord = {
  ...report,
  offset: 1e6,
  origin: { bridge: 'other', epoch: 1, sequence: 1 },
  appendedAt: report.appendedAt + 4_000,
};
const twice = [...run.records, again];

test('a copy by another bridge is explained only by a connection that a fault ended', () => {
  const alone = verdictOf(evidence({ records: twice }));
  assert.equal(alone.duplicates.unexplained, 1);
  assert.deepEqual(promisesOf(alone), ['stored twice without a cause']);

  const { dueAt = 0 } = run.messages[messageAt] ?? {};
  const dead = sessionOf(dueAt + 3_000);
  const own = witnessed([
    { session: dead, at: dueAt + 5, ackedAt: null },
    { session: sessionOf(null), at: dueAt + 3_500, ackedAt: dueAt + 4_100 },
  ]);
  const noFault = verdictOf(evidence({ records: twice, ...own }));
  assert.equal(noFault.duplicates.unexplained, 1, 'nothing had ended the connection');
  const struck = happening({ connectionsEnd: true }, dueAt + 2_000, dueAt + 2_900);
  const verdict = verdictOf(evidence({ records: twice, ...own, happenings: [struck] }));
  assert.deepEqual([verdict.duplicates.deliveredAgain, verdict.duplicates.unexplained], [1, 0]);
});

test('a copy with the same origin is explained only by a fault between the bridge and Kafka', () => {
  const records = [...run.records, { ...again, origin: report.origin }];
  assert.equal(verdictOf(evidence({ records })).duplicates.unexplained, 1);
  const ended = happening({ connectionsEnd: true }, report.appendedAt, again.appendedAt);
  const other = verdictOf(evidence({ records, happenings: [ended] }));
  assert.equal(other.duplicates.unexplained, 1);
  const cut = happening({ sentAgain: true }, report.appendedAt, again.appendedAt);
  const verdict = verdictOf(evidence({ records, happenings: [cut] }));
  assert.deepEqual(verdict.duplicates.sentAgain, 1);
  assert.deepEqual(verdict.breaches, []);
});

test('what comes behind newer frames is late only where the broker was seen to deal it again', () => {
  const last = run.records.reduce((a, b) => (a.origin.sequence > b.origin.sequence ? a : b));
  const receivedAt = last.receivedAt + 1_000;
  const origin = { ...report.origin, sequence: last.origin.sequence + 1 };
  const late = { ...report, offset: 1e6, origin, receivedAt, appendedAt: receivedAt + 5 };
  const records = run.records.with(reportAt, late);
  const { dueAt = 0 } = run.messages[messageAt] ?? {};
  const first = (closedAt: number | null, ackedAt: number | null): Delivery => {
    return { session: sessionOf(closedAt), at: dueAt + 5, ackedAt };
  };
  const second = { session: sessionOf(null), at: receivedAt - 1, ackedAt: receivedAt + 10 };
  const seen = (...deliveries: Delivery[]) => {
    return verdictOf(evidence({ records, ...witnessed(deliveries) }));
  };

  const dealtAgain = seen(first(dueAt + 500, null), second);
  assert.deepEqual([dealtAgain.lateByRedelivery, dealtAgain.inversions], [1, 0]);
  const inversions = [
    seen(second),
    seen(first(null, null), second),
    seen(first(dueAt + 5_000, dueAt + 12), second),
    seen(first(receivedAt + 500, null)),
  ];
  for (const verdict of inversions) {
    assert.equal(verdict.inversions, 1);
    assert.ok(promisesOf(verdict).includes('order within a tenure'));
  }
});

test('a copy that the broker asked for by a repeat is explained only while it was made to repeat', () => {
  const { dueAt = 0 } = run.messages[messageAt] ?? {};
  const session = sessionOf(null);
  const at = again.receivedAt - 2;
  const first = { session, at: dueAt + 5, ackedAt: at + 1 };
  const own = (isRepeat?: true) => {
    return witnessed([first, { session, at, ackedAt: at + 40, ...(isRepeat && { isRepeat }) }]);
  };
  const struck = happening({ brokerRepeats: true }, at - 3_000, at - 1);
  const unmarked = verdictOf(evidence({ records: twice, ...own(), happenings: [struck] }));
  assert.equal(unmarked.duplicates.unexplained, 1, 'no DUP');
  const longAgo = happening({ brokerRepeats: true }, at - 9_000, at - 3_000);
  const late = verdictOf(evidence({ records: twice, ...own(true), happenings: [longAgo] }));
  assert.equal(late.duplicates.unexplained, 1, 'nothing made it repeat');
  const verdict = verdictOf(evidence({ records: twice, ...own(true), happenings: [struck] }));
  assert.deepEqual([verdict.duplicates.deliveredAgain, verdict.duplicates.unexplained], [1, 0]);
  assert.deepEqual(verdict.breaches, []);
});

test('a car that had no PUBACK and sent once more explains one copy', () => {
  const messages = run.ledger.messages.map((message, at) => {
    return at === messageAt ? { ...message, attempts: 2 } : message;
  });
  const verdict = verdictOf(evidence({ records: twice, ledger: { ...run.ledger, messages } }));
  assert.deepEqual(verdict.duplicates.publishedAgain, 1);
  assert.deepEqual(verdict.breaches, []);
});

test('a connection of a bridge that ends by itself is a broken promise', () => {
  const { deliveries } = evidence().witness;
  const ended = { ...sessionOf(startAt + 5_000), isLeft: false };
  const witness = { deliveries, breaches: [], sessions: [ended] };
  assert.deepEqual(promisesOf(verdictOf(evidence({ witness }))), ['the connection lives']);
  const left = { deliveries, breaches: [], sessions: [{ ...ended, isLeft: true }] };
  assert.deepEqual(verdictOf(evidence({ witness: left })).breaches, []);
});

test('what the witness, the ledger or a fault’s own check found is a broken promise', () => {
  const { deliveries } = evidence().witness;
  const witness = { deliveries, breaches: ['b1 acknowledged 7 before 6'], sessions: [] };
  assert.deepEqual(promisesOf(verdictOf(evidence({ witness }))), ['PUBACKs in turn']);
  const shown = { ...happening({}, startAt, startAt + 1), fault: 'it was ready' };
  assert.deepEqual(promisesOf(verdictOf(evidence({ happenings: [shown] }))), ['F0 planted']);
  const altered = run.records.with(reportAt, {
    ...report,
    fields: { ...report.fields, eventTime: 0 },
  });
  const verdict = verdictOf(evidence({ records: altered }));
  assert.ok(promisesOf(verdict).includes('stored as it was sent'));
});

test('the story of a vehicle tells each message: sent, delivered, acknowledged, stored', () => {
  const verdict = verdictOf(evidence({ records: without }));
  const { breaches, fates } = verdict;
  const story = storiesOf({ breaches, fates, startAt, ...run });
  assert.match(story[0] ?? '', new RegExp(`^${report.vehicleId}: lost after the PUBACK`));
  const at = story.findIndex((line) => line.startsWith(`  message ${messageAt + 1} `));
  assert.match(story[at] ?? '', /report: sent [\d.]+ s, PUBACK [\d.]+ s \(0\)$/);
  assert.match(story[at + 1] ?? '', /to b1 [\d.]+ s, PUBACK [\d.]+ s, connection open$/);
  assert.equal(story[at + 2], '    not in Kafka');
});
