// Kafka and the registry as the reading commands use them, and what is said when one is away.

import { createDecoder, type Decoder } from '#shared/avro/decoder.ts';
import { createRegistry } from '#shared/avro/registry.ts';
import type { RegistryConfig } from '#shared/avro/settings.ts';
import { createKafkaClient, type KafkaClient } from '#shared/kafka/client.ts';
import { failureOf } from '#shared/kafka/failures.ts';
import type { KafkaConfig } from '#shared/kafka/settings.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { CommandFailed } from './context.ts';

/** Its adapters tell what they do by what they answer. */
export const silent = createLogger({ level: 'silent', name: 'fleetwire' });

/** Closes the client however the work ends; a Kafka that fails is told in one line. */
export async function withKafka<T>(
  config: KafkaConfig,
  work: (client: KafkaClient) => Promise<T>,
): Promise<T> {
  const client = createKafkaClient(config, silent);
  try {
    return await work(client);
  } catch (error) {
    throw kafkaFailure(error, config);
  } finally {
    client.destroy();
  }
}

/** What is no failure of Kafka's comes back as it is. */
function kafkaFailure(error: unknown, config: KafkaConfig): unknown {
  const { code, detail } = failureOf(error);
  if (code === 'CLIENT_ERROR') return error;
  const message = `Kafka at ${config.kafkaBrokers.join(',')}: ${code}: ${detail}${hintOf(code)}`;
  return new CommandFailed(message, { cause: error });
}

function hintOf(code: string): string {
  if (code !== 'UNKNOWN_TOPIC_OR_PARTITION') return '';
  return ' (`fleetwire topics apply` makes the topics)';
}

/** Asks the registry only for what the records name. */
export function createRecordDecoder(config: RegistryConfig): Decoder {
  const registry = createRegistry(config);
  return createDecoder({ schemaById: (id) => registry.schemaById(id) });
}
