// Writes docs/frames/jt808-gateway.md: the keys of EMQX's gateway beside the fields of the
// standard, from the tables by which its JSON is read.

import type { Edition, Element } from '#shared/frame/jt808/layout.ts';
import { locationElements } from '#shared/frame/jt808/layout-location.ts';
import { messageName } from '#shared/frame/jt808/message-ids.ts';
import {
  gatewayLayout,
  gatewayMessageIds,
  type Key,
  locationKeys,
} from '#shared/frame/jt808-gateway/keys.ts';
import { extraNames } from '#shared/frame/jt808-gateway/read-extras.ts';
import { hex, page, table } from '../markdown.ts';

export function jt808GatewayPage(): string {
  return page([
    '<!-- Written by `npm run generate` from shared/frame/jt808-gateway: edit the tables. -->',
    "# JSON of EMQX's JT/T 808 gateway",
    opening,
    headerTable(),
    '## Location',
    'Of `msg_id` 512 (0x0200), and wherever a body holds one.',
    keyTable(locationElements, locationKeys),
    extraText,
    table(
      ['key in `extra`', 'item'],
      Object.entries(extraNames).map(([name, id]) => [`\`${name}\``, hex(id)]),
    ),
    ...(['2013', '2019'] as const).flatMap(editionParts),
  ]);
}

const opening = `How fleetwire reads what EMQX's gateway publishes, once a rule of EMQX has sent \
it on \
to \`v1/up/{vehicleId}/jt808-gateway\`. The numbers under the keys are raw: ranges, units and \
bits are \
those of the [byte tables](jt808.md). Messages that are not on this page come as their bytes. \
\`fleetwire explain jt808-gateway\` shows any payload by it.`;

function headerTable(): string {
  return table(
    ['key', 'value'],
    [
      ['`header.msg_id`', 'message id, a number'],
      ['`header.encrypt`', 'encryption bits; other than 0 the body is kept as bytes'],
      ['`header.len`', 'length of the body'],
      ['`header.phone`', 'digits'],
      ['`header.msg_sn`', 'serial'],
      ['`header.proto_ver`', 'only in frames of 2019'],
      ['`header.frag_total`, `header.frag_sn`', 'only in a part of a split message'],
      ['`body`', 'by the message id, see below'],
    ],
  );
}

const extraText = `Extra items are in \`extra\` by the names below, others in \`custome\` by their \
number. The gateway counts the bits of \`signal\` and \`io_status\` from the most significant \
one, and \
reads \`carriage_temp\` as two's complement; both are put back to what was on the wire.`;

function editionParts(edition: Edition): readonly string[] {
  const title = edition === '2013' ? '2011 and 2013' : '2019';
  const tables = gatewayMessageIds(edition).flatMap((id) => {
    const layout = gatewayLayout(id, edition);
    if (layout === null || layout.elements.length === 0) return [];
    const name = messageName(id)?.name ?? '';
    return [`### ${title}: ${id} (${hex(id, 2)} ${name})`, keyTable(layout.elements, layout.keys)];
  });
  return [`## Bodies of ${title}`, ...tables];
}

function keyTable(elements: readonly Element[], keys: readonly Key[]): string {
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
    if (key === undefined || key === null) return [];
    if (element.kind === 'maybe') {
      const inner = typeof key === 'object' && 'maybe' in key ? key.maybe : [];
      return rowsOf(element.elements, inner, keyPath, path);
    }
    const isList = ['values', 'records', 'locations'].includes(element.kind);
    const suffix = isList ? '[]' : '';
    const name = typeof key === 'string' ? key : 'list' in key ? key.list : '';
    const field = `${path}${element.name}${suffix}`;
    const meaning = 'meaning' in element ? element.meaning : '';
    const row = [`\`${keyPath}${name}${suffix}\``, `\`${field}\``, meaning];
    if (element.kind !== 'records' || typeof key === 'string' || !('list' in key)) return [row];
    return [row, ...rowsOf(element.entry, key.entry, `${keyPath}${name}[].`, `${field}.`)];
  });
}
