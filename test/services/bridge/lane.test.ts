// One lane against a fake Kafka: order, retries, refusals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ingest } from '#shared/ingest/contract.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { settled } from './fakes.ts';
import { balance, createRig, ingestOf, payload } from './rig.ts';

test('sends one batch at a time and gathers the next meanwhile', async () => {
  const { kafka, connect } = createRig();
  const { deliver } = connect();
  deliver({ payload: payload(0, 'a') });
  const first = await kafka.next();
  for (const text of ['b', 'c', 'd']) deliver({ payload: payload(0, text) });
  await settled();
  assert.equal(kafka.batches.length, 0, 'nothing beside the batch in flight');
  await first.answer();
  const second = await kafka.next();
  assert.deepEqual(textsOf(second.records), ['b', 'c', 'd']);
});

test('cuts batches at their records and at their bytes', async () => {
  const { kafka, connect } = createRig({ limits: { batchRecords: 3, batchBytes: 40 } });
  const { deliver } = connect();
  for (const text of ['a', 'b', 'c', 'd']) deliver({ payload: payload(0, text) });
  const first = await kafka.next();
  assert.deepEqual(textsOf(first.records), ['a', 'b', 'c']);
  deliver({ payload: payload(0, 'e'.repeat(50)) });
  deliver({ payload: payload(0, 'f') });
  await first.answer();
  const second = await kafka.next();
  assert.deepEqual(textsOf(second.records), ['d']);
  await second.answer();
  const third = await kafka.next();
  assert.equal(third.records.length, 1, 'a record beyond the limit travels alone');
  await third.answer();
  assert.deepEqual(textsOf((await kafka.next()).records), ['f']);
});

test('sends a failed partition again before anything newer of it, and keeps the others going', async () => {
  const { kafka, connect } = createRig();
  const { deliver } = connect();
  for (const text of ['a1', 'a2']) deliver({ payload: payload(1, text) });
  deliver({ payload: payload(2, 'b1') });
  const first = await kafka.next();
  deliver({ payload: payload(1, 'a3') });
  await first.answer({ 1: { code: 'NOT_LEADER_OR_FOLLOWER', isRetriable: true } });
  const second = await kafka.next();
  assert.deepEqual(textsOf(second.records), ['a1', 'a2', 'a3']);
  await second.answer();
  assert.deepEqual(kafka.storedValues.map(withoutPartition), ['b1', 'a1', 'a2', 'a3']);
});

test('keeps messages unacknowledged while Kafka fails, says so once and recovers alone', async () => {
  const { kafka, connect, health, logLines, ledger } = createRig();
  const { deliver, link } = connect();
  deliver({ payload: payload(0, 'a') });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const batch = await kafka.next();
    await batch.answer({ 0: { code: 'NETWORK_EXCEPTION', isRetriable: true } });
    assert.deepEqual(link.ackedIds, []);
    assert.match(health.detail ?? '', /NETWORK_EXCEPTION/);
  }
  assert.equal(balance(ledger).inFlight, 1);
  await (await kafka.next()).answer();
  assert.deepEqual(link.ackedIds, [1]);
  assert.equal(health.detail, null);
  assert.deepEqual(
    logLines.map(({ level }) => level),
    ['warn', 'info'],
  );
});

test('observes how long each batch was with Kafka, once, also of those that failed', async () => {
  const { kafka, connect, counters } = createRig();
  const observed: number[] = [];
  counters.observeSend = (ms) => void observed.push(ms);
  const { deliver } = connect();
  deliver({ payload: payload(0, 'a') });
  deliver({ payload: payload(1, 'b') });
  const first = await kafka.next();
  await settled();
  assert.equal(observed.length, 0, 'not before its result');
  await first.answer({ 0: { code: 'NETWORK_EXCEPTION', isRetriable: true } });
  assert.equal(observed.length, 1);
  await (await kafka.next()).answer();
  assert.equal(observed.length, 2);
  assert.ok(observed.every((ms) => ms >= 0));
});

test('takes a partition that the answer leaves out for not stored', async () => {
  const { kafka, connect } = createRig();
  const { deliver, link } = connect();
  deliver({ payload: payload(1, 'a') });
  deliver({ payload: payload(2, 'b') });
  const first = await kafka.next();
  const topic = kafkaTopics.telemetry;
  await first.answerWith([{ kind: 'stored', topic, partition: 2 }]);
  assert.deepEqual(link.ackedIds, []);
  const second = await kafka.next();
  assert.deepEqual(textsOf(second.records), ['a']);
  await second.answer();
  assert.deepEqual(link.ackedIds, [1, 2]);
});

