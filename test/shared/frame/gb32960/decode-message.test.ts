// How a payload is split into frames, and what each refusal is called.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame, type FrameInput } from '#shared/frame/gb32960/encode-frame.ts';

const vin = 'FWTEST00000000001';
const time = deviceTimeOf(Date.UTC(2026, 4, 1, 4, 0, 0));

test('accepts a frame and hands out the very payload as its bytes', () => {
  const payload = heartbeat();
  const [outcome] = decodeMessage(payload);
  assert.equal(outcome?.kind, 'accept');
  assert.equal(outcome?.bytes, payload);
  assert.equal(outcome?.frame?.vin, vin);
});

test('calls an empty payload one refused frame', () => {
  assert.deepEqual(summary(Buffer.alloc(0)), ['reject frame_empty @0 0']);
});

test('splits a message that holds several frames', () => {
  const payload = Buffer.concat([heartbeat(), report(), heartbeat()]);
  assert.deepEqual(summary(payload), ['accept 25', 'accept 37', 'accept 25']);
});

test('refuses a broken frame alone and keeps its neighbours', () => {
  const payload = Buffer.concat([heartbeat(), broken(report()), heartbeat()]);
  assert.deepEqual(summary(payload), ['accept 25', 'reject frame_checksum @36 37', 'accept 25']);
});

test('refuses bytes before, between and after frames as stretches of their own', () => {
  const noise = Buffer.from('00ff23', 'hex');
  const payload = Buffer.concat([noise, heartbeat(), noise, heartbeat(), noise]);
  assert.deepEqual(summary(payload), [
    'reject frame_start @0 3',
    'accept 25',
    'reject frame_start @0 3',
    'accept 25',
    'reject frame_start @0 3',
  ]);
});

test('finds the frame behind one that was cut off', () => {
  const payload = Buffer.concat([report().subarray(0, 30), heartbeat(), heartbeat()]);
  assert.deepEqual(summary(payload), ['reject frame_checksum @30 30', 'accept 25', 'accept 25']);
});

test('refuses a frame cut off at the end, also inside its header', () => {
  const cut = Buffer.concat([heartbeat(), report().subarray(0, 30)]);
  assert.deepEqual(summary(cut), ['accept 25', 'reject frame_truncated @30 30']);
  assert.deepEqual(summary(report().subarray(0, 24)), ['reject frame_truncated @24 24']);
});

test('refuses a data unit longer than the standard allows', () => {
  const payload = Buffer.alloc(25 + 65532);
  payload.write('2323', 'hex');
  payload.writeUInt16BE(65532, 22);
  assert.deepEqual(summary(payload), ['reject frame_length @22 65557']);
});

test('accepts a data unit of 65531 bytes', () => {
  const data = Buffer.alloc(65531 - 6 - 3);
  const items = [{ kind: 'custom', type: 0x80, data }] as const;
  const payload = build({ command: 0x02, body: { kind: 'report', time, items } });
  assert.deepEqual(summary(payload), ['accept 65556']);
});

test('reads each frame by the edition of its own start bytes', () => {
  const other = Buffer.from(heartbeat()).fill(0x24, 0, 2);
  const outcomes = decodeMessage(Buffer.concat([other, heartbeat(), other]));
  assert.deepEqual(
    outcomes.map(({ frame }) => frame?.codec),
    ['gb32960-2025', 'gb32960-2016', 'gb32960-2025'],
  );
});

test('knows no start of two halves', () => {
  const mixed = Buffer.from(heartbeat()).fill(0x24, 1, 2);
  assert.deepEqual(summary(mixed), ['reject frame_start @0 25']);
});

test('says what was wanted and what was found', () => {
  const [start] = decodeMessage(Buffer.from('2324', 'hex'));
  assert.equal(start?.reason?.detail, 'start 23 23 or 24 24 wanted, found 23 24');
  const [checksum] = decodeMessage(broken(heartbeat()));
  assert.match(checksum?.reason?.detail ?? '', /^check byte 0x[0-9A-F]{2} wanted, found 0x/u);
});

test('keeps an encrypted data unit as bytes, even if it looks like clear text', () => {
  const body = { kind: 'opaque', bytes: report().subarray(24, -1) } as const;
  for (const encryption of [0x00, 0x02, 0x03, 0x05, 0xfe, 0xff]) {
    const payload = build({ command: 0x02, encryption, body });
    assert.deepEqual(summary(payload), ['opaque encrypted @21 37']);
  }
});

test('never reads an answer as telemetry', () => {
  const payload = build({ command: 0x02, response: 0x01, body: realtime() });
  const [outcome] = decodeMessage(payload);
  assert.equal(outcome?.kind, 'answer');
  assert.equal(outcome?.frame?.body.kind, 'answer');
});

test('reads an empty answer, one with a time, and one with a stub of a time', () => {
  const stub = Buffer.from('1a0501', 'hex');
  const bodies = [
    { kind: 'answer', time: null, rest: null },
    { kind: 'answer', time: null, rest: stub },
    { kind: 'answer', time, rest: null },
    { kind: 'answer', time, rest: stub },
  ] as const;
  for (const body of bodies) {
    const [outcome] = decodeMessage(build({ command: 0x01, response: 0x01, body }));
    assert.equal(outcome?.kind, 'answer');
    assert.partialDeepStrictEqual(outcome?.frame?.body, {
      kind: 'answer',
      time: body.time === null ? null : { epochMs: time.epochMs },
    });
  }
});

