// Reason codes of frames that are kept without having been read whole.

import type { KeepCode } from './outcome.ts';
import type { ReasonEntry } from './reasons.ts';

/** Codes that accompany a frame which is kept. */
export const keptReasons: Readonly<Record<KeepCode, ReasonEntry>> = {
  encrypted: {
    meaning:
      'Opaque. The encryption byte is not `01`, so the data unit is kept as it is, even if ' +
      'it looks like clear text. JT/T 808: bits 10 to 12 of the properties are not 000.',
    example: { hex: '2323 02 FE 4C54455354564E30303030303030303031 03 0008 8F1C22D07A9B4E55 2F' },
    toDo: 'send clear text inside TLS. If the unit is clear text already, set the byte to `01`.',
  },
  command_unknown: {
    meaning: 'Opaque. The command, or the JT/T 808 message id, has no layout in this edition.',
    example: { hex: '2323 C0 FE 4C54455354564E30303030303030303031 01 0002 0102 7D' },
    toDo: 'nothing if the command is your own; its bytes are at hand.',
  },
  item_unknown: {
    meaning:
      'Partial. The type of an item has no layout, so its length is unknown and all that ' +
      'follows it too. Types `80` to `FE` carry their length and can always be kept as ' +
      'items. Of a parameter setting: the id has no known size, or a domain name comes ' +
      'without its length before it.',
    example: {
      hex:
        '2323 02 FE 4C54455354564E30303030303030303031 ' +
        '01 000F 1A060F0C000004010834028F0A0102 13',
    },
    toDo: 'send own data as an item of type `80` to `FE`, with a length of two bytes before it.',
  },
  item_truncated: {
    meaning:
      'Partial. The data unit ends before the item (of a parameter setting: the parameter) ' +
      'does. Most often an item before it has a wrong count, and the bytes were read at the ' +
      'wrong place from there on.',
    example: {
      hex:
        '2323 02 FE 4C54455354564E30303030303030303031 ' +
        '01 0010 1A060F0C000004010834028F05000742 45',
    },
    toDo: 'compare every count with the entries that follow it, from the first item on.',
  },
  part: {
    meaning:
      'JT/T 808: one part of a split message. It is stored as it is; when all parts have come ' +
      'in time, the whole is read as one message.',
    example: {
      codec: 'jt808',
      hex: '7E 0801 2002 013900000001 0008 001A 0002 FFD8 25 7E',
    },
    toDo: 'nothing; without the other parts its bytes are at hand in `vehicle.part.v1`.',
  },
};
