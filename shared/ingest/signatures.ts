// What becomes of a signed frame, and of one that should be signed and is not. The check itself is
// handed in: this room knows no keys.

import type { Reason } from '../frame/outcome.ts';
import type { SignatureState } from '../telemetry/interpretation.ts';

/** What of a frame is signed, and by what. Views of the payload. */
export interface Signed {
  /** GB/T 32960.3-2025 table 8: 1 SM2, 2 RSA, 3 ECC. */
  readonly algorithm: number;
  readonly r: Uint8Array;
  readonly s: Uint8Array;
  readonly bytes: Uint8Array;
}

/** `unchecked`: there is no key for it, or no scheme that is known. */
export type CheckSignature = (
  signed: Signed,
  vehicleId: string,
) => Exclude<SignatureState, 'absent'>;

/**
 * - `ignore`: nothing is checked; a signature that is there is `unchecked`.
 * - `check`: the record says what the signature is worth.
 * - `require`: a frame that could be signed and has no valid signature goes to quarantine.
 */
export const signaturePolicies = ['ignore', 'check', 'require'] as const;

export type SignaturePolicy = (typeof signaturePolicies)[number];

/** Editions whose reports may be asked for a signature: the older has none to give. */
export const signatureEditions = ['gb32960-2016', 'gb32960-2025'] as const;

export type SignedEdition = (typeof signatureEditions)[number];

export type SignaturePolicies = Readonly<Partial<Record<SignedEdition, SignaturePolicy>>>;

/** Of a codec whose frames may be signed. */
export interface SignedFrames<Frame> {
  /** Null for a frame that no policy is about: of no such edition, or no report or activation. */
  editionOf(frame: Frame): SignedEdition | null;
  /** Null where the frame has no signature. */
  signedOf(frame: Frame): Signed | null;
}

export interface SignatureOptions {
  /** `check` needs a check; an edition that is left out is `ignore`. */
  readonly policies: SignaturePolicies;
  readonly check: CheckSignature | null;
}

/**
 * Of one message; further ones are `unchecked`. A car sends one frame a message. SM2 takes up to
 * 2.3 ms a check, and 64 KiB hold 600 signed frames: they must not keep the loop for a second.
 */
export const signatureChecksMax = 8;

/** For the record; what it is worth to the policy says `signatureFault`. */
export function signatureStateOf<Frame>(
  frames: SignedFrames<Frame>,
  frame: Frame,
  vehicleId: string,
  { policies, check }: SignatureOptions,
): SignatureState {
  const edition = frames.editionOf(frame);
  if (edition === null) return 'absent';
  const signed = frames.signedOf(frame);
  if (signed === null) return 'absent';
  const isIgnored = (policies[edition] ?? 'ignore') === 'ignore';
  return isIgnored || check === null ? 'unchecked' : check(signed, vehicleId);
}

/** Why the policy refuses a frame whose signature is in this state; null where it does not. */
export function signatureFault<Frame>(
  frames: SignedFrames<Frame>,
  frame: Frame,
  state: SignatureState,
  { policies }: SignatureOptions,
): Reason | null {
  const edition = frames.editionOf(frame);
  if (edition === null || policies[edition] !== 'require' || state === 'valid') return null;
  const code = faultCodes[state];
  return { code, offset: 0, detail: `valid signature wanted, found it ${state}` };
}

const faultCodes = {
  absent: 'signature_missing',
  unchecked: 'signature_unchecked',
  invalid: 'signature_invalid',
} as const;
