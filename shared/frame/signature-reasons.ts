// What the reason codes of signed frames mean, and what to do. Words only.

import type { RejectCode } from './outcome.ts';
import type { ReasonEntry } from './reasons.ts';

type SignatureCode = Extract<RejectCode, `signature_${string}`>;

export const signatureReasons: Readonly<Record<SignatureCode, ReasonEntry>> = {
  signature_missing: {
    meaning:
      'The policy of the bridge asks for a signature of this edition, and the report or ' +
      'activation carries none: its items end with the data unit.',
    example: { words: 'a report of the 2025 edition without 0xFF behind its items.' },
    toDo:
      'have the terminal sign, or set the edition to `check` in `BRIDGE_SIGNATURES` until all ' +
      'terminals do.',
  },
  signature_unchecked: {
    meaning:
      'The policy asks for a valid signature, and this one cannot be checked: there is no key ' +
      'of its algorithm for the vehicle, the algorithm is none that is known, R and S are ' +
      'empty, or the message has more than 8 signed frames.',
    example: { words: 'a report that is signed with SM2, of a vehicle with an RSA key alone.' },
    toDo:
      "put the vehicle's public key into the folder of keys; the bytes stay in quarantine " +
      'meanwhile.',
  },
  signature_invalid: {
    meaning:
      'The policy asks for a valid signature, and no key of the vehicle verifies this one. The ' +
      'signed bytes are the data unit up to the 0xFF before the signature.',
    example: { words: 'a signed report of which one bit was changed.' },
    toDo:
      'look whether the vehicle has a new key; else somebody may have changed the frame, or the ' +
      'terminal signs other bytes.',
  },
};
