// Frames written out in hex, check bytes and lengths computed here, and what becomes of them: no
// encoder of ours has a hand in it.

import assert from 'node:assert/strict';
import type { Lifecycle, Telemetry } from '#shared/avro/types.generated.ts';
import { decodeMessage as decodeGb } from '#shared/frame/gb32960/decode-message.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import { decodeMessage as decodeJt } from '#shared/frame/jt808/decode-message.ts';
import type { Outcome } from '#shared/frame/outcome.ts';
import { interpret as interpretGb } from '#shared/telemetry/gb32960.ts';
import type { Interpretation, Interpreted } from '#shared/telemetry/interpretation.ts';
import { interpret as interpretJt } from '#shared/telemetry/jt808.ts';
import { contextOf } from '#test/shared/telemetry/sample-frames.ts';

const vin = 'LTESTVN0000000001';
const phone = '013900000001';
/** 2026-06-15 11:59:59 in Beijing: binary, and as BCD. */
export const time = '1a060f0b3b3b';
const bcdTime = '260615115959';

interface Header {
  readonly response?: string;
  readonly encryption?: string;
}

export function gb(start: string, command: string, unit: string, header: Header = {}): Buffer {
  const { response = 'fe', encryption = '01' } = header;
  const data = bytesOf(unit);
  const length = data.length.toString(16).padStart(4, '0');
  const checked = Buffer.concat([
    bytesOf(`${command} ${response}`),
    Buffer.from(vin),
    bytesOf(`${encryption} ${length}`),
    data,
  ]);
  const check = checked.reduce((sum, byte) => sum ^ byte, 0);
  return Buffer.concat([bytesOf(start), checked, Buffer.of(check)]);
}

export function outcomeOf(payload: Buffer): Outcome<Gb32960Frame> {
  const [outcome, ...more] = decodeGb(payload);
  assert.ok(outcome !== undefined && more.length === 0, 'one frame');
  return outcome;
}

type BodyOf<K> = Extract<Gb32960Frame['body'], { readonly kind: K }>;

export function bodyOf<K extends 'report' | 'answer'>(outcome: Outcome<Gb32960Frame>, kind: K) {
  assert.equal(outcome.frame?.body.kind, kind);
  return outcome.frame?.body as BodyOf<K>;
}

export function interpretedGb({ frame, reason }: Outcome<Gb32960Frame>): Interpretation {
  assert.ok(frame !== null);
  return firstOf(interpretGb(frame, reason, contextOf({ vehicleId: vin })));
}

function telemetry(interpretation: Interpretation): Telemetry {
  assert.ok(interpretation.kind === 'telemetry', JSON.stringify(interpretation));
  return interpretation.value;
}

export function report2016(items: string): Telemetry {
  return telemetry(interpretedGb(outcomeOf(gb('2323', '02', `${time} ${items}`))));
}

export function lifecycleOf(payload: Buffer): Lifecycle {
  const interpretation = interpretedGb(outcomeOf(payload));
  assert.ok(interpretation.kind === 'lifecycle', JSON.stringify(interpretation));
  return interpretation.value;
}

/** Header and body of 2013, without check byte and escapes. */
export function jtContent(id: string, body: string, serial: string): Buffer {
  const bytes = bytesOf(body);
  const properties = bytes.length.toString(16).padStart(4, '0');
  return Buffer.concat([bytesOf(`${id} ${properties} ${phone} ${serial}`), bytes]);
}

export function jt(id: string, body: string): Buffer {
  const content = jtContent(id, body, '0001');
  const check = content.reduce((sum, byte) => sum ^ byte, 0);
  const hex = Buffer.concat([content, Buffer.of(check)])
    .toString('hex')
    .replaceAll(/../g, (byte) => ({ '7d': '7d01', '7e': '7d02' })[byte] ?? byte);
  return bytesOf(`7e ${hex} 7e`);
}

function interpretedJt(payload: Buffer): Interpretation {
  const [outcome, ...more] = decodeJt(payload);
  assert.ok(outcome !== undefined && outcome.frame !== null && more.length === 0, 'one good frame');
  return firstOf(interpretJt(outcome.frame, outcome.reason, contextOf({ vehicleId: phone })));
}

interface Place {
  readonly status?: string;
  readonly latitude?: string;
  readonly longitude?: string;
  readonly extras?: string;
}

export function location(place: Place): Telemetry {
  const { status = '00000002', latitude = '02112cc0', longitude = '037a6580', extras = '' } = place;
  const basic = `00000000 ${status} ${latitude} ${longitude} 0010 0258 005a ${bcdTime}`;
  return telemetry(interpretedJt(jt('0200', `${basic} ${extras}`)));
}

export function jtLifecycle(id: string, body: string): Lifecycle {
  const interpretation = interpretedJt(jt(id, body));
  assert.ok(interpretation.kind === 'lifecycle', JSON.stringify(interpretation));
  return interpretation.value;
}

function firstOf(interpreted: Interpreted): Interpretation {
  if (!(Symbol.iterator in interpreted)) return interpreted;
  const [first] = interpreted;
  assert.ok(first !== undefined);
  return first;
}

export function hexOf(bytes: Uint8Array | null | undefined): string | null {
  return bytes === null || bytes === undefined ? null : Buffer.from(bytes).toString('hex');
}

export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}
