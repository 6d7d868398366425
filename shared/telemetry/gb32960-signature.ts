// The signature of a GB/T 32960.3-2025 frame as its record has it.

import type { Signature as SignatureRecord } from '../avro/types.generated.ts';
import type { Signature } from '../frame/gb32960/frame.ts';
import { signatureAlgorithm } from '../frame/gb32960/layout-2025.ts';
import { asBuffer } from './bytes.ts';
import type { FrameContext, SignatureState } from './interpretation.ts';

export function signatureRecord({ algorithm, r, s }: Signature): SignatureRecord {
  return {
    algorithm: signatureAlgorithm.names?.[algorithm] ?? `unknown_${algorithm}`,
    r: asBuffer(r),
    s: asBuffer(s),
  };
}

/** Where nobody looked at a signature, it is unchecked; where there is none, it is absent. */
export function signatureStateOf(
  signature: Signature | null,
  { signatureState }: Pick<FrameContext, 'signatureState'>,
): SignatureState {
  if (signature === null) return 'absent';
  return signatureState === 'absent' ? 'unchecked' : signatureState;
}
