// Writes docs/topics.md: the data dictionary of every topic, from the topics table and the schemas.

import { consumerGroups, type Retention, type TopicSpec, topicSpecs } from '#shared/topics.ts';
import { type AvscNode, avroSchemaNames, readAvsc } from './avro-types.ts';
import { page, table } from './markdown.ts';
import { type FieldRow, fieldRows } from './schema-rows.ts';
import { type TopicPromise, topicPromises } from './topic-promises.ts';

export const topicsPagePath = 'docs/topics.md';

export function topicsPage(): string {
  return page([
    opening,
    topicTable(),
    '## Promises of each topic',
    ...topicSpecs.flatMap(promiseParts),
    ...avroSchemaNames.flatMap(schemaParts),
  ]);
}

const opening = `<!-- Written by \`npm run generate\` from shared/topics.ts and \
shared/avro/schemas: edit those. -->

# Topics and their fields

Every Kafka topic of fleetwire, what its records promise, and every field of them.

- **Key**: the vehicle's id as UTF-8 bytes. The partition is murmur2 of the key, as Java's default \
partitioner takes it: all records of a vehicle are in one partition of each topic, and in the \
partition of the same number of every topic.
- **Value**: Avro in the Confluent wire format (0x00, schema id as a big-endian int32, Avro). \
Subjects are \`<topic>-value\`, compatibility FULL_TRANSITIVE: any reader that has any version of \
a schema reads every record. Open sets of values are strings: take one that you do not know as \
"something else".
- **Time**: \`message.timestamp.type=LogAppendTime\`, the broker's clock; a car's is in the value. \
Times in values are ms since 1970-01-01 UTC.
- **Null** alone means "not reported". A sentinel of the standard is null and listed in \
\`fieldStates\` with its raw value \
([where a mark points](reasons.md#where-a-mark-on-a-field-points)).
- **Delivery**: at least once. Records may come twice, and duplicates can be recognised; see each \
topic.
- **Headers**: none but \`traceparent\` on sampled records.

The smallest consumers in TypeScript, Java, Python and Go: [docs/consumers](consumers/README.md).`;

function topicTable(): string {
  return table(
    ['topic', 'schema', 'kept', 'written by'],
    topicSpecs.map(({ topic, schema, retention, writers }) => [
      `[\`${topic}\`](#${topic.replaceAll('.', '')})`,
      `[${schema}](#${schema.replace('.', '')})`,
      retentionText(retention),
      writers.join(', '),
    ]),
  );
}

const dayMs = 24 * 60 * 60 * 1000;

function retentionText(retention: Retention): string {
  if (retention === 'compacted') return 'the latest of each vehicle, for good (compacted)';
  return `${retention.deleteAfterMs / dayMs} d`;
}

function promiseParts(spec: TopicSpec): readonly string[] {
  const promise: TopicPromise | undefined = topicPromises[spec.topic];
  if (promise === undefined) throw new Error(`no promises for ${spec.topic} in topic-promises.ts`);
  const readers = promise.readers
    .map((name) => `\`${consumerGroups[name as keyof typeof consumerGroups] ?? name}\``)
    .join(', ');
  return [
    `### \`${spec.topic}\``,
    promise.what,
    [
      `- **Order**: ${promise.order}`,
      `- **Duplicates**: ${promise.duplicates}`,
      `- **Kept**: ${retentionText(spec.retention)}`,
      ...(readers === '' ? [] : [`- **Read by**: ${readers}`]),
    ].join('\n'),
  ];
}

function schemaParts(name: string): readonly string[] {
  const schema: AvscNode = readAvsc(name);
  const topics = topicSpecs.filter((spec) => spec.schema === name).map(({ topic }) => topic);
  return [
    `## ${name}`,
    `${schema.doc ?? ''}\n\nIn ${topics.map((topic) => `\`${topic}\``).join(', ')}; the schema is \
[${name}.avsc](../shared/avro/schemas/${name}.avsc).`,
    table(['field', 'type', 'unit', 'range or values', 'meaning'], fieldRows(schema).map(cellsOf)),
  ];
}

function cellsOf({ path, type, unit, range, meaning }: FieldRow): readonly string[] {
  return [`\`${path}\``, type, unit, range, meaning];
}
