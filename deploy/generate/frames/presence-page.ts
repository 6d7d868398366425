// Writes docs/frames/presence.md: the fields of EMQX's client events that are read.

import { presenceFields } from '#shared/frame/presence/decode-message.ts';
import { page, table } from '../markdown.ts';

export function presencePage(): string {
  return page([
    '<!-- Written by `npm run generate` from shared/frame/presence: edit the table there. -->',
    "# EMQX's client events",
    opening,
    table(
      ['field', 'must be'],
      [
        [
          '`event`',
          '**Required.** `client.connected` or `client.disconnected`, with `$events/` or not',
        ],
        ...Object.entries(presenceFields).map(([name, { wanted }]) => {
          return [`\`${name}\``, `${name === 'clientid' ? '**Required.** ' : ''}${wanted}`];
        }),
      ],
    ),
  ]);
}

const opening = `How fleetwire reads what EMQX says of its clients, once a rule has sent \
\`client.connected\` and \`client.disconnected\` on to \`v1/up/{clientid}/presence\`. One flat \
JSON \
object; the rule chooses the fields. One that is absent, null, empty or the text \`undefined\` \
is not \
known. Fields that are not in this table are kept in \`fields\` of the record. They become \
lifecycle \
records with the events \`connected\` and \`disconnected\`.`;
