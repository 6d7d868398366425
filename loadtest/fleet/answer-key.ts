// How an answer is recognised by the vehicle that waits for it. Knows only what the protocols say;
// of GB/T 32960.3 that is clause 6.3.2: flag changed, time kept, the rest dropped.

import { jsonAnswerKey } from './json/answer-key.ts';
import { jt808AnswerKey } from './jt808/answer-key.ts';

const commandAt = 2;
const flagAt = 3;
const lengthAt = 22;
const unitAt = 24;
const timeSize = 6;
const timeSync = 0x08;
const success = 0x01;

/** Of the right answer to a whole frame that wants one. */
export function answerKeyFor(frame: Buffer): string {
  const hasTime = frame.length >= unitAt + timeSize + 1;
  const unit = hasTime ? frame.subarray(unitAt, unitAt + timeSize) : Buffer.alloc(0);
  const header = Buffer.from(frame.subarray(0, unitAt));
  header[flagAt] = success;
  // A time sync carries nothing; its answer carries the platform's time, which nobody can foretell.
  if (header[commandAt] === timeSync) return keyOf(header, Buffer.alloc(timeSize));
  return keyOf(header, unit);
}

/** Of an answer as it came, in any codec; null when it is no intact frame. */
export function answerKey(payload: Buffer): string | null {
  if (payload[0] === 0x7e) return jt808AnswerKey(payload);
  if (payload[0] === 0x7b) return jsonAnswerKey(payload);
  return gb32960AnswerKey(payload);
}

const startBytes = [0x2323, 0x2424];

function gb32960AnswerKey(payload: Buffer): string | null {
  if (payload.length < unitAt + 1 || !startBytes.includes(payload.readUInt16BE(0))) return null;
  const unit = payload.subarray(unitAt, payload.length - 1);
  if (payload.readUInt16BE(lengthAt) !== unit.length) return null;
  if (xorOf(payload.subarray(2, -1)) !== payload.at(-1)) return null;
  const header = payload.subarray(0, unitAt);
  const isTimeSync = header[commandAt] === timeSync && unit.length === timeSize;
  return keyOf(header, isTimeSync ? Buffer.alloc(timeSize) : unit);
}

/** The length is left out: the unit says it. */
function keyOf(header: Buffer, unit: Buffer): string {
  return `${header.subarray(0, -2).toString('hex')} ${unit.toString('hex')}`;
}

function xorOf(bytes: Buffer): number {
  return bytes.reduce((xor, byte) => xor ^ byte, 0);
}
