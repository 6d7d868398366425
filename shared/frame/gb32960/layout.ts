// The grammar in which layout tables are written: what a field is, before any edition fills it in.
// Plain data; decode, encode, describe and the generators read it.

/** One part of a body, in the order of the bytes. */
export type Element =
  | TimeField
  | TextField
  | TextList
  | TextGroups
  | ScalarField
  | ValueList
  | RecordList
  | BytesField
  | SignatureField
  | RestField;

/** Six bytes, see `DeviceTime`. */
export interface TimeField {
  readonly kind: 'time';
  readonly name: string;
  readonly meaning: string;
}

/** `size` bytes of ASCII, padded at the end. */
export interface TextField {
  readonly kind: 'text';
  readonly name: string;
  readonly size: number;
  /** 0x00 unless the standard says otherwise. */
  readonly pad: number;
  readonly meaning: string;
}

/** As many texts as the scalar `countName` says, each as long as the scalar `sizeName` says. */
export interface TextList {
  readonly kind: 'texts';
  readonly name: string;
  readonly countName: string;
  readonly sizeName: string;
  readonly meaning: string;
}

/** For each integer of the list `countsName`, in its order, as many texts of `size` bytes. */
export interface TextGroups {
  readonly kind: 'textGroups';
  readonly name: string;
  readonly countsName: string;
  readonly size: number;
  readonly meaning: string;
}

/** An unsigned big-endian integer. */
export interface ScalarField {
  readonly kind: 'scalar';
  readonly name: string;
  readonly role: ScalarRole;
  readonly size: 1 | 2 | 4;
  /** `value = (raw + rawOffset) / divisor`, in `unit`. Integers, so that no digit is lost. */
  readonly rawOffset: number;
  readonly divisor: number;
  /** Empty where the number has none. */
  readonly unit: string;
  /** Valid raw values, both bounds included. */
  readonly rawMin: number;
  readonly rawMax: number;
  readonly sentinels: SentinelPolicy;
  /** Names of the raw values of an enumeration; null for every other role. */
  readonly names: Readonly<Record<number, string>> | null;
  /** Bit of the item's `status` that makes the value negative; null for almost all. */
  readonly signBit: number | null;
  readonly meaning: string;
}

/**
 * - `number`: a scaled value; `enum`: one of `names`.
 * - `flags`: general alarms; `gear` and `positionStatus`: bit fields. Their bits and names stand
 *   in the table of the edition. `gearOrInvalid` is a gear whose bit 7 says that it is invalid.
 * - `count`: drives a list, a sentinel stands for zero entries; `plain`: an integer as it is.
 * - `code`: a fault code of the maker.
 */
export type ScalarRole =
  | 'number'
  | 'enum'
  | 'flags'
  | 'gear'
  | 'gearOrInvalid'
  | 'positionStatus'
  | 'count'
  | 'plain'
  | 'code';

/**
 * Whether the two highest values mean abnormal (0xFE, 0xFFFE, 0xFFFFFFFE) and invalid (0xFF,
 * 0xFFFF, 0xFFFFFFFF): `printed` in the standard, `assumed` by us where it is silent, or `none`.
 */
export type SentinelPolicy = 'printed' | 'assumed' | 'none';

/** As many integers as the scalar `countName` before it says. */
export interface ValueList {
  readonly kind: 'values';
  readonly name: string;
  readonly countName: string;
  readonly element: ScalarField;
}

/** As many entries as the scalar `countName` before it says. */
export interface RecordList {
  readonly kind: 'records';
  readonly name: string;
  readonly countName: string;
  readonly entry: readonly Element[];
}

/** A WORD, then as many bytes as it says. */
export interface BytesField {
  readonly kind: 'bytes';
  readonly name: string;
  readonly meaning: string;
}

/** Algorithm BYTE, R and S, each a WORD and as many bytes as it says. */
export interface SignatureField {
  readonly kind: 'signature';
  readonly name: string;
  readonly meaning: string;
}

/** All bytes that are left, none included. Only as the last element. */
export interface RestField {
  readonly kind: 'rest';
  readonly name: string;
  readonly meaning: string;
}

/** An item of a report: the type byte, then the body. */
export interface ItemLayout {
  readonly type: number;
  /** The `kind` of the decoded item. */
  readonly kind: string;
  /** The name under which it is described to people. */
  readonly name: string;
  readonly meaning: string;
  readonly clause: string;
  readonly elements: readonly Element[];
}

/** A command whose data unit is a fixed sequence. */
export interface BodyLayout {
  readonly command: number;
  /** The `kind` of the decoded body. */
  readonly kind: string;
  readonly clause: string;
  readonly elements: readonly Element[];
}

export interface CommandLayout {
  readonly command: number;
  readonly name: string;
  readonly meaning: string;
  readonly direction: 'up' | 'down' | 'any';
  readonly clause: string;
}

/** A BYTE number with both sentinels: what rows spread and change. */
export const byte: ScalarField = {
  kind: 'scalar',
  name: '',
  role: 'number',
  size: 1,
  rawOffset: 0,
  divisor: 1,
  unit: '',
  rawMin: 0,
  rawMax: 0xfd,
  sentinels: 'printed',
  names: null,
  signBit: null,
  meaning: '',
};

/** 65531 is the highest valid WORD wherever the standard names no lower one. */
export const word: ScalarField = { ...byte, size: 2, rawMax: 65531 };

export const dword: ScalarField = { ...byte, size: 4, rawMax: 0xffff_fffd };

/** A BYTE that announces entries. */
export const count: ScalarField = { ...byte, role: 'count' };

/** The raw value that means abnormal; the next one, the highest of its width, means invalid. */
export function sentinelFrom(size: 1 | 2 | 4): number {
  return 2 ** (8 * size) - 2;
}

/** Entries that a count announces: a sentinel announces none. */
export function entriesOf(count: number, size: 1 | 2 | 4): number {
  return count >= sentinelFrom(size) ? 0 : count;
}
