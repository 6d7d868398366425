// What the bridge says of its headroom, and how often.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchHeadroom } from '#services/bridge/headroom-watch.ts';
import { LaneHealth } from '#services/bridge/lane-health.ts';
import { createRig } from './rig.ts';

test('says once that the headroom is used up, and once that nothing waits any more', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { log, logLines } = createRig();
  const headroom = { seconds: 40, isInUse: false, look: () => undefined };
  const told: number[] = [];
  const stop = watchHeadroom({ headroom, log, onLook: () => told.push(headroom.seconds) });
  t.mock.timers.tick(5000);
  assert.deepEqual(told, [40, 40, 40, 40, 40]);
  Object.assign(headroom, { seconds: 5, isInUse: true });
  t.mock.timers.tick(5000);
  assert.equal(logLines.length, 0, 'in use, not used up');
  headroom.seconds = 0;
  t.mock.timers.tick(60_000);
  assert.deepEqual(
    logLines.map(({ level }) => level),
    ['error'],
  );
  assert.match(String(logLines[0]?.['msg']), /drops frames/);
  Object.assign(headroom, { seconds: 40, isInUse: false });
  t.mock.timers.tick(5000);
  Object.assign(headroom, { seconds: 0, isInUse: true });
  t.mock.timers.tick(5000);
  assert.equal(logLines.length, 1, 'the same trouble goes on');
  Object.assign(headroom, { seconds: 40, isInUse: false });
  t.mock.timers.tick(60_000);
  stop();
  assert.deepEqual(
    logLines.map(({ level }) => level),
    ['error', 'info'],
  );
});

test('stays silent where nothing arrives, whatever the broker keeps', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { log, logLines } = createRig();
  const stop = watchHeadroom({
    headroom: { seconds: 0, isInUse: false, look: () => undefined },
    log,
  });
  t.mock.timers.tick(60_000);
  stop();
  assert.equal(logLines.length, 0);
});

test('the line that says that Kafka is away says how long the broker has room', () => {
  const { log, logLines } = createRig();
  const health = new LaneHealth(
    log,
    () => undefined,
    () => ({ headroomSeconds: 75 }),
  );
  health.unwell(0, { code: 'NETWORK_EXCEPTION', detail: 'no answer', isOurFault: false });
  health.unwell(1, { code: 'NETWORK_EXCEPTION', detail: 'no answer', isOurFault: false });
  assert.equal(logLines.length, 1);
  assert.equal(logLines[0]?.['headroomSeconds'], 75);
});
