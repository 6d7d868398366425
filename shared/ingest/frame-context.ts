// What interpretation is told beside the frame. One object for all frames of an ingest, filled anew
// for each: the hot path makes none.

import type { FrameContext, IdentityPolicy, SignatureState } from '../telemetry/interpretation.ts';
import type { Origin } from './contract.ts';
import type { HashFrame } from './frame-id.ts';

export class OpenFrameContext implements FrameContext {
  vehicleId = '';
  receivedAt = 0;
  origin: Origin = { bridge: '', epoch: 0, sequence: 0 };
  identity: IdentityPolicy = 'strict';
  signatureState: SignatureState = 'absent';
  /** Vehicle and family, as `framePrefix` makes it. */
  hashPrefix: Uint8Array = new Uint8Array();
  readonly #hashFrame: HashFrame;

  constructor(hashFrame: HashFrame) {
    this.#hashFrame = hashFrame;
  }

  hash(content: Uint8Array, more?: Uint8Array): Buffer {
    const whole = more === undefined ? content : Buffer.concat([content, more]);
    return this.#hashFrame(this.hashPrefix, whole);
  }
}
