// The grammar in which the layout tables of JT/T 808 are written. Plain data: reading, building,
// describing, explaining and the reference pages all go by it.

/** By bit 14 of the properties. 2011 has the header of 2013 and differs in its register body. */
export type Edition = '2013' | '2019';

export const bothEditions: readonly Edition[] = ['2013', '2019'];

/** One part of a body, in the order of the bytes. */
export type Element =
  | ScalarField
  | TimeField
  | BcdField
  | TextField
  | BytesField
  | ValueList
  | RecordList
  | LocationField
  | LocationList
  | MaybeGroup;

/** An unsigned big-endian integer. `value = raw / divisor`, in `unit`. */
export interface ScalarField {
  readonly kind: 'scalar';
  readonly name: string;
  readonly role: ScalarRole;
  readonly size: 1 | 2 | 4;
  readonly divisor: number;
  /** Empty where the number has none. */
  readonly unit: string;
  /** Valid raw values, both bounds included. */
  readonly rawMin: number;
  readonly rawMax: number;
  /** Of an enumeration, null for every other role. */
  readonly names: Readonly<Record<number, string>> | null;
  /** Names of the bits of flags, bit 0 first; an empty name is a reserved bit. */
  readonly bits: readonly string[] | null;
  /** Bit of the location's `status` that makes the value negative. */
  readonly signBit: number | null;
  readonly meaning: string;
}

/**
 * - `number`, `enum`, `flags`: what it says;
 * - `count`: drives a list; `size`: drives a text or bytes, and is told by their length;
 * - `signMagnitude`: the top bit is a minus sign, the rest the magnitude.
 */
export type ScalarRole = 'number' | 'enum' | 'flags' | 'count' | 'size' | 'signMagnitude';

/** Six BCD bytes `YYMMDDhhmmss`, GMT+8. */
export interface TimeField {
  readonly kind: 'time';
  readonly name: string;
  readonly meaning: string;
}

/** BCD digits that are no time of the frame: read as their digits. */
export interface BcdField {
  readonly kind: 'bcd';
  readonly name: string;
  readonly size: number;
  readonly meaning: string;
}

/** How long a part is: so many bytes, all that are left, or what the scalar before it says. */
export type Extent = number | 'rest' | { readonly sizeName: string };

/** GBK. 0x00 is stripped at both ends, and where `padding` says so spaces at the end too. */
export interface TextField {
  readonly kind: 'text';
  readonly name: string;
  readonly extent: Extent;
  readonly padding: 'zeros' | 'zerosAndSpaces';
  /** What must not be shown: the code with which a terminal proves who it is. */
  readonly isSecret: boolean;
  readonly meaning: string;
}

export interface BytesField {
  readonly kind: 'bytes';
  readonly name: string;
  readonly extent: Extent;
  readonly meaning: string;
}

/** As many integers as the scalar `countName` says. */
export interface ValueList {
  readonly kind: 'values';
  readonly name: string;
  readonly countName: string;
  readonly element: ScalarField;
}

/** As many entries as the scalar `countName` says. */
export interface RecordList {
  readonly kind: 'records';
  readonly name: string;
  readonly countName: string;
  readonly entry: readonly Element[];
}

/** The location of 0x0200: its 28 bytes, or those and extra items in all that is left. */
export interface LocationField {
  readonly kind: 'location';
  readonly name: string;
  readonly extent: 'basic' | 'rest';
  readonly meaning: string;
}

/** As many as `countName` says of: length WORD, then a 0x0200 body of that length. */
export interface LocationList {
  readonly kind: 'locations';
  readonly name: string;
  readonly countName: string;
  readonly meaning: string;
}

/**
 * Fields that are there or not, told by whether bytes are left. Where the scalar `firm.name` has
 * `firm.value`, a group that is begun must be whole, and with `firm.isNeeded` it must be there;
 * otherwise bytes that do not fit it are left over.
 */
export interface MaybeGroup {
  readonly kind: 'maybe';
  readonly firm: {
    readonly name: string;
    readonly value: number;
    readonly isNeeded: boolean;
  } | null;
  readonly elements: readonly Element[];
}

export interface BodyLayout {
  readonly id: number;
  /** The `kind` of the decoded body. */
  readonly kind: string;
  readonly editions: readonly Edition[];
  readonly clause: string;
  /** `exact`: bytes left behind the last field refuse the body; `open`: they are kept. */
  readonly end: 'exact' | 'open';
  readonly elements: readonly Element[];
}

/** Every known message id. */
export interface MessageName {
  readonly id: number;
  readonly name: string;
  readonly meaning: string;
  readonly direction: 'up' | 'down';
  readonly editions: readonly Edition[];
  /** An answer of the terminal to a command: nobody answers it. */
  readonly isAnswer: boolean;
}

const number: ScalarField = {
  kind: 'scalar',
  name: '',
  role: 'number',
  size: 1,
  divisor: 1,
  unit: '',
  rawMin: 0,
  rawMax: 0xff,
  names: null,
  bits: null,
  signBit: null,
  meaning: '',
};

type Row = Partial<Omit<ScalarField, 'kind' | 'name' | 'size' | 'meaning'>>;

export function byte(name: string, meaning: string, row: Row = {}): ScalarField {
  return { ...number, name, meaning, ...row };
}

export function word(name: string, meaning: string, row: Row = {}): ScalarField {
  return { ...number, size: 2, rawMax: 0xffff, name, meaning, ...row };
}

export function dword(name: string, meaning: string, row: Row = {}): ScalarField {
  return { ...number, size: 4, rawMax: 0xffff_ffff, name, meaning, ...row };
}

/** An enumeration: raw values without a name are out of range. */
export function choice(
  name: string,
  names: Readonly<Record<number, string>>,
  meaning: string,
): ScalarField {
  const raws = Object.keys(names).map(Number);
  const [rawMin, rawMax] = [Math.min(...raws), Math.max(...raws)];
  return { ...number, role: 'enum', name, names, rawMin, rawMax, meaning };
}

export function text(name: string, extent: Extent, meaning: string): TextField {
  return { kind: 'text', name, extent, padding: 'zeros', isSecret: false, meaning };
}

export function bytes(name: string, extent: Extent, meaning: string): BytesField {
  return { kind: 'bytes', name, extent, meaning };
}

export function bcd(name: string, size: number, meaning: string): BcdField {
  return { kind: 'bcd', name, size, meaning };
}

/** Whether a raw value is one that the table allows. */
export function isInRange(field: ScalarField, raw: number): boolean {
  if (field.names !== null) return field.names[raw] !== undefined;
  return raw >= field.rawMin && raw <= field.rawMax;
}
