// `fleetwire tail`: the records of a topic, decoded, as they come.

import { type Command, Option } from 'commander';
import type { KafkaClient } from '#shared/kafka/client.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import { follow } from '#shared/kafka/reader.ts';
import { type PartitionSpan, readPartitionSpans, readStretches } from '#shared/kafka/stretches.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import type { KafkaTopic } from '#shared/topics.ts';
import { readTable } from '../config.ts';
import { type CliContext, withOptions } from '../context.ts';
import { createRecordDecoder, withKafka } from '../neighbours.ts';
import { recordJson } from '../record-json.ts';
import { recordLines } from '../record-lines.ts';
import { type Reading, recordsOf } from '../records-of.ts';
import { parseTopic, shortNames } from '../topic-name.ts';
import { wholeNumber } from '../whole-number.ts';

export function addTailCommand(program: Command, context: CliContext): void {
  program
    .command('tail')
    .description('the records of a topic, decoded, as they come; Ctrl-C ends it')
    .argument('<topic>', `${shortNames.join(', ')}, or the full name`, parseTopic)
    .option('--vehicle <id>', 'only of this vehicle; reads only its partition')
    .addOption(
      new Option('--from <place>', 'first record to show')
        .choices(['end', 'beginning'])
        .default('end'),
    )
    .option('--count <n>', 'end after so many records', wholeNumber({ min: 1, max: 1_000_000_000 }))
    .option('--json', 'a line of JSON for each record')
    .option('--kafka <host:port,…>', 'brokers (KAFKA_BROKERS)')
    .option('--registry <url>', 'Confluent API of the registry (REGISTRY_URL)')
    .addHelpText('after', example)
    .action((topic: KafkaTopic, options: TailOptions) => tail({ topic, ...options }, context));
}

const example = `
Example, the latest records of one vehicle from the first that is kept on:
  fleetwire tail telemetry --vehicle LFVTEST0000000001 --from beginning --count 10`;

interface TailOptions {
  readonly vehicle?: string;
  readonly from: 'end' | 'beginning';
  readonly count?: number;
  readonly json?: true;
  readonly kafka?: string;
  readonly registry?: string;
}

interface TailWanted extends TailOptions {
  readonly topic: KafkaTopic;
}

async function tail(wanted: TailWanted, context: CliContext): Promise<void> {
  const given = { KAFKA_BROKERS: wanted.kafka, REGISTRY_URL: wanted.registry };
  const config = loadConfig(readTable, { env: withOptions(context.env, given) });
  const decoder = createRecordDecoder(config);
  const enough = new AbortController();
  const signal = AbortSignal.any([context.untilStopped(), enough.signal]);
  const linesOf = wanted.json ? recordJson : recordLines;
  let leftCount = wanted.count ?? Number.POSITIVE_INFINITY;
  await withKafka(config, async (client) => {
    for await (const record of recordsOf(readingOf(client, wanted, signal))) {
      const decoded = record.value === null ? null : await decoder.decode(record.value);
      // What was read along with the last one that was wanted.
      if (signal.aborted) continue;
      for (const line of linesOf(record, decoded)) context.out(line);
      leftCount -= 1;
      if (leftCount === 0) enough.abort();
    }
  });
}

/** Of one vehicle only its partition is read. */
function readingOf(
  client: KafkaClient,
  { topic, vehicle, from }: TailWanted,
  signal: AbortSignal,
): Reading {
  if (vehicle === undefined) {
    return (onRecord) => follow({ client, topics: [topic], from, signal, onRecord });
  }
  const key = Buffer.from(vehicle);
  return async (onRecord) => {
    const { partition, low, high } = await spanOfKey(client, topic, key);
    const stretch = { topic, partition, from: from === 'end' ? high : low, end: Infinity };
    await readStretches({
      client,
      stretches: [stretch],
      signal,
      onRecord: (record) => {
        if (record.key?.equals(key)) onRecord(record);
      },
    });
  };
}

async function spanOfKey(client: KafkaClient, topic: string, key: Buffer): Promise<PartitionSpan> {
  const spans = await readPartitionSpans(client, [topic]);
  return spans[partitionOf(key, spans.length)]!;
}
