// JT/T 808 from its topic to records and answers: split messages above all, who may speak, batches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lifecycle, Telemetry } from '#shared/avro/types.generated.ts';
import { authCodeOf } from '#shared/frame/jt808/auth-code.ts';
import { decodeMessage } from '#shared/frame/jt808/decode-message.ts';
import { buildParts } from '#shared/frame/jt808/encode-frame.ts';
import type { Ingest, Ingested } from '#shared/ingest/contract.ts';
import { PartAssembly } from '#shared/ingest/part-assembly.ts';
import { recordsMax } from '#shared/ingest/produce.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { basic, frameOf, phone } from '#test/shared/telemetry/jt808-frames.ts';
import { vehicleId } from '#test/shared/telemetry/sample-frames.ts';
import { decodeRecord, messageOf, quarantinedIn, testIngest } from './ingest-bed.ts';

const topic = `v1/up/${vehicleId}/jt808`;
const { part, lifecycle, telemetry, backfill, quarantine, heartbeat } = kafkaTopics;
const bytesMax = 4_000_000;
const limits = { ageMs: 60_000, partsMax: 4096, vehicleBytesMax: 2_000_000, bytesMax };

function replica() {
  return testIngest({ assembly: new PartAssembly(limits), answerRefusals: true });
}

const picture = Buffer.from(Array.from({ length: 3500 }, (_, at) => at & 0xff));
const head = { mediaId: 7, mediaType: 0, format: 0, event: 1, channel: 2 };
const media = { kind: 'media', ...head, location: basic, data: picture, trailing: null };
const mediaParts = buildParts({ messageId: 0x0801, phone, serial: 65_534, body: media as never });

function send(ingest: Ingest, payload: Uint8Array, mqttTopic = topic): Ingested {
  return ingest(messageOf(payload, mqttTopic));
}

function topicsOf({ records }: Ingested): readonly string[] {
  return records.map(({ kafkaTopic }) => kafkaTopic);
}

function lifecycleOf(ingested: Ingested, at: number): Lifecycle {
  const record = decodeRecord(ingested.records[at]!);
  assert.ok(record.schema === 'lifecycle.v1', record.schema);
  return record.value;
}

function answerIds({ answers }: Ingested): readonly number[] {
  return answers.map(({ payload }) => decodeMessage(payload)[0]?.frame?.messageId ?? -1);
}

test('stores and answers each part at once, and with the last one the whole', async () => {
  const ingest = await replica();
  const all = mediaParts.map((frame) => send(ingest, frame));
  assert.deepEqual(all.map(topicsOf), [[part], [part], [part], [part, lifecycle]]);
  all.forEach((ingested, at) => {
    assert.deepEqual([ingested.frameCount, ingested.quarantinedCount], [1, 0]);
    assert.deepEqual(answerIds(ingested), [0x8001]);
    const { event, partTotal, partIndex, body } = lifecycleOf(ingested, 0);
    assert.deepEqual([event, partTotal, partIndex], ['part', mediaParts.length, at + 1]);
    assert.ok(body !== null && body.length > 0);
  });
  const whole = lifecycleOf(all.at(-1)!, 1);
  assert.equal(whole.event, 'media');
  assert.equal(whole.partTotal, null);
  const data = whole.fields.find(({ path }) => path === 'data');
  assert.deepEqual(data?.bytes ?? whole.body, picture);
});

test('makes the same whole in whatever order its parts come, and twice of none', async () => {
  const orders = [
    [3, 2, 1, 0],
    [1, 3, 0, 2],
    [0, 0, 1, 1, 2, 3],
  ];
  const frameIds = new Set<string>();
  for (const order of orders) {
    const ingest = await replica();
    const wholes = order
      .map((at) => send(ingest, mediaParts[at]!))
      .filter(({ records }) => records.length > 1);
    assert.equal(wholes.length, 1);
    frameIds.add(lifecycleOf(wholes[0]!, 1).frameId?.toString('hex') ?? '');
  }
  assert.equal(frameIds.size, 1);
});

test('joins two messages whose parts come between each other, in one payload too', async () => {
  const other = buildParts({ messageId: 0x0801, phone, serial: 10, body: media as never });
  const woven = mediaParts.flatMap((frame, at) => [frame, other[at]!]);
  const ingested = send(await replica(), Buffer.concat(woven));
  assert.equal(ingested.frameCount, 8);
  assert.equal(topicsOf(ingested).filter((each) => each === lifecycle).length, 2);
});

test('two replicas with half of the parts each keep them all and make no whole', async () => {
  const replicas = [await replica(), await replica()];
  const stored = mediaParts.flatMap((frame, at) => topicsOf(send(replicas[at % 2]!, frame)));
  assert.deepEqual(stored, [part, part, part, part]);
});

test('a whole that is refused is one quarantined frame, whose bytes are its parts', async () => {
  const body = { kind: 'opaque', bytes: Buffer.alloc(20) };
  const parts = buildParts({ messageId: 0x0704, phone, serial: 3, body: body as never }, 8);
  const ingest = await replica();
  const all = parts.map((frame) => send(ingest, frame));
  const last = all.at(-1)!;
  assert.deepEqual(topicsOf(last), [part, quarantine]);
  assert.deepEqual([last.frameCount, last.quarantinedCount], [1, 1]);
  const [refused] = quarantinedIn(last.records);
  assert.match(refused?.reason ?? '', /^body_/);
  assert.deepEqual(refused?.payload, Buffer.concat(parts));
  const again = send(await replica(), refused!.payload);
  assert.deepEqual([again.frameCount, again.quarantinedCount], [3, 1]);
});

