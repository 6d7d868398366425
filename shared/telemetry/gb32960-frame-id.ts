// Which bytes make a GB/T 32960 frame that frame: a reissue equals its original, and one that is
// signed anew equals it too.

import type { Gb32960Frame } from '../frame/gb32960/frame.ts';
import { signatureOf, signedBytes } from '../frame/gb32960/read-signature.ts';
import type { FrameContext } from './interpretation.ts';

/**
 * Over the data unit without its signature, its time included and the command byte not. Null
 * without data unit.
 */
export function frameIdOf(frame: Gb32960Frame, context: FrameContext): Buffer | null {
  const { body, dataUnit } = frame;
  if (dataUnit.length === 0) return null;
  if (signatureOf(body) === null) return context.hash(dataUnit);
  const trailing = 'trailing' in body ? body.trailing : null;
  return context.hash(signedBytes(frame), trailing ?? undefined);
}
