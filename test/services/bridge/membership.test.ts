// When a bridge leaves the shared group, and when it never does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LaneHealth, type LaneTrouble } from '#services/bridge/lane-health.ts';
import { Membership } from '#services/bridge/membership.ts';
import { createLogger } from '#shared/runtime/log.ts';

const refusal: LaneTrouble = { code: 'TOPIC_AUTHORIZATION_FAILED', detail: 'no', isOurFault: true };
const away: LaneTrouble = { code: 'NETWORK_EXCEPTION', detail: 'gone', isOurFault: false };

const refusalHoldMs = 30_000;

function createRig() {
  const logLines: Record<string, unknown>[] = [];
  const write = (line: string) => void logLines.push(JSON.parse(line));
  const log = createLogger({ level: 'info', name: 'test', destination: { write } });
  const health = new LaneHealth(createLogger({ level: 'silent', name: 'test' }));
  const headroom = { seconds: 100, share: 1 };
  const whys: string[] = [];
  const source = {
    hasLeft: false,
    leave: async (why: string) => {
      source.hasLeft = true;
      whys.push(why);
    },
    join: () => {
      source.hasLeft = false;
    },
  };
  let at = 0;
  const options = { source, health, headroom, refusalHoldMs, log, now: () => at };
  const membership = new Membership(options);
  /** Looks once a second. */
  const pass = (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      at += 1000;
      membership.look();
    }
  };
  return { health, headroom, source, whys, logLines, pass };
}

test('leaves when Kafka has refused it for long and the room is nearly used up, and says so once', () => {
  const { health, headroom, source, whys, logLines, pass } = createRig();
  health.unwell(0, refusal);
  pass(40);
  assert.equal(source.hasLeft, false, 'there is room: whoever mends it loses nothing');
  headroom.share = 0.2;
  pass(5);
  assert.equal(source.hasLeft, true);
  assert.equal(whys.length, 1);
  assert.match(whys[0] ?? '', /^Kafka refuses this bridge: TOPIC_AUTHORIZATION_FAILED/);
  assert.deepEqual(
    logLines.map(({ level }) => level),
    ['error'],
  );
});

test('stays while a refusal is young, since rights reach one Kafka broker after the other', () => {
  const { health, headroom, source, pass } = createRig();
  headroom.share = 0;
  health.unwell(0, refusal);
  pass(29);
  health.well(0);
  pass(1);
  health.unwell(0, refusal);
  pass(29);
  assert.equal(source.hasLeft, false);
  pass(2);
  assert.equal(source.hasLeft, true);
});

test('never leaves because Kafka is away, however long and whatever the broker drops', () => {
  const { health, headroom, source, pass } = createRig();
  headroom.share = 0;
  headroom.seconds = 0;
  health.unwell(0, away);
  health.unwell(1, away);
  pass(100_000);
  assert.equal(source.hasLeft, false);
});

test('never leaves because of one record that finds no place: it would go from bridge to bridge', () => {
  const { health, headroom, source, pass } = createRig();
  headroom.share = 0;
  health.unwell(0, { code: 'MESSAGE_TOO_LARGE', detail: 'even empty', isOurFault: true });
  pass(1_000);
  assert.equal(source.hasLeft, false);
});

test('comes back by itself when Kafka takes its records, and not before', () => {
  const { health, headroom, source, logLines, pass } = createRig();
  health.unwell(0, refusal);
  health.unwell(1, refusal);
  headroom.share = 0;
  pass(40);
  assert.equal(source.hasLeft, true);
  health.unwell(0, away);
  health.well(1);
  pass(40);
  assert.equal(source.hasLeft, true, 'a refusal that gives way to silence is no welcome');
  health.well(0);
  pass(1);
  assert.equal(source.hasLeft, false);
  assert.match(String(logLines.at(-1)?.['msg']), /joining the shared group/);
  headroom.share = 0;
  health.unwell(0, refusal);
  pass(29);
  assert.equal(source.hasLeft, false, 'it counts anew');
});

test('a refusal is told as an error also where Kafka was away before, once', () => {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  const log = createLogger({ level: 'info', name: 'test', destination: { write } });
  const health = new LaneHealth(log);
  for (const trouble of [away, refusal, away, refusal]) {
    health.unwell(0, trouble);
    health.unwell(1, trouble);
  }
  health.well(0);
  health.well(1);
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['warn', 'error', 'info'],
  );
});
