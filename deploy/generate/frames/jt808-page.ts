// Writes docs/frames/jt808.md: the byte tables of JT/T 808 for whoever builds a terminal, from the
// tables by which frames are decoded.

import type { Edition, Element, Extent, ScalarField } from '#shared/frame/jt808/layout.ts';
import { bodyLayouts } from '#shared/frame/jt808/layout-bodies.ts';
import {
  alarmBits,
  bitsOfEdition,
  extraLayouts,
  ioBits,
  loadNames,
  locationElements,
  signalBits,
  statusBits,
} from '#shared/frame/jt808/layout-location.ts';
import { messageNames } from '#shared/frame/jt808/message-ids.ts';
import { hex, page, table } from '../markdown.ts';

export function jt808Page(): string {
  return page([
    '<!-- Written by `npm run generate` from shared/frame/jt808: edit the tables there. -->',
    '# JT/T 808 (2011, 2013, 2019)',
    opening,
    headerTable(),
    '## Messages',
    messageTable(),
    '## Location',
    'The basic part of 0x0200, 28 bytes, then extra items: id BYTE, length BYTE, bytes.',
    elementsTable(locationElements),
    '### Extra items',
    'An item of another length, or with another id, is kept as bytes. One that declares more than \
is left ends the walk of the items; the basic part and the items before it stand.',
    ...extraLayouts.flatMap(({ id, name, lengths, meaning, clause, elements }) => [
      `#### ${hex(id)} ${name}`,
      `${meaning} Length ${lengths.join(' or ')}. Clause: ${clause}.`,
      elementsTable(elements),
    ]),
    '### Bits',
    bitsTable(),
    '## Other bodies',
    ...bodyLayouts.flatMap(({ id, kind, editions, clause, end, elements }) => [
      `### ${hex(id, 2)} ${kind} (${editionText(editions)})`,
      `Clause: ${clause}. ${endText(end, elements)}`,
      elements.length === 0 ? '' : elementsTable(elements),
    ]),
  ]);
}

const opening = `How fleetwire reads JT/T 808: what a terminal must send, byte by byte. Integers \
are \
unsigned and big-endian, texts GBK, times six BCD bytes in GMT+8. \`fleetwire explain jt808\` \
shows \
any frame by these tables; what is refused has a [reason](../reasons.md).

A frame is \`7E\`, content, \`7E\`. Inside, \`7E\` is sent as \`7D 02\` and \`7D\` as \`7D 01\`; \
any \
other byte behind \`7D\` refuses the frame. The content is header, body, and a check byte: the \
XOR of \
header and body before escaping. Bit 14 of the properties chooses the header of 2019.`;

function headerTable(): string {
  return table(
    ['field', 'size 2011, 2013', 'size 2019', 'meaning'],
    [
      ['messageId', '2', '2', 'see below'],
      [
        'properties',
        '2',
        '2',
        'bits 0..9 length of the body, 10..12 encryption (0 none; else kept as bytes), ' +
          '13 part of a split message, 14 header of 2019',
      ],
      ['protocolVersion', '', '1', 'from 1'],
      ['phone', '6', '10', 'BCD, leading zeros'],
      ['serial', '2', '2', '+1 with each message'],
      [
        'packetTotal, packetIndex',
        '2 + 2',
        '2 + 2',
        'only with bit 13: how many parts, and which, from 1',
      ],
    ],
  );
}

function messageTable(): string {
  return table(
    ['id', 'name', 'direction', 'editions', 'meaning'],
    messageNames.map(({ id, name, direction, editions, meaning }) => {
      return [hex(id, 2), `\`${name}\``, direction, editionText(editions), meaning];
    }),
  );
}

function editionText(editions: readonly Edition[]): string {
  return editions.length === 2 ? 'all' : editions[0] === '2013' ? '2011, 2013' : '2019';
}

