// Writes docs/frames/gb32960-gateway.md: the keys of EMQX's gateway beside the fields of the
// standard, from the table by which its JSON is read.

import type { Element } from '#shared/frame/gb32960/layout.ts';
import {
  bodyLayouts,
  type GatewayLayout,
  type Key,
  layouts,
  type Year,
} from '#shared/frame/gb32960-gateway/keys.ts';
import { hex, page, table } from '../markdown.ts';

const years: readonly Year[] = [2016, 2025];

export function gatewayPage(): string {
  return page([
    '<!-- Written by `npm run generate` from shared/frame/gb32960-gateway: edit the tables. -->',
    "# JSON of EMQX's GB/T 32960 gateway",
    opening,
    table(
      ['key', 'value'],
      [
        ['`Cmd`', 'command, a number as in the frame'],
        [
          '`Encrypt`',
          'encryption, a number as in the frame; other than 1 the data are kept as bytes',
        ],
        ['`Vin`', 'VIN, at most 17 characters'],
        [
          '`Data`',
          'data unit by the command: its keys are below; of a report `Time` and `Infos[]`',
        ],
      ],
    ),
    ...years.flatMap((year) => [
      `## ${year} edition: \`Data\` by \`Cmd\``,
      ...Object.entries(bodyLayouts[year]).flatMap(([command, layout]) => {
        return [`### ${year}: Cmd ${command} (${hex(Number(command))})`, keyTable(layout)];
      }),
      `## ${year} edition: entries of \`Infos\` by \`Type\``,
      ...Object.entries(layouts[year]).flatMap(([type, layout]) => {
        return [`### ${year}: ${type} (item ${hex(layout.type)})`, keyTable(layout)];
      }),
    ]),
  ]);
}

const opening = `How fleetwire reads what EMQX's gateway publishes, once a rule of EMQX has sent \
it on \
to \`v1/up/{vehicleId}/gb32960-gateway\`. The numbers under the keys are raw: ranges, units and \
sentinels are those of the byte tables of the [2016](gb32960-2016.md) and the \
[2025 edition](gb32960-2025.md). The edition is told by the shape of the entries, since no key \
says \
it. \`CustomData\` holds in Base64 everything from the first item on that the gateway does not \
know; \
it is read on by the same tables. \`fleetwire explain gb32960-gateway\` shows any payload by them.`;

function keyTable({ elements, keys }: GatewayLayout): string {
  return table(['key', 'field of the standard', 'meaning'], rowsOf(elements, keys, '', ''));
}

function rowsOf(
  elements: readonly Element[],
  keys: readonly Key[],
  keyPath: string,
  path: string,
): readonly (readonly string[])[] {
  return elements.flatMap((element, at) => {
    const key = keys[at];
    if (key === undefined) return [];
    const name = typeof key === 'string' ? key : key.list;
    const isList = ['values', 'records', 'texts', 'textGroups'].includes(element.kind);
    const suffix = isList ? '[]' : '';
    const field = `${path}${element.name}${suffix}`;
    const row = [`\`${keyPath}${name}${suffix}\``, `\`${field}\``, meaningOf(element)];
    if (element.kind !== 'records' || typeof key === 'string') return [row];
    return [row, ...rowsOf(element.entry, key.entry, `${keyPath}${name}[].`, `${field}.`)];
  });
}

function meaningOf(element: Element): string {
  if (element.kind === 'values') return element.element.meaning;
  return 'meaning' in element ? element.meaning : '';
}
