// The few sums that all parts of a plan need, and how a number is shown.

/** Smallest divisor of `of` that is at least `least`; `of` itself where none is smaller. */
export function divisorFrom(least: number, of: number): number {
  for (let divisor = Math.max(1, least); divisor < of; divisor += 1) {
    if (of % divisor === 0) return divisor;
  }
  return of;
}

/** Up to two significant digits: 319,750 becomes 320,000. */
export function roundedUp(value: number): number {
  const whole = ceiling(value);
  const step = 10 ** Math.max(0, String(whole).length - 2);
  return Math.ceil(whole / step) * step;
}

/** How many portions hold the amount. */
export function timesFitted(amount: number, portion: number): number {
  return ceiling(amount / portion);
}

/** Of decimals: 2.1 / 0.7 is 3, although the machine says 3.0000000000000004. */
export function ceiling(value: number): number {
  return Math.ceil(Number(value.toPrecision(12)));
}

/** `1,197,000`; decimals as they are, three at most. */
export function shown(value: number): string {
  return value.toLocaleString('en-US');
}
