// A frame that came over EMQX's GB/T 32960 gateway becomes what it would have become as bytes.

import type { Gb32960Frame } from '../frame/gb32960/frame.ts';
import type { Reason } from '../frame/outcome.ts';
import { interpret as interpretFrame } from './gb32960.ts';
import type { FrameContext, Interpretation } from './interpretation.ts';

export function interpret(
  frame: Gb32960Frame,
  reason: Reason | null,
  context: FrameContext,
): Interpretation {
  const interpreted = interpretFrame(frame, reason, context);
  if (interpreted.kind !== 'rejection') return interpreted;
  // The place in the frame is none in the payload.
  return { kind: 'rejection', reason: { ...interpreted.reason, offset: 0 } };
}
