// What became of one frame of a message. Every decoder answers with these; none throws.

/** Why a frame was refused, stopped early or kept as bytes. */
export interface Reason {
  readonly code: ReasonCode;
  /** Byte offset from the start of the frame (of the stretch, for a rejected one). */
  readonly offset: number;
  /** What was wanted and what was found. */
  readonly detail: string;
}

/** The closed list. `reasons.ts` says what each means; docs/reasons.md shows it. */
export type ReasonCode = RejectCode | KeepCode;

/** Codes of refused frames: these reach quarantine. */
export type RejectCode =
  | 'frame_empty'
  | 'frame_start'
  | 'frame_truncated'
  | 'frame_escape'
  | 'frame_header'
  | 'frame_length'
  | 'frame_checksum'
  | 'body_truncated'
  | 'body_length'
  | 'json_syntax'
  | 'json_unicode'
  | 'json_limit'
  | 'json_key'
  | 'json_version'
  | 'json_schema'
  | 'identity_mismatch'
  | 'signature_missing'
  | 'signature_unchecked'
  | 'signature_invalid'
  | 'payload_oversize'
  | 'topic_unknown'
  | 'codec_unknown'
  | 'record_refused';

/** Codes that accompany a kept frame: opaque or partial. */
export type KeepCode = 'encrypted' | 'command_unknown' | 'item_unknown' | 'item_truncated' | 'part';

/**
 * One frame of a message, in the order of the bytes. `bytes` is a view into the payload:
 * the whole frame, or the whole refused stretch up to the next good start.
 */
export type Outcome<F> =
  | {
      readonly kind: 'accept' | 'answer';
      readonly frame: F;
      readonly reason: null;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'partial' | 'opaque';
      readonly frame: F;
      readonly reason: Reason;
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'reject';
      readonly frame: null;
      readonly reason: Reason;
      readonly bytes: Uint8Array;
    };