test('a flood of parts that are never whole leaves no more than the bound', async () => {
  const assembly = new PartAssembly({ ...limits, bytesMax: 200_000, vehicleBytesMax: 50_000 });
  const ingest = await testIngest({ assembly });
  for (let serial = 0; serial < 3000; serial += 1) {
    const packet = { total: 9, index: 1 + (serial % 8) };
    const body = { kind: 'part', bytes: Buffer.alloc(500) };
    const frame = frameOf(0x0801, body, { serial: serial * 16, packet });
    const ingested = send(ingest, frame, `v1/up/car-${serial % 40}/jt808`);
    assert.deepEqual(topicsOf(ingested), [part]);
    assert.ok(assembly.heldBytes <= 200_000);
  }
  assert.equal(assembly.counts.wholeCount, 0);
});

const batchOf = (count: number, dataType: number) => {
  const items = Array.from({ length: count }, () => basic);
  return { kind: 'batch', count, dataType, items, trailing: null };
};

test('a batch is a record for each location, blind-area data in the backfill topic', async () => {
  const ingest = await replica();
  const live = send(ingest, frameOf(0x0704, batchOf(3, 0)));
  assert.deepEqual(topicsOf(live), [telemetry, telemetry, telemetry]);
  assert.equal(live.frameCount, 1);
  const late = send(ingest, frameOf(0x0704, batchOf(3, 1)));
  assert.deepEqual(topicsOf(late), [backfill, backfill, backfill]);
  const single = send(ingest, frameOf(0x0200, basic));
  const idOf = ({ records }: Ingested) => (decodeRecord(records[0]!).value as Telemetry).frameId;
  assert.deepEqual(idOf(late), idOf(single));
});

test('a batch of more locations than a bound allows is refused whole', async () => {
  const body = batchOf(recordsMax + 1, 0);
  const parts = buildParts({ messageId: 0x0704, phone, serial: 0, body: body as never });
  const ingest = await replica();
  const last = parts.map((frame) => send(ingest, frame)).at(-1)!;
  assert.deepEqual(topicsOf(last), [part, quarantine]);
  assert.deepEqual(last.quarantineReasons, ['record_refused']);
});

test('a phone must be a vehicle id that is all digits, and is noted beside any other', async () => {
  const ingest = await replica();
  const beat = frameOf(0x0002, { kind: 'empty', trailing: null });
  assert.deepEqual(topicsOf(send(ingest, beat)), [heartbeat]);
  assert.equal(lifecycleOf(send(ingest, beat), 0).terminalId, phone);
  const own = send(ingest, beat, `v1/up/0${phone}/jt808`);
  assert.deepEqual(topicsOf(own), [heartbeat]);
  const foreign = send(ingest, beat, 'v1/up/13900000002/jt808');
  assert.deepEqual(foreign.quarantineReasons, ['identity_mismatch']);
  const routes = [{ filter: 'cars/+', idLevel: 1, codec: 'jt808', identity: 'record' } as const];
  const kept = send(await testIngest({ routes }), beat, 'cars/13900000002');
  assert.deepEqual(topicsOf(kept), [heartbeat]);
  assert.equal(lifecycleOf(kept, 0).terminalId, phone);
});

test('answers a registration with a code, and an authentication by the policy', async () => {
  const register = {
    ...{ kind: 'register', form: '2013', province: 1, city: 2, manufacturer: 'FW' },
    ...{ model: 'M', terminalId: 'T', plateColor: 1, plate: 'A', trailing: null },
  };
  const any = await testIngest();
  assert.deepEqual(answerIds(send(any, frameOf(0x0100, register))), [0x8100]);
  const own = await testIngest({ jt808Auth: 'own' });
  const resultOf = (ingest: Ingest, authCode: string) => {
    const body = { kind: 'auth', authCode, trailing: null };
    const [answer] = send(ingest, frameOf(0x0102, body)).answers;
    const decoded = decodeMessage(answer!.payload)[0]?.frame?.body;
    return decoded?.kind === 'generalAnswer' ? decoded.result : null;
  };
  assert.deepEqual([resultOf(any, 'x'), resultOf(own, 'x')], [0, 1]);
  assert.equal(resultOf(own, authCodeOf(phone)), 0);
});

test('answers a registration that came in parts, and none of the parts', async () => {
  const register = {
    ...{ kind: 'register', form: '2013', province: 1, city: 2, manufacturer: 'FW' },
    ...{ model: 'M', terminalId: 'T', plateColor: 1, plate: 'A', trailing: null },
  };
  const ingest = await replica();
  const parts = buildParts({ messageId: 0x0100, phone, serial: 3, body: register as never }, 20);
  assert.deepEqual(
    parts.map((frame) => answerIds(send(ingest, frame))),
    [[], [0x8100]],
  );
});

test('answers reports only where that is wanted', async () => {
  const report = frameOf(0x0200, basic);
  assert.deepEqual(answerIds(send(await testIngest(), report)), []);
  const answering = await testIngest({ answerReports: true });
  assert.deepEqual(answerIds(send(answering, report)), [0x8001]);
  for (const [codec, ids] of [
    ['jt808', [0x8001]],
    ['gb32960', []],
  ] as const) {
    const some = await testIngest({ answerReports: [codec] });
    assert.deepEqual(answerIds(send(some, report)), ids, codec);
  }
});
