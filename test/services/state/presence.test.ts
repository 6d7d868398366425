// Presence by what was heard and what was not: every transition.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamRecord } from '#shared/stream/processor.ts';
import { blankPresence } from '#shared/telemetry/blank-records.ts';
import { bareReportAt, eventAt, noEmit, processor, startAt, stateOf } from './reports.ts';

/** Received `atS` seconds after the start. */
const heardAt = (atS: number) => bareReportAt(atS - 0.5);
const at = (atS: number) => startAt + atS * 1000;

/** The broker ended a connection since the vehicle has a newer one. */
const replaced = (atS: number, reason: string) => {
  return eventAt(atS, 'disconnected', { presence: { ...blankPresence, reason } });
};

interface Case {
  readonly name: string;
  readonly records: readonly StreamRecord[];
  readonly tickS?: number;
  /** Presence, reason, since in seconds after the start. */
  readonly is: readonly [string, string, number | null];
}

const cases: readonly Case[] = [
  { name: 'a report without login', records: [heardAt(10)], is: ['online', 'message', null] },
  { name: 'a heartbeat', records: [eventAt(10, 'heartbeat')], is: ['online', 'message', null] },
  {
    name: 'online since the login',
    records: [eventAt(10, 'login'), heardAt(20)],
    is: ['online', 'message', 10],
  },
  {
    name: 'online since the broker saw it connect',
    records: [eventAt(10, 'connected'), heardAt(20)],
    is: ['online', 'message', 10],
  },
  {
    name: 'logged out',
    records: [eventAt(10, 'login'), eventAt(20, 'logout')],
    is: ['offline', 'logout', 20],
  },
  {
    name: 'logged out by giving up its registration',
    records: [eventAt(10, 'auth'), eventAt(20, 'unregister')],
    is: ['offline', 'logout', 20],
  },
  {
    name: 'disconnected',
    records: [heardAt(10), eventAt(20, 'disconnected')],
    is: ['offline', 'disconnected', 20],
  },
  {
    name: 'replaced by a newer connection',
    records: [heardAt(10), replaced(20, 'takenover'), replaced(21, 'discarded')],
    is: ['online', 'message', null],
  },
  {
    name: 'back with an authentication',
    records: [eventAt(20, 'disconnected'), eventAt(30, 'auth'), heardAt(40)],
    is: ['online', 'message', 30],
  },
  {
    name: 'of logout and disconnect the later',
    records: [eventAt(20, 'disconnected'), eventAt(19, 'logout'), heardAt(10)],
    is: ['offline', 'disconnected', 20],
  },
  {
    name: 'of logout and disconnect in one millisecond the logout',
    records: [eventAt(20, 'disconnected'), eventAt(20, 'logout'), eventAt(20, 'disconnected')],
    is: ['offline', 'logout', 20],
  },
  {
    name: 'heard and logged out in one millisecond is offline',
    records: [eventAt(20, 'logout'), heardAt(20)],
    is: ['offline', 'logout', 20],
  },
  {
    name: 'back without a login',
    records: [eventAt(10, 'login'), eventAt(20, 'logout'), heardAt(30)],
    is: ['online', 'message', null],
  },
  {
    name: 'back with a login',
    records: [eventAt(20, 'disconnected'), eventAt(30, 'connected'), heardAt(40)],
    is: ['online', 'message', 30],
  },
  {
    name: 'a logout that is read late ends nothing',
    records: [eventAt(10, 'login'), heardAt(30), eventAt(20, 'logout')],
    is: ['online', 'message', null],
  },
  {
    name: 'a platform that logs in is not the vehicle',
    records: [eventAt(10, 'platform_login'), eventAt(20, 'platform_logout')],
    is: ['offline', '', null],
  },
  {
    name: 'still online before the time is over',
    records: [heardAt(10)],
    tickS: 129.999,
    is: ['online', 'message', null],
  },
  { name: 'silent', records: [heardAt(10)], tickS: 130, is: ['silent', 'silence', 10] },
  {
    name: 'still silent before the time is over',
    records: [heardAt(10)],
    tickS: 1809.999,
    is: ['silent', 'silence', 10],
  },
  { name: 'timed out', records: [heardAt(10)], tickS: 1810, is: ['offline', 'timeout', 1810] },
  {
    name: 'logged out stays logged out',
    records: [eventAt(20, 'logout')],
    tickS: 9_999,
    is: ['offline', 'logout', 20],
  },
];

for (const { name, records, tickS, is } of cases) {
  test(`presence: ${name}`, () => {
    const state = stateOf(records);
    if (tickS !== undefined) processor.tick(state, at(tickS), noEmit);
    const { presence, presenceReason, presenceSince } = state;
    assert.deepEqual(
      [presence, presenceReason, presenceSince],
      [is[0], is[1], is[2] === null ? null : at(is[2])],
    );
  });
}

test('is due when time alone changes the presence next', () => {
  const state = stateOf([heardAt(10)]);
  assert.equal(processor.dueAt(state), at(130));
  assert.equal(processor.tick(state, at(129), noEmit), 'none');
  assert.equal(processor.tick(state, at(130), noEmit), 'loud');
  assert.equal(processor.dueAt(state), at(1810));
  assert.equal(processor.tick(state, at(1810), noEmit), 'loud');
  assert.equal(processor.dueAt(state), Number.POSITIVE_INFINITY);
  assert.equal(processor.dueAt(processor.create('new')), Number.POSITIVE_INFINITY);
  assert.equal(processor.dueAt(stateOf([eventAt(1, 'logout')])), Number.POSITIVE_INFINITY);
});

test('time never runs back: an older message or an earlier tick wakes nobody', () => {
  const state = stateOf([heardAt(10)]);
  processor.tick(state, at(200), noEmit);
  assert.equal(processor.tick(state, at(20), noEmit), 'none');
  processor.apply(state, heardAt(5), noEmit);
  processor.apply(state, eventAt(4, 'login'), noEmit);
  assert.equal(state.presence, 'silent');
  assert.equal(processor.apply(state, heardAt(201), noEmit), 'loud');
  assert.equal(state.presence, 'online');
  assert.equal(state.presenceSince, at(4), 'since its login, as silence is no end');
});

test('a duplicate is heard, and changes nothing else', () => {
  const state = stateOf([eventAt(1, 'login'), heardAt(10)]);
  const before = structuredClone(state);
  const again = bareReportAt(9.5, { receivedTime: at(50), codec: 'other' });
  assert.equal(processor.applyDuplicate(state, again), 'quiet');
  const times = { lastSeenTime: at(50), lastHeardTime: at(50) };
  assert.deepEqual(state, { ...before, ...times });
});

test('a logout that comes twice is no sign of life', () => {
  const state = stateOf([heardAt(10), eventAt(20, 'logout')]);
  processor.applyDuplicate(state, eventAt(30, 'logout'));
  assert.deepEqual([state.presence, state.presenceSince], ['offline', at(30)]);
});

test('first and last seen hold over everything, whatever it is and in any order', () => {
  const records = [heardAt(20), eventAt(5, 'platform_login'), eventAt(30, 'opaque'), heardAt(10)];
  for (const order of [records, records.toReversed()]) {
    const { firstSeenTime, lastSeenTime } = stateOf(order);
    assert.deepEqual([firstSeenTime, lastSeenTime], [at(5), at(30)]);
  }
});
