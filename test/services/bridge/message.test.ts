// The life of a message, with a fake link and a fake Kafka.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Answer } from '#shared/ingest/contract.ts';
import { settled } from './fakes.ts';
import { balance, createRig, ingestOf, payload } from './rig.ts';

const answer: Answer = { mqttTopic: 'v1/dn/V/gb32960', payload: Buffer.from('ok') };
const answering = ingestOf(() => [answer]);

test('acknowledges a message only when every record of it is stored', async () => {
  const { kafka, connect, ledger } = createRig({
    laneCount: 2,
    ingest: (message) => {
      const [first] = ingestOf()(message).records;
      const records = [0, 1].map((partition) => ({ ...first!, key: Buffer.from([partition]) }));
      return { ...ingestOf()(message), records };
    },
  });
  const { deliver, link } = connect();
  deliver({ payload: payload(0, 'a') });
  const [one, two] = [await kafka.next(), await kafka.next()];
  await one.answer();
  assert.deepEqual(link.ackedIds, []);
  assert.equal(balance(ledger).inFlight, 1);
  await two.answer();
  assert.deepEqual(link.ackedIds, [1]);
  assert.equal(balance(ledger).inFlight, 0);
});

test('acknowledges in order of receipt, however lanes overtake each other', async () => {
  const { kafka, connect } = createRig({ laneCount: 3 });
  const { deliver, link } = connect();
  for (const partition of [0, 1, 2]) deliver({ payload: payload(partition, 'x') });
  const batches = [await kafka.next(), await kafka.next(), await kafka.next()];
  await batches[2]!.answer();
  await batches[1]!.answer();
  assert.deepEqual(link.ackedIds, []);
  await batches[0]!.answer();
  assert.deepEqual(link.ackedIds, [1, 2, 3]);
});

test('writes the answer after Kafka has the record and before the PUBACK', async () => {
  const { kafka, connect } = createRig({ ingest: answering });
  const { deliver, link } = connect();
  deliver({ payload: payload(0, 'login') });
  const batch = await kafka.next();
  assert.deepEqual(link.written, []);
  await batch.answer();
  assert.deepEqual(link.written, [
    { kind: 'publish', topic: answer.mqttTopic },
    { kind: 'puback', id: 1 },
  ]);
});

test('gives no answer to a frame that Kafka refuses for good, and acknowledges its quarantine', async () => {
  const { kafka, connect, ledger } = createRig({ ingest: answering });
  const { deliver, link } = connect();
  deliver({ payload: payload(0, 'login') });
  await (await kafka.next()).answer({ 0: { code: 'INVALID_RECORD', isRetriable: false } });
  await (await kafka.next()).answer();
  assert.deepEqual(link.written, [{ kind: 'puback', id: 1 }]);
  assert.equal(balance(ledger).quarantined, 1);
});

test('sends no more answers than the broker has room for; their PUBACKs wait with them', async () => {
  const { kafka, connect } = createRig({ ingest: answering });
  const { deliver, link } = connect();
  link.brokerReceiveMaximum = 2;
  for (let i = 0; i < 4; i += 1) deliver({ payload: payload(0, `${i}`) });
  await (await kafka.next()).answer();
  assert.deepEqual(link.ackedIds, [1, 2]);
  link.answer();
  await settled();
  assert.deepEqual(link.ackedIds, [1, 2, 3]);
  link.answer();
  await settled();
  assert.deepEqual(link.ackedIds, [1, 2, 3, 4]);
});

test('drops an answer whose connection is gone instead of sending it on another', async () => {
  const { kafka, connect, counters, ledger } = createRig({ ingest: answering });
  const first = connect();
  first.deliver({ payload: payload(0, 'a') });
  const batch = await kafka.next();
  first.link.lose();
  const second = connect();
  await batch.answer();
  assert.deepEqual([...first.link.written, ...second.link.written], []);
  assert.equal(counters.answersDroppedCount, 1);
  assert.equal(counters.acksDroppedCount, 1, 'and its late PUBACK too');
  assert.equal(balance(ledger).returned, 1);
});

