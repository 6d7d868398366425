// Small conversions that the generated code calls: lists of integers, bits and fault codes.

export interface Scaling {
  /** Highest valid raw value; the lowest is 0. */
  readonly rawMax: number;
  /** `value = raw + rawOffset`. */
  readonly rawOffset: number;
  /** The first of the two sentinels of the width. */
  readonly abnormal: number;
}

/** Fills `values` with numbers, null for sentinels; true when an element needs a mark. */
export function scaleList(
  raws: readonly number[],
  scaling: Scaling,
  values: (number | null)[],
): boolean {
  const { rawMax, rawOffset, abnormal } = scaling;
  let needsMark = false;
  for (let at = 0; at < raws.length; at += 1) {
    const raw = raws[at] as number;
    values[at] = raw >= abnormal ? null : raw + rawOffset;
    if (raw > rawMax) needsMark = true;
  }
  return needsMark;
}

/** Names of the set bits, bit 0 first; a bit without name is `reserved_bit_N`. */
export function bitNames(bits: number, names: readonly string[]): string[] {
  const set: string[] = [];
  for (let rest = bits; rest !== 0; rest &= rest - 1) {
    // The lowest set bit: 31 minus the leading zeros before it.
    const bit = 31 - Math.clz32(rest & -rest);
    set.push(names[bit] ?? `reserved_bit_${bit}`);
  }
  return set;
}

/** Codes of the maker as eight hex digits each. */
export function faultCodes(raws: readonly number[]): string[] {
  const codes: string[] = [];
  for (const raw of raws) codes.push(raw.toString(16).toUpperCase().padStart(8, '0'));
  return codes;
}
