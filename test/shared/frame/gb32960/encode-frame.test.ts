// What encoding refuses: the errors of a caller, never of a vehicle.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame, type ItemInput } from '#shared/frame/gb32960/encode-frame.ts';

const vin = 'FWTEST00000000001';
const time = deviceTimeOf(Date.UTC(2026, 4, 1, 4, 0, 0));

test('builds the shortest frame of the standard byte by byte', () => {
  const frame = buildFrame({ command: 0x07, vin: '123456789', body: { kind: 'heartbeat' } });
  assert.equal(frame.toString('hex'), '232307fe3132333435363738390000000000000000010000c9');
});

test('owns its bytes: a second frame does not change the first', () => {
  const first = buildFrame({ command: 0x07, vin, body: { kind: 'heartbeat' } });
  const before = Buffer.from(first);
  buildFrame({ command: 0x08, vin: 'OTHER', body: { kind: 'timeSync' } });
  assert.deepEqual(first, before);
});

test('refuses a number that its field cannot hold', () => {
  assert.throws(() => report({ ...engine, crankshaftSpeed: 65536 }), RangeError);
  assert.throws(() => report({ ...engine, status: -1 }), RangeError);
});

test('refuses a count that differs from its list', () => {
  const fault = { name: 'RangeError', message: 'motors of 2 entries wanted by its count, found 0' };
  assert.throws(() => report({ kind: 'motors', count: 2, motors: [] }), fault);
});

test('refuses a text that does not fit or is not latin1', () => {
  const body = { kind: 'heartbeat' } as const;
  assert.throws(() => buildFrame({ command: 0x07, vin: 'X'.repeat(18), body }), RangeError);
  assert.throws(() => buildFrame({ command: 0x07, vin: '车', body }), RangeError);
});

test('refuses a data unit above 65531 bytes', () => {
  const body = { kind: 'opaque', bytes: new Uint8Array(65532) } as const;
  assert.throws(() => buildFrame({ command: 0xc0, vin, body }), RangeError);
});

test('sends no subsystem codes where their length is 0', () => {
  const body = {
    kind: 'login',
    time,
    loginSeq: 1,
    iccid: '89860000000000000001',
    ressCount: 2,
    ressCodeLength: 0,
    ressCodes: [],
  } as const;
  const frame = buildFrame({ command: 0x01, vin, body });
  assert.equal(frame.length, 25 + 30);
  const [outcome] = decodeMessage(frame);
  assert.partialDeepStrictEqual(outcome?.frame?.body, { ressCount: 2, ressCodes: [] });
});

test('needs neither type nor views of an item', () => {
  const [outcome] = decodeMessage(report(engine));
  assert.partialDeepStrictEqual(outcome?.frame?.body, { items: [{ type: 0x04, ...engine }] });
});

const engine = { kind: 'engine', status: 1, crankshaftSpeed: 900, fuelConsumption: 420 } as const;

function report(...items: readonly ItemInput[]): Buffer {
  return buildFrame({ command: 0x02, vin, body: { kind: 'report', time, items } });
}
