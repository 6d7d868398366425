// Which bytes make a GB/T 32960 frame that frame: a reissue equals its original.

import type { Gb32960Frame } from '../frame/gb32960/frame.ts';
import type { FrameContext } from './interpretation.ts';

/** Over the data unit, its time included and the command byte not. Null without data unit. */
export function frameIdOf(
  { dataUnit }: Pick<Gb32960Frame, 'dataUnit'>,
  context: FrameContext,
): Buffer | null {
  return dataUnit.length === 0 ? null : context.hash(dataUnit);
}
