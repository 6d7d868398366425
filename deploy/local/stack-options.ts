// The command-line options of every program that brings a stack, so that they read alike.
import { type Command, Option } from 'commander';
import type { StackOptions } from './stack.ts';

interface Values {
  readonly brokers?: string;
  readonly mqtt?: 'artemis' | 'mosquitto';
  readonly mqttUrl?: string;
  readonly kafka?: string;
  readonly registry?: string;
  readonly redis?: string;
}

export function addStackOptions(command: Command): Command {
  return command
    .addOption(new Option('--brokers <count>', 'Kafka nodes').choices(['1', '3']).default('1'))
    .addOption(
      new Option('--mqtt <broker>', 'MQTT broker')
        .choices(['artemis', 'mosquitto'])
        .default('artemis'),
    )
    .addOption(new Option('--mqtt-url <url>', 'use this MQTT broker, such as mqtt://host:1883'))
    .addOption(new Option('--kafka <host:port,…>', 'use this Kafka'))
    .addOption(new Option('--registry <url>', 'use this registry: its Confluent-compatible API'))
    .addOption(new Option('--redis <url>', 'use this Redis').env('REDIS_URL'));
}

/** What startStack wants, out of the options that addStackOptions gave the command. */
export function stackOptionsOf(command: Command): StackOptions {
  const { brokers, mqtt = 'artemis', mqttUrl, kafka, registry, redis } = command.opts<Values>();
  const external = { mqttUrl, kafkaBrokers: kafka, registryUrl: registry, redisUrl: redis };
  return { brokers: brokers === '3' ? 3 : 1, mqtt, external };
}
