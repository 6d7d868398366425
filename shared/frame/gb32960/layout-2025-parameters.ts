// GB/T 32960.3-2025 annex B: parameters of a terminal. Control commands are those of 2016.

import { type ParameterLayout, parameters2016 } from './layout-2016-parameters.ts';

/** Tables B.5 to B.13, in the order of the ids, from 1. */
export const parameters2025: readonly ParameterLayout[] = parameters2016.map((parameter) => {
  // One byte each where the 2016 edition has two, and seconds where it has milliseconds.
  if (parameter.id === 0x02) return { ...parameter, size: 1 };
  return parameter.id === 0x03
    ? { ...parameter, size: 1, name: 'alarm_report_period_s' }
    : parameter;
});
