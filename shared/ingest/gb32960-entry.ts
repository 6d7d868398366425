// GB/T 32960 as ingest needs it: both editions, told apart by each frame's start bytes.

import { answerTo, answerToRefused } from '../frame/gb32960/answer-to.ts';
import { decodeMessage } from '../frame/gb32960/decode-message.ts';
import { editionOf } from '../frame/gb32960/editions.ts';
import type { Gb32960Frame } from '../frame/gb32960/frame.ts';
import { startByte2016 } from '../frame/gb32960/outer-frame.ts';
import { signatureOf, signedBytes } from '../frame/gb32960/read-signature.ts';
import type { Reason } from '../frame/outcome.ts';
import { interpret } from '../telemetry/gb32960.ts';
import type { CodecEntry } from './codec-entry.ts';
import type { SignedFrames } from './signatures.ts';

/** Reports and activations: nothing else has room for a signature. Over a gateway too. */
export const signed: SignedFrames<Gb32960Frame> = {
  editionOf: ({ codec, body }) => {
    if (body.kind !== 'report' && body.kind !== 'activation') return null;
    return editionOf(codec).year === 2016 ? 'gb32960-2016' : 'gb32960-2025';
  },
  signedOf: (frame) => {
    const signature = signatureOf(frame.body);
    return signature === null ? null : { ...signature, bytes: signedBytes(frame) };
  },
};

export const gb32960: CodecEntry<Gb32960Frame> = {
  version: 'gb32960/3',
  decode: decodeMessage,
  interpret,
  isReport: ({ body }) => body.kind === 'report',
  answer: answerTo,
  answerRefused: (bytes, reason, { nowAt }) =>
    answerToRefused(bytes, { flag: flagOf(bytes, reason), nowAt }),
  signed,
  split: null,
};

/** GB/T 32960.3-2016 table 4 knows one error; GB/T 32960.3-2025 table 4 says which. */
function flagOf(bytes: Uint8Array, { code }: Reason): number {
  if (bytes[0] === startByte2016) return otherError;
  if (code.startsWith('signature_')) return signatureWrong;
  // The id in the frame is none that the broker knows by this connection.
  if (code === 'identity_mismatch') return vinUnknown;
  return code === 'body_truncated' ? structureWrong : otherError;
}

const otherError = 0x02;
const vinUnknown = 0x04;
const signatureWrong = 0x05;
const structureWrong = 0x06;
