// What several rounds of one measurement say together: their median and how far they lie apart.

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Wants at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), min: sorted[0]!, max: sorted.at(-1)! };
}

/** Of values sorted upwards, the smallest that `share` of them do not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = Math.max(0, Math.ceil(sorted.length * share) - 1);
  const value = sorted[at];
  if (value === undefined) throw new RangeError('at least one value wanted, found none');
  return value;
}

/** `12.3 [11.9–13.0]`, all with the same number of decimals. */
export function showSpread({ median, min, max }: Spread, decimals: number): string {
  const show = (value: number) => {
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    return value.toLocaleString('en-GB', digits);
  };
  return `${show(median)} [${show(min)}–${show(max)}]`;
}

export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
