// Bounds and drain of one connection.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageObjectsBytes } from '#services/bridge/message.ts';
import { settled } from '../fakes.ts';
import { balance, createRig, ingestOf, payload } from '../rig.ts';

test('stops reading when a broker overruns the window, and goes on when there is room', async () => {
  const { kafka, connect, counters } = createRig({ windowMax: 8 });
  const { deliver, link, intake } = connect();
  for (let i = 0; i < 8; i += 1) {
    assert.equal(deliver({ payload: payload(0, `${i}`) }).isNextCalled, true);
  }
  const overrun = deliver({ payload: payload(0, 'more') });
  assert.equal(overrun.isNextCalled, false);
  assert.equal(intake.isHeld, true);
  assert.equal(link.handPingsCount, 1, 'keepalive goes on by hand');
  assert.equal(counters.holdsCount, 1);
  kafka.isPrompt = true;
  await settled();
  await settled();
  assert.equal(overrun.isNextCalled, true);
  assert.equal(link.ackedIds.length, 9);
});

test('stops reading at the bytes it may hold over all connections', async () => {
  const { kafka, connect, heldBytes } = createRig({ heldBytesMax: messageObjectsBytes + 100 });
  const one = connect();
  const two = connect();
  const big = one.deliver({ payload: payload(0, 'x'.repeat(60)) });
  assert.equal(big.isNextCalled, false, 'payload and record count');
  assert.equal(two.deliver({ payload: payload(0, 'y') }).isNextCalled, false);
  await (await kafka.next()).answer();
  assert.equal(heldBytes.bytes, 0);
  assert.equal(big.isNextCalled, true);
  assert.equal(two.intake.isHeld, false, 'a hold that another connection caused ends with it');
});

test('counts the objects of small messages, which are larger than their bytes', () => {
  const { connect, heldBytes } = createRig({ heldBytesMax: 10 * messageObjectsBytes });
  const { deliver, intake } = connect();
  let count = 0;
  for (; !intake.isHeld; count += 1) deliver({ payload: payload(0, '') });
  assert.equal(count, 10);
  assert.ok(heldBytes.isFull);
});

test('keeps nothing of connections that were lost while nothing could be read', async () => {
  const { kafka, connect, heldBytes, lanes } = createRig({ heldBytesMax: messageObjectsBytes });
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const { deliver, link, intake } = connect();
    deliver({ payload: payload(0, 'a') });
    assert.ok(intake.isHeld);
    assert.equal(heldBytes.waitingCount, 1);
    link.lose();
  }
  assert.equal(heldBytes.waitingCount, 0);
  kafka.isPrompt = true;
  await lanes.idle();
  assert.equal(heldBytes.bytes, 0);
});

test('gives up answers that wait for room while nothing is read', async () => {
  const { kafka, connect, counters } = createRig({
    windowMax: 3,
    ingest: ingestOf(() => [{ mqttTopic: 'dn', payload: Buffer.from('ok') }]),
  });
  const { deliver, link } = connect();
  link.brokerReceiveMaximum = 1;
  for (let i = 0; i < 4; i += 1) deliver({ payload: payload(0, `${i}`) });
  await (await kafka.next()).answer();
  await settled();
  // The broker's PUBACK for the first answer is behind what is not read.
  assert.deepEqual(link.ackedIds, [1, 2, 3, 4]);
  assert.equal(counters.answersDroppedCount, 3);
});

test('acknowledges on a drain exactly what is stored, then disconnects', async () => {
  const { kafka, connect, lanes, ledger } = createRig();
  const { deliver, link, intake } = connect();
  deliver({ payload: payload(0, 'a') });
  deliver({ payload: payload(0, 'b') });
  const batch = await kafka.next();
  let isDrained = false;
  const drained = intake.drain().then(() => {
    isDrained = true;
  });
  const late = deliver({ payload: payload(0, 'late') });
  lanes.flush();
  await settled();
  assert.equal(isDrained, false);
  assert.equal(late.isNextCalled, false, 'parsed but not handed on: nothing more comes');
  await batch.answer();
  if (kafka.batches.length > 0) await (await kafka.next()).answer();
  await drained;
  await intake.disconnect(1000);
  assert.deepEqual(link.written, [
    { kind: 'puback', id: 1 },
    { kind: 'puback', id: 2 },
    { kind: 'disconnect' },
  ]);
  const { received, produced, returned, missing } = balance(ledger);
  const expected = { received: 2, produced: 2, returned: 0, missing: 0 };
  assert.deepEqual({ received, produced, returned, missing }, expected);
});

test('returns on a drain what Kafka did not store, and what is stored behind it', async () => {
  const { kafka, connect, ledger } = createRig({ laneCount: 2 });
  const { deliver, link, intake } = connect();
  deliver({ payload: payload(0, 'a') });
  deliver({ payload: payload(1, 'b') });
  deliver({ payload: payload(0, 'c') });
  const batches = [await kafka.next(), await kafka.next()];
  void intake.drain();
  await batches.find(({ records }) => records[0]?.partition === 1)?.answer();
  await intake.disconnect(1000);
  assert.deepEqual(link.written, [{ kind: 'disconnect' }]);
  const { returned, produced, missing } = balance(ledger);
  assert.deepEqual({ returned, produced, missing }, { returned: 3, produced: 0, missing: 0 });
});
