// Writes docs/reasons.md: an entry for each reason code, from the tables of the rooms that
// name them.

import { keptReasons } from '#shared/frame/kept-reasons.ts';

import type { ReasonEntry, ReasonExample } from '#shared/frame/reasons.ts';
import { refusedReasons } from '#shared/frame/refused-reasons.ts';
import { streamReasonEntries } from '#shared/stream/reasons.ts';

export const reasonsPagePath = 'docs/reasons.md';

export function reasonsPage(): string {
  return [
    opening,
    '## Refused frames',
    ...Object.entries(refusedReasons).flatMap(([code, entry]) => section(code, entry)),
    '## Kept frames',
    keptOpening,
    ...Object.entries(keptReasons).flatMap(([code, entry]) => section(code, entry)),
    '## Refused records',
    recordsOpening,
    ...Object.entries(streamReasonEntries).flatMap(([code, entry]) => {
      return section(code, { ...entry, example: null });
    }),
    marks,
  ].join('\n\n');
}

function section(code: string, { meaning, example, toDo }: ReasonEntry): readonly string[] {
  return [`### \`${code}\``, meaning, ...exampleParts(example), `What to do: ${toDo}`];
}

function exampleParts(example: ReasonExample | null): readonly string[] {
  if (example === null) return [];
  if ('words' in example) return [`Example: ${example.words}`];
  if ('topic' in example) {
    return ['Example: the heartbeat above on this topic.', block('topic', example.topic)];
  }
  const { codec = 'gb32960' } = example;
  const where = codec === 'gb32960' ? [] : [`On the topic of the codec \`${codec}\`:`];
  const shown = 'hex' in example ? block('hex', example.hex) : block('text', example.text);
  return [...where, shown];
}

function block(kind: string, text: string): string {
  return `\`\`\`${kind}\n${text === '' ? '' : `${text}\n`}\`\`\``;
}

const opening = `<!-- Written by \`npm run generate\` from shared/frame/reasons.ts and \
shared/stream/reasons.ts: edit those. -->

# Why a frame was refused, or kept as bytes

Every frame that a vehicle sends ends in one record. This page lists each reason code that \
such a record can carry, and those of records that a processor could not use: the list is \
closed, and a test holds it equal to the code. \`fleetwire explain\` shows the place in the \
frame.

- A **refused** frame is a record in \`vehicle.quarantine.v1\`: the bytes in \`payload\`, the \
code in \`reason\`, what was wanted and what was found in \`detail\`, and in \`offset\` where \
in \`payload\` the fault lies. Its neighbours in the same MQTT message are not touched.
- A **kept** frame is intact but could not be read to its end. It is an ordinary record; \
nothing of it is in quarantine.

In both cases the vehicle's message is acknowledged: sending the same bytes again would come \
to the same end. Examples are composed frames of the vehicle \`LTESTVN0000000001\` on the \
topic \`v1/up/LTESTVN0000000001/gb32960\` where no other codec is named, in hex; spaces \
separate the start, the command, the response flag, the identity, the encryption byte, the \
length, the data unit and the check byte. For comparison, a good heartbeat:

\`\`\`hex good
2323 07 FE 4C54455354564E30303030303030303031 01 0000 BB
\`\`\`

Checks run in the order of this page, and the first that fails names the frame.`;

const keptOpening = `Opaque messages are in \`vehicle.lifecycle.v1\` with the event \
\`opaque\`, the code in \`reason\` and the data unit in \`body\`. Partial reports are in \
\`vehicle.telemetry.v1\` or \`vehicle.backfill.v1\` with \`isPartial\`, the code and what was \
found in \`partialReason\`, and the unread bytes in \`remainder\`. A parameter setting that \
breaks is in \`vehicle.lifecycle.v1\` with the outcome \`partial\`, the code in \`reason\` and\
 the unread bytes in \`remainder\`.`;

const recordsOpening = `A processor (\`fleetwire_stream_quarantined_total\`) puts into \
quarantine what it cannot use of the records it reads. \`source\` then has the kind \`kafka\` \
with topic, partition and offset, which are also the \`quarantineId\`: a record that is met \
again after a crash has the same one. \`payload\` is the value of the record, whole up to 1 \
MiB. The partition moves on; records beside it are applied.`;

const marks = `## Where a mark on a field points

Not a reason to refuse anything: \`fieldStates\` of a Telemetry lists the fields that are a \
sentinel (\`abnormal\`, \`invalid\`; the value is null) or \`out_of_range\` (a number keeps \
its computed value, a name becomes null), each with its raw value.

| path | what was marked |
| --- | --- |
| \`vehicle.speedKmh\`, \`motors[1].torqueNm\` | a field; places count from 0 |
| \`packs[0].cellVoltagesMv[4]\`, \`packs[0].cellVoltagesMv[3..7]\` | one element of an array,\
 or a run with the same raw value |
| \`motors\` | the count of a motor item |
| \`packs\` | the count of subsystems of a voltage item |
| \`packs[].temperaturesC\` | the count of subsystems of a temperature item |
| \`packs[0].cellVoltagesMv\`, \`packs[0].temperaturesC\`, \`fuelCell.probeTemperaturesC\`, \
\`alarms[0].ressFaults\` | the count of entries of that list |
| \`custom[0].bytes\` | the length of a custom item |
`;
