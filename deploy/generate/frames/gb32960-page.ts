// Writes docs/frames/gb32960-2016.md and -2025.md: the byte tables of an edition for whoever builds
// a terminal, from the tables by which frames are decoded.

import type { Edition } from '#shared/frame/gb32960/editions.ts';
import {
  brakeForceMask,
  driveForceMask,
  gearMask,
  gearNames,
  noFixMask,
  southMask,
  westMask,
} from '#shared/frame/gb32960/layout-2016.ts';
import { controlNames2016 } from '#shared/frame/gb32960/layout-2016-parameters.ts';
import { hex, page, table } from '../markdown.ts';
import { elementsTable } from './gb32960-rows.ts';

export function gb32960Page(edition: Edition): string {
  const { year } = edition;
  return page([
    `<!-- Written by \`npm run generate\` from shared/frame/gb32960: edit the tables there. -->`,
    `# GB/T 32960.3-${year}`,
    opening(edition),
    '## The frame',
    headerTable(edition),
    answerText,
    '## Commands',
    commandTable(edition),
    '## Data units',
    ...edition.bodies.flatMap(({ kind, command, clause, elements }) => [
      `### ${hex(command)} ${kind}`,
      `Clause: ${clause}.`,
      elementsTable(elements),
    ]),
    '## Items of a report',
    itemsText(edition),
    ...edition.items.flatMap(({ type, name, meaning, clause, elements }) => [
      `### ${hex(type)} ${name}`,
      `${meaning} Clause: ${clause}. The body begins behind the type byte.`,
      elementsTable(elements),
    ]),
    customText,
    ...bitParts(edition),
    ...parameterParts(edition),
  ]);
}

function opening({ year, startByte }: Edition): string {
  const start = startByte.toString(16);
  return `How fleetwire reads the ${year} edition, which begins with \`${start} ${start}\`: what a \
terminal must send, byte by byte. Integers are unsigned and big-endian. \`fleetwire explain \
gb32960\` \
shows any frame by these tables; what is refused has a [reason](../reasons.md).

- **raw** is the valid range on the wire, **value** what it means. A raw value outside its range \
that is no sentinel is kept and marked \`out_of_range\`.
- **sentinels** mean abnormal and invalid: the value is null and marked. In brackets where the \
standard prints none and fleetwire reads them all the same. As a count they mean that nothing \
follows.
- A count that the bytes do not bear out breaks the walk: what came before stands, the rest is \
kept \
as bytes.`;
}

function headerTable({ year, startByte }: Edition): string {
  const start = startByte.toString(16);
  const encryptions =
    year === 2025
      ? '1 none, 2 RSA, 3 AES, 4 SM2, 5 SM4, 0xFE abnormal, 0xFF invalid'
      : '1 none, 2 RSA, 3 AES-128, 0xFE abnormal, 0xFF invalid';
  const flags =
    year === 2025
      ? '1 ok, 2 error, 3 VIN repeated, 4 VIN unknown, 5 signature wrong, 6 structure wrong, ' +
        '7 decryption failed, 0xFE a command'
      : '1 ok, 2 error, 3 VIN repeated, 0xFE a command';
  return table(
    ['offset', 'size', 'field', 'meaning'],
    [
      ['0', '2', 'start', `\`${start} ${start}\``],
      ['2', '1', 'command', 'see below'],
      ['3', '1', 'response', flags],
      ['4', '17', 'vin', 'VIN in ASCII; a shorter id is padded with 0x00 at the end'],
      ['21', '1', 'encryption', `${encryptions}. Only 1 is read; all else is kept as bytes`],
      ['22', '2', 'dataLength', 'length N of the data unit, 0..65531'],
      ['24', 'N', 'data unit', 'by the command'],
      ['24 + N', '1', 'bcc', 'XOR of all bytes from offset 2 to the last one of the data unit'],
    ],
  );
}

const answerText = `A response flag other than 0xFE makes it an answer: its first six bytes are a \
time, whatever follows is kept as bytes. Time is six bytes: year (from 2000), month, day, hour, \
minute, second, plain binary and not BCD, Beijing time. A time that cannot be does not refuse a \
frame: receive time stands in for it.`;

function commandTable({ commands }: Edition): string {
  return table(
    ['command', 'name', 'direction', 'meaning', 'clause'],
    commands.map(({ command, name, direction, meaning, clause }) => {
      return [hex(command), `\`${name}\``, direction, meaning, clause];
    }),
  );
}

function itemsText({ year, items }: Edition): string {
  const list = table(
    ['type', 'item', 'meaning', 'clause'],
    items.map(({ type, name, meaning, clause }) => [hex(type), `\`${name}\``, meaning, clause]),
  );
  const signature =
    year === 2025
      ? ' 0xFF in place of a type begins the signature: algorithm BYTE (1 SM2, 2 RSA, 3 ECC), ' +
        'then R and S, each a WORD and as many bytes. Signed are the bytes from the time up to, ' +
        'not including, 0xFF.'
      : '';
  return `A report (commands 0x02 and 0x03) is a time and items until the data unit ends: a type \
byte, then the body of that type. Items come in any order, any may be missing, one may come \
twice.${signature}\n\n${list}`;
}

const customText = `### 0x80 to 0xFE custom

A WORD length, then as many bytes, the maker's own. Every other type has no layout: its length is \
unknown, so the walk ends there (\`item_unknown\`).`;

function bitParts({ alarmBitNames, year }: Edition): readonly string[] {
  const last = alarmBitNames.length;
  const gears = gearNames.map((name, raw) => `${raw} ${name}`).join(', ');
  const invalid = year === 2025 ? [['7', '1: the gear is invalid']] : [];
  return [
    '## Bits of `generalFlags`',
    table(
      ['bit', 'name'],
      alarmBitNames.map((name, bit) => [`${bit}`, `\`${name}\``]),
    ),
    `Bits ${last} to 31 are reserved and kept as \`reserved_bit_N\`.`,
    '## Bits of `gear` and of the `status` of a position',
    table(
      ['field', 'bits', 'meaning'],
      [
        ['gear', maskText(gearMask), gears],
        ['gear', maskText(brakeForceMask), '1: brake force'],
        ['gear', maskText(driveForceMask), '1: drive force'],
        ...invalid.map((cells) => ['gear', ...cells]),
        ['status', maskText(noFixMask), '1: no fix; the last valid coordinates are sent'],
        ['status', maskText(southMask), '1: south'],
        ['status', maskText(westMask), '1: west'],
      ],
    ),
  ];
}

function maskText(mask: number): string {
  const bits = [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => ((mask >> bit) & 1) === 1);
  return bits.length === 1 ? `${bits[0]}` : `${bits.at(-1)}..${bits[0]}`;
}

function parameterParts({ parameters }: Edition): readonly string[] {
  return [
    '## Parameters of 0x80 and 0x81',
    'Time, count BYTE, then the id and the value of each parameter.',
    table(
      ['id', 'size', 'name'],
      parameters.map(({ id, size, sizeId, name }) => {
        const told = size ?? (sizeId === null ? '' : `as ${hex(sizeId)} before it says`);
        return [hex(id), `${told}`, `\`${name}\``];
      }),
    ),
    '## Control commands of 0x82',
    table(
      ['id', 'name'],
      Object.entries(controlNames2016).map(([id, name]) => [hex(Number(id)), `\`${name}\``]),
    ),
  ];
}
