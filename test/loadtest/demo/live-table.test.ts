// The live table: what people see while frames move, on a terminal and in a log.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveTable, type TableRow } from '#loadtest/demo/live-table.ts';

function rowAt(elapsedSeconds: number): TableRow {
  return {
    elapsedSeconds,
    seconds: 60,
    title: '500 vehicles, bridge-1 and bridge-2',
    second: {
      sentCount: 250,
      storedCount: 248,
      quarantinedCount: 2,
      age: { p50Ms: 18, p99Ms: 41 },
    },
    totals: {
      sentCount: 12_500,
      storedCount: 12_400,
      quarantinedCount: 90,
      quarantinedByReason: new Map([
        ['frame_start', 20],
        ['frame_checksum', 70],
      ]),
      storedByCodec: new Map([
        ['jt808-2019', 1_200],
        ['gb32960-2016', 11_200],
      ]),
    },
    inFlightCount: 7,
    state: {
      newlyAppliedCount: 247,
      appliedCount: 12_390,
      lagRecords: 1_003,
      lagSeconds: 0.25,
      onlineCount: 480,
    },
  };
}

function screenOf(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

test('writes a plain line every five seconds where there is no terminal', () => {
  const screen = screenOf(false);
  const table = new LiveTable(screen, {});
  for (let second = 1; second <= 12; second += 1) table.draw(rowAt(second));
  assert.equal(screen.written.length, 3);
  const text = screen.written.join('');
  assert.ok(!text.includes('\x1b'));
  assert.match(text, /sent 250\/s {2}stored 248\/s {2}quarantined 90 \(frame_checksum 70, frame_s/);
  assert.match(text, /\) {2}of gb2016 11,200, jt808-2019 1,200 {2}in flight/);
  assert.match(text, /in flight 7 {2}age p50 18 ms {2}p99 41 ms {2}state 247\/s/);
  assert.match(text, / {2}state 247\/s lag 1,003 records, 0\.3 s; 480 online\n/);
});

test('redraws in place on a terminal, and keeps the lines that must stay', () => {
  const screen = screenOf(true);
  const table = new LiveTable(screen, {});
  table.draw(rowAt(1));
  table.draw(rowAt(2));
  table.say('SIGKILL to bridge-1.');
  table.draw(rowAt(3));
  const [first = '', up, second = '', upAgain, line, third = ''] = screen.written;
  const lineCount = first.split('\n').length - 1;
  assert.equal(up, `\x1b[${lineCount}A\x1b[J`);
  assert.equal(upAgain, up);
  assert.equal(line, 'SIGKILL to bridge-1.\n');
  for (const block of [first, second, third]) {
    assert.match(block, /sent +250\/s +12,500/);
    assert.match(block, /records of +gb2016 11,200, jt808-2019 1,200\n/);
    assert.match(block, /state +247\/s +12,390 {2}lag 1,003 records, 0\.3 s; 480 online\n/);
    assert.ok(block.split('\n').every((one) => one.length <= 120));
  }
});

test('writes plain lines on a terminal that cannot move its cursor', () => {
  const screen = screenOf(true);
  new LiveTable(screen, { TERM: 'dumb' }).draw(rowAt(1));
  assert.ok(!screen.written.join('').includes('\x1b'));
});

test('says what it does not know', () => {
  const screen = screenOf(false);
  const row = rowAt(1);
  const second = { ...row.second, age: null };
  const unknown = { ...row, second, inFlightCount: null, state: null };
  new LiveTable(screen, {}).draw(unknown);
  assert.match(screen.written.join(''), /in flight unknown {2}age nothing stored yet {2}state unk/);
  const terminal = screenOf(true);
  new LiveTable(terminal, {}).draw(unknown);
  assert.match(terminal.written.join(''), /in flight +unknown\n/);
  assert.match(terminal.written.join(''), /state +unknown\n/);
  const unlooked = screenOf(false);
  const state = row.state && { ...row.state, lagRecords: null };
  new LiveTable(unlooked, {}).draw({ ...row, state });
  assert.match(unlooked.written.join(''), /state 247\/s lag unknown; 480 online\n/);
});
