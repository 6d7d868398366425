// No payload costs more than in proportion to its length, neither time nor memory. Payloads here
// are 16 times the limit, so that the bounds can be generous. CPU time, since a busy machine
// stretches the clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/jt808/decode-message.ts';
import { buildFrame, buildParts } from '#shared/frame/jt808/encode-frame.ts';
import { joinParts } from '#shared/frame/jt808/parts.ts';
import { frameOf } from '#test/shared/telemetry/jt808-frames.ts';

const payloadBytes = 1024 * 1024;
const boundMs = 1500;

const raw = (id: number, hex: string, header = {}) =>
  frameOf(id, { kind: 'opaque', bytes: Buffer.from(hex, 'hex') }, header);
const heartbeat = raw(0x0002, '');
const traps = '7d7e'.repeat(511);

const hostile: Readonly<Record<string, Buffer>> = {
  'flags alone': Buffer.alloc(payloadBytes, 0x7e),
  'escapes alone': Buffer.alloc(payloadBytes, 0x7d),
  'flags and escapes in turn': repeated(Buffer.of(0x7e, 0x7d)),
  'no flag': Buffer.alloc(payloadBytes, 0x00),
  'one endless frame': Buffer.concat([Buffer.of(0x7e), Buffer.alloc(payloadBytes, 0x01)]),
  'one endless frame of escapes': Buffer.concat([
    Buffer.of(0x7e),
    Buffer.alloc(payloadBytes, Buffer.of(0x7d, 0x01)),
    Buffer.of(0x7e),
  ]),
  'one byte between flags': repeated(Buffer.of(0x7e, 0x00)),
  'the shortest frames': repeated(heartbeat),
  'good frames with a stray byte between': repeated(Buffer.concat([heartbeat, Buffer.of(0x00)])),
  'frames with one flag between': repeated(heartbeat.subarray(1)),
  'bodies of nothing but what is escaped': repeated(raw(0x0900, traps)),
  'empty extra items': repeated(raw(0x0200, '00'.repeat(28) + 'e100'.repeat(497))),
  'counts of 65535 parts': repeated(raw(0x8003, '0001ffff', { edition: '2019' })),
  'counts of 255 parameters': repeated(raw(0x0104, `0001ff${'0000000100'.repeat(204)}`)),
  'counts of 65535 CAN frames': repeated(raw(0x0705, `ffff0000000000${'00'.repeat(1008)}`)),
  'counts of 65535 locations': repeated(raw(0x0704, `ffff00${'001c'.repeat(500)}`)),
  'counts of 65535 media': repeated(raw(0x0802, `0001ffff${'00'.repeat(1015)}`)),
  'texts that are no GBK': repeated(raw(0x0102, 'ff81fe'.repeat(341))),
};

for (const [name, payload] of Object.entries(hostile)) {
  test(`decodes a payload of ${name} in time that grows with the length`, () => {
    const before = process.cpuUsage();
    const outcomes = decodeMessage(payload);
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1000;
    assert.ok(tookMs < boundMs, `less than ${boundMs} ms wanted, took ${tookMs} ms`);
    // A frame has 15 bytes, so refused stretches cannot be more than every other one.
    assert.ok(outcomes.length <= payload.length / 7, `found ${outcomes.length} outcomes`);
  });
}

test('joins as many parts as there can be, and refuses parts that are none', () => {
  const body = { kind: 'opaque', bytes: Buffer.alloc(1023 * 300, 0x7e) } as const;
  const input = { messageId: 0x0900, phone: '1', serial: 0xfff0, body } as const;
  const parts = buildParts(input);
  assert.equal(parts.length, 300);
  const whole = joinParts(parts);
  assert.equal(whole.kind, 'accept');
  assert.equal(whole.frame?.bodyBytes.length, 1023 * 300);
  assert.equal(whole.frame?.packetTotal, null);
  assert.equal(whole.frame?.serial, 0xfff0);
  const foreign = joinParts([parts[0] as Buffer, buildFrame({ ...input, body: empty })]);
  assert.deepEqual([foreign.kind, foreign.reason?.code], ['reject', 'body_truncated']);
});

const empty = { kind: 'opaque', bytes: new Uint8Array() } as const;

function repeated(part: Buffer): Buffer {
  return Buffer.alloc(payloadBytes, part);
}
