// Options that count something.

import { InvalidArgumentError } from 'commander';

/** Throws commander's error for wrong usage. */
export function wholeNumber({ min, max }: { readonly min: number; readonly max: number }) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Wanted a whole number ${min}..${max}.`);
  };
}
