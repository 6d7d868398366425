// Who may speak for a vehicle.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import { refuseIdentity, terminalIdOf } from '#shared/telemetry/identity.ts';
import type { IdentityPolicy } from '#shared/telemetry/interpretation.ts';

function frameOf(vin: string, command = 0x02): Gb32960Frame {
  return {
    codec: 'gb32960-2016',
    command,
    response: 0xfe,
    vin,
    encryption: 1,
    dataUnit: new Uint8Array(),
    bcc: 0,
    body: { kind: 'opaque', bytes: new Uint8Array() },
  };
}

function refuse(frame: Gb32960Frame, vehicleId: string, identity: IdentityPolicy = 'strict') {
  return refuseIdentity(frame, { vehicleId, identity });
}

test('accepts the identity of the topic, with or without padding and leading zeros', () => {
  for (const vin of ['123456789', '0000123456789', '123456789\0\0', '00123456789\0']) {
    assert.equal(refuse(frameOf(vin), '123456789'), null, vin);
    assert.equal(refuse(frameOf('123456789'), vin), null, vin);
  }
});

test('refuses another identity and names both', () => {
  const reason = refuse(frameOf('LTESTVN0000000002'), 'LTESTVN0000000001');
  assert.equal(reason?.code, 'identity_mismatch');
  assert.equal(reason?.offset, 4);
  assert.match(reason?.detail ?? '', /LTESTVN0000000001.*LTESTVN0000000002/);
});

test('refuses a frame without identity, and one that differs by case or an inner zero', () => {
  for (const vin of ['', 'ltestvn0000000001', 'LTESTVN000000001', 'LTESTVN0000000001 ']) {
    assert.equal(refuse(frameOf(vin), 'LTESTVN0000000001')?.code, 'identity_mismatch');
  }
});

test('compares platform login and logout with nothing and keeps their id', () => {
  for (const command of [0x05, 0x06]) {
    const frame = frameOf('PLATFORM1', command);
    assert.equal(refuse(frame, 'gateway-7'), null);
    assert.equal(terminalIdOf(frame, 'gateway-7'), 'PLATFORM1');
  }
});

test('names the terminal only where its text differs', () => {
  assert.equal(terminalIdOf(frameOf('123456789'), '123456789'), null);
  assert.equal(terminalIdOf(frameOf('0123456789'), '123456789'), '0123456789');
});

test('keeps another identity where the route says so, and notes it', () => {
  const frame = frameOf('LTESTVN0000000002');
  assert.equal(refuse(frame, 'LTESTVN0000000001', 'record'), null);
  assert.equal(terminalIdOf(frame, 'LTESTVN0000000001'), 'LTESTVN0000000002');
});