test('stores what it holds of a lost connection: the broker may be gone with its copy', async () => {
  const { kafka, connect } = createRig();
  const { deliver, link } = connect();
  deliver({ payload: payload(0, 'a') });
  deliver({ payload: payload(0, 'b') });
  link.lose();
  await (await kafka.next()).answer();
  assert.equal(kafka.stored.length, 2);
});

test('passes a message at QoS 0 the same way, without an acknowledgement', async () => {
  const { kafka, connect, ledger } = createRig();
  const { deliver, link } = connect();
  deliver({ payload: payload(0, 'a'), qos: 0 });
  deliver({ payload: payload(0, 'b') });
  await (await kafka.next()).answer();
  assert.deepEqual(link.ackedIds, [2]);
  assert.equal(balance(ledger).produced, 2);
});

test('ignores a message that is sent again while it is still here', async () => {
  const { kafka, connect, counters, ledger } = createRig();
  const { deliver, link } = connect();
  deliver({ payload: payload(0, 'a'), messageId: 7 });
  deliver({ payload: payload(0, 'a'), messageId: 7, dup: true });
  await (await kafka.next()).answer();
  assert.deepEqual(link.ackedIds, [7]);
  assert.equal(counters.repeatsCount, 1);
  assert.equal(balance(ledger).received, 1);
});

test('quarantines the message and goes on where ingest throws against its promise', async () => {
  const { kafka, connect, ledger } = createRig({
    ingest: () => {
      throw new TypeError('a fault of ours');
    },
  });
  const { deliver, link } = connect();
  deliver({ payload: payload(0, 'a') });
  await (await kafka.next()).answer();
  assert.match(kafka.storedValues[0] ?? '', /a fault of ours/);
  assert.deepEqual(link.ackedIds, [1]);
  assert.equal(balance(ledger, 'unknown').quarantined, 1);
});

type Step =
  | { readonly kind: 'deliver'; readonly partitions: readonly number[] }
  | { readonly kind: 'store' | 'fail' | 'refuse' | 'lose' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      partitions: fc.array(fc.nat(5), { minLength: 1, maxLength: 30 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('store' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const) }) },
);

test('keeps the ledger balanced and the prefix stored, whatever fails and breaks when', async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
    const rig = createRig({ laneCount: 3, limits: { batchRecords: 10 } });
    let connection = rig.connect();
    let delivered = 0;
    for (const given of steps) {
      if (given.kind === 'deliver') {
        for (const partition of given.partitions) {
          delivered += 1;
          connection.deliver({ payload: payload(partition, `${delivered}`) });
        }
      }
      if (given.kind === 'lose') {
        connection.link.lose();
        connection = rig.connect();
      }
      await settled();
      await rig.kafka.batches.shift()?.answer(faultsOf(given.kind));
      const { missing, received } = balance(rig.ledger);
      assert.equal(missing, 0);
      assert.equal(received, delivered);
      const acked = connection.link.ackedIds;
      assert.deepEqual(
        acked,
        acked.map((_, i) => i + 1),
        'a contiguous prefix',
      );
    }
    rig.kafka.isPrompt = true;
    for (const batch of rig.kafka.batches.splice(0)) await batch.answer();
    await rig.lanes.idle();
    await settled();
    const after = balance(rig.ledger);
    assert.equal(after.inFlight, 0);
    assert.equal(after.missing, 0);
    assert.equal(rig.heldBytes.bytes, 0);
    assert.ok(rig.kafka.stored.length >= delivered, 'everything delivered is stored');
  });
  await fc.assert(property, { seed: 20_261_124, numRuns: 60 });
});

function faultsOf(kind: Step['kind']): Record<number, { code: string; isRetriable: boolean }> {
  if (kind === 'fail') {
    return {
      0: { code: 'NOT_LEADER', isRetriable: true },
      4: { code: 'NETWORK', isRetriable: true },
    };
  }
  if (kind === 'refuse') return { 1: { code: 'INVALID_RECORD', isRetriable: false } };
  return {};
}
