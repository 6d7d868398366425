// The two editions side by side: what their tables say, found by the codec of a frame. Only the
// start bytes of a frame choose between them: an item type may mean something else in each.

import type { Gb32960Codec } from './frame.ts';
import type { BodyLayout, CommandLayout, ItemLayout } from './layout.ts';
import { alarmBitNames2016, bodies2016, commands2016, items2016 } from './layout-2016.ts';
import { type ParameterLayout, parameters2016 } from './layout-2016-parameters.ts';
import { alarmBitNames2025, bodies2025, commands2025, items2025 } from './layout-2025.ts';
import { parameters2025 } from './layout-2025-parameters.ts';
import { startByte2016, startByte2025 } from './outer-frame.ts';

export interface Edition {
  readonly year: 2016 | 2025;
  /** Of a frame that came as bytes. */
  readonly codec: Gb32960Codec;
  /** Sent twice. */
  readonly startByte: number;
  readonly items: readonly ItemLayout[];
  readonly bodies: readonly BodyLayout[];
  readonly commands: readonly CommandLayout[];
  /** Bit 0 first. */
  readonly alarmBitNames: readonly string[];
  /** In the order of the ids, from 1. */
  readonly parameters: readonly ParameterLayout[];
}

export const edition2016: Edition = {
  year: 2016,
  codec: 'gb32960-2016',
  startByte: startByte2016,
  items: items2016,
  bodies: bodies2016,
  commands: commands2016,
  alarmBitNames: alarmBitNames2016,
  parameters: parameters2016,
};

export const edition2025: Edition = {
  year: 2025,
  codec: 'gb32960-2025',
  startByte: startByte2025,
  items: items2025,
  bodies: bodies2025,
  commands: commands2025,
  alarmBitNames: alarmBitNames2025,
  parameters: parameters2025,
};

export const editions: readonly Edition[] = [edition2016, edition2025];

export function editionOf(codec: Gb32960Codec): Edition {
  switch (codec) {
    case 'gb32960-2016':
    case 'gb32960-2016-gateway':
      return edition2016;
    case 'gb32960-2025':
    case 'gb32960-2025-gateway':
      return edition2025;
  }
}