test('keeps commands without a layout as bytes', () => {
  for (const command of [0x00, 0x09, 0x7f, 0x83, 0xc0, 0xff]) {
    const payload = build({ command, body: { kind: 'opaque', bytes: Buffer.from([1, 2]) } });
    assert.deepEqual(summary(payload), ['opaque command_unknown @2 27']);
  }
});

test('refuses a body shorter than its layout', () => {
  for (const [command, size] of [
    [0x01, 29],
    [0x02, 5],
    [0x03, 0],
    [0x04, 7],
    [0x05, 40],
    [0x06, 7],
  ] as const) {
    const body = { kind: 'opaque', bytes: Buffer.alloc(size) } as const;
    const [outcome] = decodeMessage(build({ command, body }));
    assert.equal(outcome?.kind, 'reject');
    assert.equal(outcome?.reason?.code, 'body_truncated');
    assert.match(outcome?.reason?.detail ?? '', new RegExp(`wanted, found ${size}$`, 'u'));
  }
});

test('keeps the items before one without layout, and the rest from its type byte on', () => {
  const remainder = Buffer.from('0a0102030405', 'hex');
  const payload = build({ command: 0x02, body: { ...realtime(), remainder } });
  const [outcome] = decodeMessage(payload);
  assert.deepEqual(summary(payload), ['partial item_unknown @36 43']);
  assert.partialDeepStrictEqual(outcome?.frame?.body, { items: [{ kind: 'engine' }], remainder });
});

test('treats 0x00 and 0xFF as types without layout', () => {
  for (const type of [0x00, 0xff]) {
    const remainder = Buffer.from([type]);
    const payload = build({ command: 0x02, body: { ...realtime(), remainder } });
    assert.deepEqual(summary(payload), ['partial item_unknown @36 38']);
  }
});

test('keeps the items before one that is cut short, and reports none of the broken one', () => {
  for (const [hex, wanted] of [
    ['01', 20],
    [`02${'03'.repeat(36)}`, 37],
    ['03ffff', 18],
    [`07${'00'.repeat(5)}02`, 17],
    [`0801${'00'.repeat(9)}02ffff`, 15],
    ['0902010001', 8],
    ['80000401', 6],
    ['8000', 2],
  ] as const) {
    const remainder = Buffer.from(hex, 'hex');
    const payload = build({ command: 0x02, body: { ...realtime(), remainder } });
    const [outcome] = decodeMessage(payload);
    assert.equal(outcome?.reason?.code, 'item_truncated', hex);
    assert.ok(outcome?.reason?.detail.includes(`wants at least ${wanted} bytes`), hex);
    assert.partialDeepStrictEqual(outcome?.frame?.body, { items: [{ kind: 'engine' }] });
  }
});

test('takes a count that is a sentinel for zero entries', () => {
  const voltages = `080100${'00'.repeat(8)}fe`;
  const items = ['02ff', '02fe', '08ff', '09fe', '090101ffff', '090101fffe', voltages];
  const remainder = Buffer.from(items.join(''), 'hex');
  const payload = build({ command: 0x02, body: { kind: 'report', time, items: [], remainder } });
  const [outcome] = decodeMessage(payload);
  assert.equal(outcome?.kind, 'accept');
  assert.ok(outcome?.frame?.body.kind === 'report');
  assert.equal(outcome.frame.body.items.length, items.length);
});

test('keeps an impossible time as bytes and lets the frame stand', () => {
  for (const hex of ['640101000000', '1a0d01000000', '1a0100000000', '1a0120000000']) {
    const raw = Buffer.from(hex, 'hex');
    const body = { kind: 'logout', time: { raw, epochMs: null }, seq: 1 } as const;
    const [outcome] = decodeMessage(build({ command: 0x04, body }));
    assert.equal(outcome?.kind, 'accept');
    assert.partialDeepStrictEqual(outcome?.frame?.body, { time: { raw, epochMs: null } });
  }
});

test('reports bytes after a fixed body as trailing', () => {
  const trailing = Buffer.from('abcd', 'hex');
  const body = { kind: 'logout', time, seq: 7, trailing } as const;
  const [outcome] = decodeMessage(build({ command: 0x04, body }));
  assert.equal(outcome?.kind, 'accept');
  assert.partialDeepStrictEqual(outcome?.frame?.body, { seq: 7, trailing });
});

test('reads a plain Uint8Array that begins inside its buffer', () => {
  const padded = Uint8Array.from(Buffer.concat([Buffer.alloc(3), report(), Buffer.alloc(3)]));
  const [outcome] = decodeMessage(padded.subarray(3, -3));
  assert.equal(outcome?.kind, 'accept');
  assert.partialDeepStrictEqual(outcome?.frame?.body, { items: [{ crankshaftSpeed: 900 }] });
});

/** Kind, code, offset and number of bytes of each outcome. */
function summary(payload: Uint8Array): readonly string[] {
  return decodeMessage(payload).map(({ kind, reason, bytes }) =>
    [kind, reason === null ? '' : `${reason.code} @${reason.offset}`, bytes.length]
      .filter((part) => part !== '')
      .join(' '),
  );
}

function build(input: Omit<FrameInput, 'vin'>): Buffer {
  return buildFrame({ vin, ...input });
}

function heartbeat(): Buffer {
  return build({ command: 0x07, body: { kind: 'heartbeat' } });
}

function report(): Buffer {
  return build({ command: 0x02, body: realtime() });
}

function realtime() {
  const engine = { kind: 'engine', status: 1, crankshaftSpeed: 900, fuelConsumption: 420 } as const;
  return { kind: 'report', time, items: [engine] } as const;
}

function broken(frame: Buffer): Buffer {
  frame[frame.length - 1] = (frame.at(-1) as number) ^ 0x01;
  return frame;
}
