// What a signature covers: from the first time byte up to the marker, and nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame, type FrameInput } from '#shared/frame/gb32960/encode-frame.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import { signatureOf, signedBytes } from '#shared/frame/gb32960/read-signature.ts';

const vin = 'FWTEST00000000001';
const time = deviceTimeOf(Date.UTC(2026, 4, 1, 4, 0, 0));
const signature = { algorithm: 1, r: Uint8Array.of(1, 2, 3), s: Uint8Array.of(4) };
const engine = { kind: 'engine2025', crankshaftSpeed: 900 } as const;
const report = { kind: 'report', time, items: [engine] } as const;

test('covers time and items of a report, not the marker nor what trails', () => {
  for (const trailing of [null, Uint8Array.of(0x82, 0, 0)]) {
    const body = { ...report, signature, trailing };
    const frame = decoded({ command: 0x02, body });
    assert.equal(hex(signedBytes(frame)), '1a05010c0000' + '040384');
    assert.equal(hex(signatureOf(frame.body)?.r), '010203');
  }
});

test('covers time, chip, key and VIN of an activation, which has no marker', () => {
  const chip = { chipId: 'CHIP', publicKey: Uint8Array.of(9), vin, signature };
  const frame = decoded({ command: 0x09, body: { kind: 'activation', time, ...chip } });
  const id = Buffer.from('CHIP'.padEnd(16)).toString('hex');
  const wanted = `1a05010c0000${id}000109${Buffer.from(vin).toString('hex')}`;
  assert.equal(hex(signedBytes(frame)), wanted);
  assert.deepEqual(signatureOf(frame.body)?.algorithm, 1);
});

test('is all of the data unit where nothing is signed', () => {
  const frame = decoded({ command: 0x02, body: report });
  assert.equal(signatureOf(frame.body), null);
  assert.deepEqual(signedBytes(frame), frame.dataUnit);
  const beat = decoded({ command: 0x07, body: { kind: 'heartbeat' } });
  assert.equal(signedBytes(beat).length, 0);
});

test('ends no report of 2016: there 0xFF is a type without layout', () => {
  const remainder = Uint8Array.of(0xff, 1, 0, 0, 0, 0);
  const body = { kind: 'report', time, items: [], remainder } as const;
  const [outcome] = decodeMessage(buildFrame({ command: 0x02, vin, body }));
  assert.equal(outcome?.reason?.code, 'item_unknown');
});

function decoded(input: Omit<FrameInput, 'vin' | 'codec'>): Gb32960Frame {
  const [outcome] = decodeMessage(buildFrame({ codec: 'gb32960-2025', vin, ...input }));
  return outcome?.frame as Gb32960Frame;
}

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex');
}
