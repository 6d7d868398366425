// Guarantee: any bytes are survivable. Whatever arrives on whatever topic ends as records: decoded,
// decoded in part, or in quarantine with every byte; and the bridge lives on.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createRandom, type Random } from '#loadtest/fleet/random.ts';
import { vinOf } from '#loadtest/fleet/vin.ts';
import type { Quarantined } from '#shared/avro/types.generated.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame } from '#shared/frame/gb32960/encode-frame.ts';
import { openPublisher } from '#shared/mqtt/publisher.ts';
import { linkSettingsOf } from '#shared/mqtt/settings.ts';
import { startBridge } from './bridge-process.ts';
import { eventually } from './eventually.ts';
import { openGround, type Stored } from './ground.ts';
import { watchLedgers } from './ledger-watch.ts';
import { sharedStack } from './stack-under-test.ts';

const ground = await openGround(await sharedStack());

const random = createRandom(20_26);
const mebibyte = 1024 * 1024;

interface Shot {
  readonly topic: string;
  readonly payload: Buffer;
}

function vinAt(index: number): string {
  return vinOf('ANYBY', index);
}

function report(vin: string): Buffer {
  const time = deviceTimeOf(Date.now());
  const fix = { status: 0, longitude: 121_000_000, latitude: 31_000_000 };
  return buildFrame({
    command: 0x02,
    vin,
    body: { kind: 'report', time, items: [{ kind: 'position', ...fix }] },
  });
}

function heartbeat(vin: string): Buffer {
  return buildFrame({ command: 0x07, vin, body: { kind: 'heartbeat' } });
}

/** What is made of good frames of one vehicle. */
const mutations: readonly ((good: Buffer, random: Random) => Buffer)[] = [
  (good) => good,
  (good, { integer }) => good.subarray(0, integer(0, good.length - 1)),
  (good, { integer }) => good.subarray(integer(1, good.length - 1)),
  (good, { integer, bytes }) => {
    const broken = Buffer.from(good);
    for (let left = integer(1, 5); left > 0; left -= 1) {
      broken.set(bytes(1), integer(0, broken.length - 1));
    }
    return broken;
  },
  (good, { bytes, integer }) =>
    Buffer.concat([bytes(integer(1, 40)), good, bytes(integer(0, 9)), good]),
  (good) => Buffer.concat([Buffer.from('$$'), good.subarray(2)]),
  (good) => Buffer.concat([good, good.subarray(0, 30), good]),
  (_good, { bytes, integer }) => bytes(integer(1, 600)),
  (_good, { bytes, integer }) => Buffer.concat([Buffer.from('##'), bytes(integer(0, 90))]),
  () => Buffer.alloc(0),
  () => Buffer.alloc(3_000, '##'),
];

function shots(): readonly Shot[] {
  const many = Array.from({ length: 300 }, (_, index) => {
    const vin = vinAt(index);
    const good = random.chance(0.5) ? report(vin) : heartbeat(vin);
    const mutate = mutations[index % mutations.length] as (typeof mutations)[number];
    return { topic: `v1/up/${vin}/gb32960`, payload: mutate(good, random) };
  });
  return [...many, ...largeShots(), ...strangeTopics()];
}

function largeShots(): readonly Shot[] {
  const sizes = [65_535, 65_536, 65_537, 200_000, mebibyte, mebibyte + 1];
  const large = sizes.map((size, index) => ({
    topic: `v1/up/${vinAt(1000 + index)}/gb32960`,
    payload: Buffer.alloc(size, random.bytes(997)),
  }));
  const vin = vinAt(1100);
  const reports = Buffer.concat(Array.from({ length: 500 }, () => report(vin)));
  return [...large, { topic: `v1/up/${vin}/gb32960`, payload: reports }];
}

/** None of them is a car's; each is another one. No backslash: Artemis doubles it on the way. */
function strangeTopics(): readonly Shot[] {
  const ids = [
    '',
    ' ',
    'a',
    '车',
    'a b',
    '..',

    '"',
    '\u{1f697}',
    '%2f',
    '*',
    'null',
    'x'.repeat(200),
  ];
  const ups = ids.map((id) => `v1/up/${id}/gb32960`);
  const under = [
    'odd/a',
    'odd/b/',
    'odd/c/d/e/f/g',
    'odd//x',
    'odd/e/gb32960',
    'odd/$SYS/x',
    'odd/f/…',
  ];
  return [...ups, ...under].map((topic) => ({
    topic,
    payload: random.bytes(random.integer(0, 80)),
  }));
}

