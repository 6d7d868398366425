// Changes to a whole GB/T 32960 frame as a terminal with other habits would have sent it: command,
// time, content. Bytes only; the check byte is made anew.

import { deviceTimeOf, epochMsOf, timeSize } from '#shared/frame/gb32960/device-time.ts';

const commandAt = 2;
const timeAt = 24;
const reissueCommand = 0x03;

/** Epoch ms; the frame has a right time. */
export function timeOf(frame: Buffer): number {
  const at = epochMsOf(frame, timeAt);
  if (at === null) throw new Error(`a time wanted, found ${frame.toString('hex', timeAt, 30)}`);
  return at;
}

/** The same report, stored and sent later: all but the command byte stays. */
export function asReissue(frame: Buffer): Buffer {
  const edited = Buffer.from(frame);
  edited[commandAt] = reissueCommand;
  return checked(edited);
}

export function withTime(frame: Buffer, time: Uint8Array | number): Buffer {
  const edited = Buffer.from(frame);
  edited.set(typeof time === 'number' ? deviceTimeOf(time).raw : time, timeAt);
  return checked(edited);
}

/** What `content` reports, at the time and with the command of `frame`. */
export function withContentOf(frame: Buffer, content: Buffer): Buffer {
  const edited = Buffer.from(content);
  edited[commandAt] = frame[commandAt] as number;
  frame.copy(edited, timeAt, timeAt, timeAt + timeSize);
  return checked(edited);
}

/** Clause 6.2: XOR of all bytes between the start and the check byte. */
function checked(frame: Buffer): Buffer {
  frame[frame.length - 1] = frame.subarray(commandAt, -1).reduce((xor, byte) => xor ^ byte, 0);
  return frame;
}
