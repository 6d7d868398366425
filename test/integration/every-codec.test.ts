// One bridge reads all codecs: each frame goes to its topics, the ledger holds for each codec, and
// no car hears an answer before Kafka has the records.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ledgerLinesOf } from '#loadtest/ledger/conservation.ts';
import { decodeMessage as decodeGb32960 } from '#shared/frame/gb32960/decode-message.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame } from '#shared/frame/gb32960/encode-frame.ts';
import { buildGatewayMessage } from '#shared/frame/gb32960-gateway/encode-message.ts';
import { buildEnvelope } from '#shared/frame/json/encode-envelope.ts';
import { deviceTimeOf as bcdTimeOf } from '#shared/frame/jt808/bcd.ts';
import { decodeMessage as decodeJt808 } from '#shared/frame/jt808/decode-message.ts';
import { buildFrame as buildJt808, buildParts } from '#shared/frame/jt808/encode-frame.ts';
import { buildGatewayMessage as buildJt808Gateway } from '#shared/frame/jt808-gateway/encode-message.ts';
import { buildEvent } from '#shared/frame/presence/encode-event.ts';
import { openPublisher } from '#shared/mqtt/publisher.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import { type Codec, codecs, kafkaTopics } from '#shared/topics.ts';
import { startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openGround, type Stored } from './ground.ts';
import { freezeKafka, stackWithOwn, thawKafka } from './own-parts.ts';

const stack = await stackWithOwn('kafka');
const ground = await openGround(stack);

const vin = 'FWREV1A0XT1000001';
const phone = '13900000001';
const now = Date.now();
const time = deviceTimeOf(now);
const { telemetry, backfill, lifecycle, heartbeat, part, quarantine } = kafkaTopics;

interface Sent {
  readonly codec: Codec;
  readonly payload: Buffer;
  /** Its records, in order. */
  readonly topics: readonly string[];
  readonly isAnswered: boolean;
}

const location = {
  ...{ kind: 'location', alarm: 0, status: 3, latitude: 31_230_416, longitude: 121_473_701 },
  ...{ altitude: 12, speed: 723, direction: 90, time: bcdTimeOf(now) },
};

function jt808Frame(messageId: number, serial: number, body: object): Buffer {
  return buildJt808({ messageId, phone, serial, body: body as never });
}

function gb2025(command: number, body: object): Buffer {
  return buildFrame({ codec: 'gb32960-2025', command, vin, body: body as never });
}

const report = { kind: 'report', time, items: [] } as const;
const beat = { kind: 'empty', trailing: null };
const batch = { kind: 'batch', count: 2, dataType: 1, items: [location, location], trailing: null };
const media = {
  ...{ kind: 'media', mediaId: 7, mediaType: 0, format: 0, event: 1, channel: 2 },
  ...{ location, data: Buffer.alloc(2000, 0x7e), trailing: null },
};
const parts = buildParts({ messageId: 0x0801, phone, serial: 20, body: media as never });

function sent(codec: Codec, payload: Buffer, ...topics: readonly string[]) {
  return { codec, payload, topics, isAnswered: false };
}

const answered = (one: Sent): Sent => ({ ...one, isAnswered: true });
const frameIn = (payload: Buffer) => decodeGb32960(payload)[0]!.frame!;

const all: readonly Sent[] = [
  sent('gb32960', buildFrame({ command: 0x02, vin, body: report }), telemetry),
  answered(sent('gb32960', gb2025(0x07, { kind: 'heartbeat' }), heartbeat)),
  sent('gb32960', gb2025(0x03, report), backfill),
  answered(sent('jt808', jt808Frame(0x0002, 1, beat), heartbeat)),
  sent('jt808', jt808Frame(0x0200, 2, location), telemetry),
  sent('jt808', jt808Frame(0x0704, 3, batch), backfill, backfill),
  ...parts.map((frame, at) => {
    return answered(sent('jt808', frame, part, ...(at === parts.length - 1 ? [lifecycle] : [])));
  }),
  answered(
    sent('json', buildEnvelope({ id: 'a1', ts: now, vehicle: { speedKmh: 50 } }), telemetry),
  ),
  sent('json', Buffer.from('{"v":1,'), quarantine),
  sent('gb32960-gateway', buildGatewayMessage(frameIn(gb2025(0x02, report))), telemetry),
  sent(
    'jt808-gateway',
    buildJt808Gateway(decodeJt808(jt808Frame(0x0200, 9, location))[0]!.frame!),
    telemetry,
  ),
  sent('presence', buildEvent({ event: 'connected', clientId: vin, at: now }), lifecycle),
];

async function connectVehicle(t: TestContext) {
  const heard: { readonly topic: string; readonly at: number }[] = [];
  const vehicle = await openPublisher({
    link: { ...linkSettingsOf(ground.config), clientId: vin },
    onMessage: (topic) => heard.push({ topic, at: Date.now() }),
  });
  t.after(() => vehicle.close());
  await vehicle.subscribe(`v1/dn/${vin}/#`);
  return { heard, vehicle };
}

function frameCounts(): Record<string, number> {
  return Object.fromEntries(
    codecs.map((codec) => [codec, all.filter((each) => each.codec === codec).length]),
  );
}

/** By codec of the record, which says edition and way: the first word of a topic codec. */
function topicsStored(stored: readonly Stored[]): readonly string[] {
  return stored.map(({ record }) => record.topic).sort();
}

test('all codecs reach their topics through one bridge, and answers wait for Kafka', async (t) => {
  const bridge = await startBridge(t, ground.addresses, { BRIDGE_NAME: 'all-codecs' });
  const { heard, vehicle } = await connectVehicle(t);
  await bridge.whenReady();
  const mark = await ground.mark();
  freezeKafka(stack);
  t.after(() => thawKafka(stack));

  for (const { codec, payload } of all) {
    assert.equal(await vehicle.publish(`v1/up/${vin}/${codec}`, payload), 0);
  }
  await eventually('every frame is in flight, each under its codec', async () => {
    const lines = ledgerLinesOf((await bridge.metrics()).text);
    const inFlight = Object.fromEntries(codecs.map((each) => [each, lines.get(each)?.inFlight]));
    assert.deepEqual(inFlight, frameCounts());
  });
  assert.deepEqual(heard, []);
  thawKafka(stack);

  const wanted = all.filter(({ isAnswered }) => isAnswered);
  // Each part has an answer of its own, so the whole needs none.
  await eventually('the answers', () => assert.equal(heard.length, wanted.length));
  const stored = await ground.storedSince(mark);
  assert.deepEqual(topicsStored(stored), all.flatMap(({ topics }) => topics).sort());
  const firstStored = Math.min(...stored.map(({ record }) => record.timestamp));
  assert.ok(heard.every(({ at }) => at >= firstStored));
  const answerTopics = [...new Set(heard.map(({ topic }) => topic))].sort();
  assert.deepEqual(
    answerTopics,
    ['gb32960', 'json', 'jt808'].map((each) => `v1/dn/${vin}/${each}`),
  );

  const lines = ledgerLinesOf((await bridge.metrics()).text);
  for (const codec of codecs) {
    const { received, produced, quarantined } = lines.get(codec)!;
    const refused = codec === 'json' ? 1 : 0;
    assert.deepEqual([received, quarantined], [frameCounts()[codec], refused], codec);
    assert.equal(produced, received - refused);
  }
  const metrics = await bridge.metrics();
  assert.equal(metrics.sum('wholes_made_total'), 1);
  assert.equal(metrics.sum('parts_held'), 0);
  await bridge.stop();
});
