// Levels of general alarms, which only the 2025 edition of GB/T 32960.3 sends.

import type { AlarmLevel } from '../avro/types.generated.ts';
import type { GeneralAlarm } from '../frame/gb32960/frame-2025.ts';
import { alarmBitNames2025 } from '../frame/gb32960/layout-2025.ts';
import { type Marks, markPlain } from './field-states.ts';

/** Bits with a name (table 24), and the level of a thermal event. */
const bitMax = alarmBitNames2025.length - 1;
const levelMax = 4;

/** `at` is the place of the alarm item. Bits and levels stand as sent. */
export function generalLevels(
  alarms: readonly GeneralAlarm[],
  at: number,
  marks: Marks,
): AlarmLevel[] {
  return alarms.map(({ bit, level }, index) => {
    if (bit > bitMax) markPlain(marks, `${pathOf(at, index)}.bit`, bit, bit);
    if (level > levelMax) markPlain(marks, `${pathOf(at, index)}.level`, level, level);
    return { bit, name: alarmBitNames2025[bit] ?? `reserved_bit_${bit}`, level };
  });
}

function pathOf(at: number, index: number): string {
  return `alarms[${at}].generalLevels[${index}]`;
}