function endText(end: 'exact' | 'open', elements: readonly Element[]): string {
  if (elements.length === 0) return 'The body is empty.';
  return end === 'exact'
    ? 'Bytes behind the last field refuse the body.'
    : 'Bytes behind the last field are kept.';
}

const titles = ['size', 'field', 'range', 'value', 'meaning'];

function elementsTable(elements: readonly Element[]): string {
  return table(
    titles,
    elements.flatMap((element) => rowsOf(element, '')),
  );
}

function rowsOf(element: Element, path: string): readonly (readonly string[])[] {
  if (element.kind === 'maybe') {
    const [first, ...others] = element.elements.flatMap((inner) => rowsOf(inner, path));
    if (first === undefined) return [];
    return [[...first.slice(0, -1), `${first.at(-1)} Only where bytes are left.`], ...others];
  }
  const name = (suffix = '') => `\`${path}${element.name}${suffix}\``;
  switch (element.kind) {
    case 'scalar':
      return [[`${element.size}`, name(), rangeCell(element), valueCell(element), element.meaning]];
    case 'time':
      return [['6', name(), '', 'BCD YYMMDDhhmmss', element.meaning]];
    case 'bcd':
      return [[`${element.size}`, name(), '', 'BCD digits', element.meaning]];
    case 'text':
      return [[extentText(element.extent), name(), '', 'GBK text', element.meaning]];
    case 'bytes':
      return [[extentText(element.extent), name(), '', 'bytes', element.meaning]];
    case 'values': {
      const { element: one, countName } = element;
      const size = `${one.size} x \`${countName}\``;
      return [[size, name('[]'), rangeCell(one), valueCell(one), one.meaning]];
    }
    case 'records': {
      const inner = element.entry.flatMap((one) => rowsOf(one, `${path}${element.name}[].`));
      return [[`\`${element.countName}\` entries`, name('[]'), '', '', ''], ...inner];
    }
    case 'location': {
      const size = element.extent === 'basic' ? '28' : 'all that is left';
      return [[size, name(), '', 'as [location](#location)', element.meaning]];
    }
    case 'locations': {
      const size = `\`${element.countName}\` entries`;
      const value = 'length WORD, then a [location](#location)';
      return [[size, name('[]'), '', value, element.meaning]];
    }
  }
}

function extentText(extent: Extent): string {
  if (extent === 'rest') return 'all that is left';
  return typeof extent === 'number' ? `${extent}` : `\`${extent.sizeName}\``;
}

function rangeCell({ rawMin, rawMax, role }: ScalarField): string {
  return role === 'flags' || role === 'enum' ? '' : `${rawMin}..${rawMax}`;
}

function valueCell({ role, names, divisor, unit, signBit }: ScalarField): string {
  if (names !== null) {
    return Object.entries(names)
      .map(([raw, name]) => `${raw} ${name}`)
      .join(', ');
  }
  if (role === 'flags') return 'bits';
  if (role === 'count' || role === 'size') return role;
  const scale = divisor === 1 ? 'raw' : `raw / ${divisor}`;
  const sign = signBit === null ? '' : `; negative by status bit ${signBit}`;
  return `${scale} ${unit}`.trim() + sign;
}

function bitsTable(): string {
  const rows = (field: string, bits: readonly string[]) => {
    const [old, next] = [bitsOfEdition(bits, '2013'), bitsOfEdition(bits, '2019')];
    return old.map((name, bit) => [field, `${bit}`, `\`${name}\``, `\`${next[bit]}\``]);
  };
  const load = loadNames.map((name, value) => `${value} ${name}`).join(', ');
  const status = rows('status', statusBits).filter(([, bit]) => bit !== '8' && bit !== '9');
  return table(
    ['field', 'bit', '2011, 2013', '2019'],
    [
      ...rows('alarm', alarmBits),
      ...status,
      ['status', '8..9', `load: ${load}`, `load: ${load}`],
      ...rows('signals', signalBits),
      ...rows('io', ioBits),
    ],
  );
}
