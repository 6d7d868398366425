// What a platform answers to a frame. GB/T 32960.3 has two rules; this is the one that both
// editions share (6.3.2): the flag is changed, the request's time kept, the rest dropped.

import { deviceTimeOf, readTime, timeSize } from './device-time.ts';
import { edition2016, edition2025 } from './editions.ts';
import { buildFrame } from './encode-frame.ts';
import type { DeviceTime, Gb32960Frame } from './frame.ts';
import {
  clearText,
  commandFlag,
  commandOffset,
  dataOffset,
  encryptionOffset,
  frameEnd,
  idOffset,
  isFrame,
  openMessage,
  responseOffset,
  startByte2016,
} from './outer-frame.ts';
import { readId } from './text.ts';

export interface AnswerOptions {
  /** Table 4: 0x01 success, 0x02 error, 0x03 VIN repeated. Success where it is left out. */
  readonly flag?: number;
  /** Epoch ms: the time that a terminal is told which asks for it. */
  readonly nowAt: number;
}

/** As much of a frame as an answer needs. */
export type Answerable = Pick<
  Gb32960Frame,
  'codec' | 'command' | 'response' | 'vin' | 'encryption' | 'dataUnit'
>;

/**
 * The answer to a command of a vehicle or platform; reports too, for those who want them answered.
 * Null for what is not answered: an answer, an encrypted data unit, a command of the platform or
 * without layout, and a data unit too short for its time.
 */
export function answerTo(frame: Answerable, { flag = 0x01, nowAt }: AnswerOptions): Buffer | null {
  const { codec, command, response, vin, encryption, dataUnit } = frame;
  if (response !== commandFlag || encryption !== clearText) return null;
  const time = timeOfAnswer(command, dataUnit, nowAt);
  if (time === undefined) return null;
  const body = { kind: 'answer', time, rest: null } as const;
  return buildFrame({ codec, command, response: flag, vin, body });
}

/** The same for the bytes of a refused frame; null also when they are no intact frame. */
export function answerToRefused(bytes: Uint8Array, options: AnswerOptions): Buffer | null {
  const message = openMessage(bytes);
  if (!isFrame(message, 0)) return null;
  const codec = bytes[0] === startByte2016 ? edition2016.codec : edition2025.codec;
  const dataUnit = bytes.subarray(dataOffset, frameEnd(message, 0) - 1);
  const command = bytes[commandOffset] as number;
  const response = bytes[responseOffset] as number;
  const encryption = bytes[encryptionOffset] as number;
  const vin = readId(bytes, idOffset);
  return answerTo({ codec, command, response, vin, encryption, dataUnit }, options);
}

/** Null for an answer without a time, undefined for none at all. */
function timeOfAnswer(
  command: number,
  dataUnit: Uint8Array,
  nowAt: number,
): DeviceTime | null | undefined {
  switch (command) {
    case 0x01:
    case 0x02:
    case 0x03:
    case 0x04:
    case 0x05:
    case 0x06:
      return dataUnit.length < timeSize ? undefined : readTime(dataUnit, 0);
    case 0x07:
      return null;
    case 0x08:
      return deviceTimeOf(nowAt);
    default:
      return undefined;
  }
}
