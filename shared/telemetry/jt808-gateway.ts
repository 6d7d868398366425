// A frame that came over EMQX's JT/T 808 gateway becomes what it would have become as bytes.

import type { Jt808Frame } from '../frame/jt808/frame.ts';
import type { Reason } from '../frame/outcome.ts';
import type { FrameContext, Interpreted } from './interpretation.ts';
import { interpret as interpretFrame } from './jt808.ts';

export function interpret(
  frame: Jt808Frame,
  reason: Reason | null,
  context: FrameContext,
): Interpreted {
  const interpreted = interpretFrame(frame, reason, context);
  if (!('kind' in interpreted) || interpreted.kind !== 'rejection') return interpreted;
  // The place in the frame is none in the payload.
  return { kind: 'rejection', reason: { ...interpreted.reason, offset: 0 } };
}
