// What a frame becomes, and what a codec is told beside the frame. Each codec of this room has an
// `interpret` that takes the one and answers the other.

import type { Lifecycle, Origin, Telemetry } from '../avro/types.generated.ts';
import type { Reason } from '../frame/outcome.ts';

/**
 * What a frame with another identity than its topic's becomes: `strict` refuses it, `record` keeps
 * it and notes the identity as `terminalId`. A terminal phone number can only be compared with a
 * vehicleId that is all digits: beside any other it is always noted.
 */
export type IdentityPolicy = 'strict' | 'record';

export type SignatureState = 'absent' | 'unchecked' | 'valid' | 'invalid';

/** What the frame itself does not know. Good only until the next frame: keep no reference. */
export interface FrameContext {
  readonly vehicleId: string;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly origin: Origin;
  readonly identity: IdentityPolicy;
  readonly signatureState: SignatureState;
  /** The frameId: eight bytes, over vehicle, protocol family and these bytes in this order. */
  hash(content: Uint8Array, more?: Uint8Array): Buffer;
}

export type Interpretation =
  | { readonly kind: 'telemetry'; readonly value: Telemetry }
  | { readonly kind: 'lifecycle'; readonly value: Lifecycle }
  | { readonly kind: 'rejection'; readonly reason: Reason };

/**
 * Most frames are one record; a batch is many, in order, and need not all exist at once. A
 * rejection takes the whole frame, whatever came before it.
 */
export type Interpreted = Interpretation | Iterable<Interpretation>;