test('finds the one record that Kafka refuses by halving, and quarantines it in its place', async () => {
  const { kafka, connect, ledger } = createRig();
  const { deliver, link } = connect();
  const texts = ['a', 'b', 'c', 'POISON', 'e', 'f', 'g'];
  for (const text of texts) deliver({ payload: payload(0, text) });
  const refusal = { code: 'MESSAGE_TOO_LARGE', isRetriable: false };
  while (kafka.stored.length < texts.length) {
    const batch = await kafka.next();
    const isPoisoned = textsOf(batch.records).includes('POISON');
    if (isPoisoned) await batch.answer({ 0: refusal });
    else await batch.answer();
  }
  const telemetry = kafka.stored.filter(({ topic }) => topic === kafkaTopics.telemetry);
  assert.deepEqual(
    textsOf(telemetry),
    ['a', 'b', 'c', 'e', 'f', 'g'],
    'the others keep their order',
  );
  const [quarantined] = kafka.stored.filter(({ topic }) => topic === kafkaTopics.quarantine);
  assert.match(quarantined?.value.toString() ?? '', /POISON MESSAGE_TOO_LARGE/);
  assert.deepEqual(link.ackedIds, [1, 2, 3, 4, 5, 6, 7]);
  const { received, produced, quarantined: count, missing } = balance(ledger);
  assert.deepEqual(
    { received, produced, count, missing },
    { received: 7, produced: 6, count: 1, missing: 0 },
  );
});

test('holds on while Kafka refuses the bridge itself, and quarantines nothing', async () => {
  const { kafka, connect, health, logLines } = createRig();
  const { deliver, link } = connect();
  deliver({ payload: payload(0, 'a') });
  const denied = { code: 'TOPIC_AUTHORIZATION_FAILED', isRetriable: false };
  for (let attempt = 0; attempt < 3; attempt += 1) await (await kafka.next()).answer({ 0: denied });
  assert.deepEqual(link.ackedIds, []);
  assert.match(health.detail ?? '', /TOPIC_AUTHORIZATION_FAILED/);
  assert.equal(logLines.filter(({ level }) => level === 'error').length, 1);
  const batch = await kafka.next();
  assert.equal(batch.records[0]?.topic, kafkaTopics.telemetry);
  await batch.answer();
  assert.deepEqual(link.ackedIds, [1]);
});

const tooLarge = { code: 'MESSAGE_TOO_LARGE', isRetriable: false };

test('quarantines ever less of a payload until Kafka takes the record', async () => {
  const { kafka, connect } = createRig();
  const { deliver, link } = connect();
  deliver({ payload: payload(0, '1234567') });
  await (await kafka.next()).answer({ 0: tooLarge });
  const kept: string[] = [];
  while (kept.length < 3) {
    const batch = await kafka.next();
    assert.equal(batch.records[0]?.topic, kafkaTopics.quarantine);
    kept.push(textsOf(batch.records)[0] ?? '');
    await batch.answer(kept.length < 3 ? { 0: tooLarge } : {});
  }
  assert.deepEqual(
    kept.map((text) => /^efused \0(\d*) /.exec(text)?.[1]),
    ['1234567', '123', '1'],
  );
  assert.match(kept[2] ?? '', /MESSAGE_TOO_LARGE/);
  assert.deepEqual(link.ackedIds, [1]);
});

test('holds a record of which nothing smaller is left, says so once, and never loses it', async () => {
  const { kafka, connect, health, logLines } = createRig();
  const { deliver, link } = connect();
  deliver({ payload: payload(0, 'a') });
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await (await kafka.next()).answer({ 0: tooLarge });
    assert.deepEqual(link.ackedIds, []);
  }
  assert.match(health.detail ?? '', /MESSAGE_TOO_LARGE/);
  assert.equal(logLines.filter(({ level }) => level === 'error').length, 1);
  await (await kafka.next()).answer();
  assert.deepEqual(link.ackedIds, [1]);
  assert.equal(health.detail, null);
});

test('splits a batch of quarantine records like any other', async () => {
  const { kafka, connect } = createRig({ ingest: quarantining });
  const { deliver, link } = connect();
  for (const text of ['a', 'b', 'c', 'd']) deliver({ payload: payload(0, text) });
  while (link.ackedIds.length < 4) {
    const batch = await kafka.next();
    await batch.answer(batch.records.length > 1 ? { 0: tooLarge } : {});
  }
  assert.deepEqual(textsOf(kafka.stored), ['a', 'b', 'c', 'd'], 'whole, and in order');
});

/** As if every frame were broken. */
const quarantining: Ingest = (message) => {
  const ingested = ingestOf()(message);
  return {
    ...ingested,
    quarantineReasons: ['frame_checksum'],
    records: ingested.records.map((record) => {
      return { ...record, kafkaTopic: kafkaTopics.quarantine };
    }),
  };
};

test('survives a producer that rejects against its promise', async () => {
  const { kafka, connect } = createRig();
  const { deliver, link } = connect();
  const produce = kafka.produce.bind(kafka);
  kafka.produce = () => Promise.reject(new Error('broken'));
  deliver({ payload: payload(0, 'a') });
  await settled();
  kafka.produce = produce;
  await (await kafka.next()).answer();
  assert.deepEqual(link.ackedIds, [1]);
});

function textsOf(records: readonly { value: Buffer }[]): string[] {
  return records.map(({ value }) => withoutPartition(value.toString()));
}

function withoutPartition(text: string): string {
  return text.slice(1);
}