const routes = [
  { filter: 'v1/up/+/gb32960', idLevel: 2, codec: 'gb32960' },
  { filter: 'odd/+/#', idLevel: 1, codec: 'gb32960' },
];

test('any bytes on any topic of a route end as records that hold all of them', async (t) => {
  const bridge = await startBridge(t, ground.addresses, {
    BRIDGE_NAME: 'survives',
    BRIDGE_ROUTES: JSON.stringify(routes),
  });
  await bridge.whenReady();
  const mark = await ground.mark();
  const watch = watchLedgers(t, [bridge]);
  const link = { ...linkSettingsOf(ground.config), clientId: 'any-bytes' };
  const publisher = await openPublisher({ link });
  t.after(() => publisher.close());

  const all = shots();
  // Nobody subscribes to another codec's level: no record may come of it.
  await publisher.publish(`v1/up/${vinAt(2000)}/gb99999`, Buffer.of(0x7e, 0x7e));
  for (const { topic, payload } of all)
    assert.equal(await publisher.publish(topic, payload), 0, topic);
  const accounts = await eventually('every payload is accounted for', async () => {
    const accounts = accountsOf(await ground.storedSince(mark));
    for (const shot of all) assertWhole(shot, accounts.get(shot.topic) ?? []);
    return accounts;
  });
  assert.deepEqual([...accounts.keys()].sort(), all.map(({ topic }) => topic).sort());

  assert.deepEqual(
    bridge.log.filter(({ level }) => level !== 'info'),
    [],
  );
  const { received } = await watch.scrape(bridge);
  const recordCount = [...accounts.values()].reduce((sum, { length }) => sum + length, 0);
  assert.equal(recordCount, received, 'a record for each frame');
  await bridge.stop();
  await watch.stop();
  assert.deepEqual(watch.conservation.breaches.examples, []);
});

/** Records by the topic that their bytes came from, in the order of the bytes. */
function accountsOf(stored: readonly Stored[]): Map<string, Stored[]> {
  const inOrder = [...stored].sort((a, b) => sequenceOf(a) - sequenceOf(b));
  return Map.groupBy(inOrder, ({ decoded: { kind, value } }) => {
    if (kind === 'quarantine.v1') return value.source.mqttTopic ?? '';
    return `v1/up/${value.vehicleId}/gb32960`;
  });
}

function sequenceOf({ decoded }: Stored): number {
  return decoded.value.origin.sequence;
}

/**
 * Walks through the payload record by record: none of its bytes is missing, none is there twice.
 */
function assertWhole({ topic, payload }: Shot, stored: readonly Stored[]): void {
  const place = `${topic} ${payload.toString('hex', 0, 700)}`;
  let at = 0;
  for (const { decoded } of stored) {
    const length =
      decoded.kind === 'quarantine.v1' ? decoded.value.payloadLength : frameSize(payload, at);
    const bytes = payload.subarray(at, at + length);
    assert.equal(bytes.length, length, `${place}: ${length} bytes from ${at} on`);
    if (decoded.kind === 'quarantine.v1') assertKept(decoded.value, bytes, place);
    at += length;
  }
  assert.ok(stored.length > 0, `${place}: no record`);
  assert.equal(at, payload.length, `${place}: accounted for up to byte ${at}`);
}

/** Table 2: start, command, flag, VIN, encryption, length at byte 22, data unit, check byte. */
function frameSize(payload: Buffer, at: number): number {
  // The start bytes of both editions.
  assert.match(payload.toString('latin1', at, at + 2), /^(##|\$\$)$/, `a frame at byte ${at}`);
  return 24 + payload.readUInt16BE(at + 22) + 1;
}

function assertKept({ payload, payloadSha256 }: Quarantined, bytes: Buffer, place: string): void {
  const kept = bytes.subarray(0, mebibyte);
  assert.ok(kept.equals(payload), `${place}: found ${payload.toString('hex', 0, 700)}`);
  const hash = bytes.length > mebibyte ? createHash('sha256').update(bytes).digest('hex') : null;
  assert.equal(payloadSha256?.toString('hex') ?? null, hash);
}
