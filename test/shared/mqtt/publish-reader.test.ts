// PUBLISH packets read from a stream of bytes, however it is cut.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { generate, type IPublishPacket } from 'mqtt-packet';
import { type Delivery, type NextDelivery, PublishReader } from '#shared/mqtt/publish-reader.ts';

const options = { protocolVersion: 5 } as const;

class Rig {
  readonly deliveries: Delivery[] = [];
  readonly passed: string[] = [];
  readonly faults: string[] = [];
  /** What happened to the socket. */
  readonly pauses: ('pause' | 'resume')[] = [];
  withheld: NextDelivery | null = null;
  isWithholding = false;
  readonly reader = new PublishReader({
    deliver: (delivery, next) => {
      this.deliveries.push(delivery);
      if (this.isWithholding) this.withheld = next;
      else next();
    },
    passOn: (packet) => this.passed.push(packet.toString('hex')),
    pause: () => this.pauses.push('pause'),
    resume: () => this.pauses.push('resume'),
    fail: (reason) => this.faults.push(reason),
  });
}

type Written = Partial<IPublishPacket>;

function publish(packet: Written = {}): Buffer {
  const whole = { qos: 1, dup: false, retain: false, topic: 'a/b', payload: 'x', ...packet };
  const id = whole.qos === 0 ? {} : { messageId: packet.messageId ?? 7 };
  return generate({ cmd: 'publish', ...whole, ...id } as IPublishPacket, options);
}

const pingresp = Buffer.from([0xd0, 0x00]);

const packets = fc.record({
  topic: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  payload: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  qos: fc.constantFrom(0, 1),
  dup: fc.boolean(),
  messageId: fc.integer({ min: 1, max: 65_535 }),
  properties: fc.constantFrom<IPublishPacket['properties'][]>(
    {},
    { payloadFormatIndicator: true, messageExpiryInterval: 60, contentType: 'text/plain' },
    { responseTopic: 'r', correlationData: Buffer.alloc(200), subscriptionIdentifier: 300 },
    { userProperties: { vin: 'x', of: 'y' } },
  ),
});

test('reads every PUBLISH as it was written, wherever the socket cuts its bytes', () => {
  const cuts = fc.array(fc.nat(2000), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(packets, { maxLength: 12 }), cuts, (written, at) => {
      const bytes = Buffer.concat(
        written.flatMap((packet) => [publish(packet as Written), pingresp]),
      );
      const places = [0, ...at.filter((n) => n < bytes.length).sort((a, b) => a - b), bytes.length];
      const rig = new Rig();
      places.slice(1).forEach((end, n) => {
        rig.reader.read(bytes.subarray(places[n], end));
      });
      assert.deepEqual(rig.faults, []);
      assert.deepEqual(
        rig.deliveries.map(({ payload, ...rest }) => ({ ...rest, payload: Buffer.from(payload) })),
        written.map(({ topic, payload, qos, dup, messageId }) => {
          const id = qos === 0 ? {} : { messageId };
          return { topic, qos, dup, ...id, payload };
        }),
      );
      assert.equal(rig.passed.length, written.length);
    }),
    { seed: 20_261_125, numRuns: 300 },
  );
});

test('passes on what is no PUBLISH, whole and in its order', () => {
  const rig = new Rig();
  const suback = Buffer.from([0x90, 4, 0, 1, 0, 1]);
  const bytes = Buffer.concat([suback, publish(), pingresp]);
  rig.reader.read(bytes.subarray(0, 3));
  assert.deepEqual(rig.passed, []);
  rig.reader.read(bytes.subarray(3));
  assert.deepEqual(rig.passed, [suback.toString('hex'), pingresp.toString('hex')]);
  assert.equal(rig.deliveries.length, 1);
});

test('reads nothing behind a delivery that is withheld, and goes on where it stopped', () => {
  const rig = new Rig();
  rig.isWithholding = true;
  const pair = Buffer.concat([publish(), publish(), pingresp]);
  rig.reader.read(pair);
  assert.deepEqual([rig.deliveries.length, rig.pauses], [1, ['pause']]);
  rig.reader.read(publish());
  assert.equal(rig.deliveries.length, 1, 'bytes that were under way wait as well');
  rig.isWithholding = false;
  rig.withheld?.();
  assert.deepEqual([rig.deliveries.length, rig.pauses], [3, ['pause', 'resume']]);
  assert.equal(rig.passed.length, 1);
});

test('a second call of next changes nothing', () => {
  const rig = new Rig();
  rig.isWithholding = true;
  rig.reader.read(Buffer.concat([publish(), publish(), publish()]));
  const first = rig.withheld;
  first?.();
  assert.equal(rig.deliveries.length, 2);
  rig.reader.stop();
  rig.withheld?.();
  assert.equal(rig.deliveries.length, 2, 'nor does one after the end');
});

test('joins a packet of many chunks once', () => {
  const rig = new Rig();
  const payload = Buffer.alloc(3_000_000, 'v');
  const bytes = publish({ payload });
  for (let at = 0; at < bytes.length; at += 65_536) {
    rig.reader.read(bytes.subarray(at, at + 65_536));
  }
  assert.equal(rig.deliveries[0]?.payload.equals(payload), true);
});

test('a payload across chunks keeps nothing alive but its own packet', () => {
  const rig = new Rig();
  const packet = publish({ payload: Buffer.alloc(60_000, 'v') });
  const bytes = Buffer.concat(Array.from({ length: 8 }, () => packet));
  for (let at = 0; at < bytes.length; at += 65_536) {
    // A chunk of its own, as the socket gives it.
    rig.reader.read(Buffer.from(Uint8Array.from(bytes.subarray(at, at + 65_536)).buffer));
  }
  assert.equal(rig.deliveries.length, 8);
  const joined = rig.deliveries.filter(({ payload }) => payload.buffer.byteLength < 65_000);
  assert.ok(joined.length >= 6, 'few lie within one chunk');
  for (const { payload } of joined) assert.ok(payload.buffer.byteLength < packet.length + 100);
});

test('ends at what a broker must not send', () => {
  const cases: readonly (readonly [Buffer, RegExp])[] = [
    [publish({ topic: '', properties: { topicAlias: 3 } }), /topic alias/],
    [publish({ properties: { userProperties: { a: 'b' }, topicAlias: 3 } }), /topic alias/],
    [publish({ qos: 2 }), /QoS 2/],
    [Buffer.from([0x32, 0x80, 0x80, 0x80, 0x80, 0x01]), /remaining length/],
    // Empty topic; topic longer than the packet; properties longer; unknown property; no room.
    [Buffer.from([0x32, 5, 0, 0, 0, 1, 0]), /malformed/],
    [Buffer.from([0x32, 5, 0, 9, 0x61, 0, 1]), /malformed/],
    [Buffer.from([0x32, 7, 0, 1, 0x61, 0, 1, 9, 1]), /malformed/],
    [Buffer.from([0x32, 7, 0, 1, 0x61, 0, 1, 1, 0x7f]), /malformed/],
    [Buffer.from([0x32, 1, 0]), /malformed/],
    [Buffer.from([0x32, 0]), /malformed/],
  ];
  for (const [bytes, wanted] of cases) {
    const rig = new Rig();
    rig.reader.read(Buffer.concat([bytes, publish()]));
    assert.match(rig.faults.join(), wanted);
    assert.equal(rig.deliveries.length, 0, bytes.toString('hex'));
  }
});
