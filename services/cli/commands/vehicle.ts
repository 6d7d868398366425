// `fleetwire vehicle <id>`: its state, its latest records, and where it is in the pipeline.

import type { Command } from 'commander';
import { loadConfig } from '#shared/runtime/config.ts';
import { nearest } from '#shared/runtime/nearest.ts';
import { readTable } from '../config.ts';
import { type CliContext, CommandFailed, withOptions } from '../context.ts';
import { seenVehicles } from '../near-vehicles.ts';
import { createRecordDecoder, withKafka } from '../neighbours.ts';
import { readRedisState } from '../redis-state.ts';
import { withStateStore } from '../state-store.ts';
import { vehicleJson } from '../vehicle-json.ts';
import { vehicleLines } from '../vehicle-lines.ts';
import { lookAtVehicle, type VehicleLook } from '../vehicle-look.ts';
import { redisText } from '../vehicle-source.ts';
import { wholeNumber } from '../whole-number.ts';
import { addForgetCommand } from './vehicle-forget.ts';

export function addVehicleCommands(program: Command, context: CliContext): void {
  const vehicle = program
    .command('vehicle')
    .description('the state of a vehicle, its latest records, and where it is in the pipeline')
    .argument('<id>', 'of the vehicle, as in its MQTT topic: the VIN wherever there is one')
    .option(
      '--look-back <n>',
      'records of its partition to read, of each topic, beginning with the latest',
      wholeNumber({ min: 1, max: 1_000_000 }),
      2_000,
    )
    .option(
      '--frames <n>',
      'latest records to show of each topic',
      wholeNumber({ min: 0, max: 1_000 }),
      3,
    )
    .option('--json', 'one object on one line')
    .option('--kafka <host:port,…>', 'brokers (KAFKA_BROKERS)')
    .option('--registry <url>', 'Confluent API of the registry (REGISTRY_URL)')
    .option('--redis <url>', 'where the state processor keeps its state (REDIS_URL)')
    .addHelpText('after', '\nExample:\n  fleetwire vehicle LFVTEST0000000001 --frames 10')
    .action((id: string, options: VehicleOptions) => showVehicle(id, options, context));
  addForgetCommand(vehicle, context);
}

interface VehicleOptions {
  readonly lookBack: number;
  readonly frames: number;
  readonly json?: true;
  readonly kafka?: string;
  readonly registry?: string;
  readonly redis?: string;
}

async function showVehicle(
  vehicleId: string,
  options: VehicleOptions,
  context: CliContext,
): Promise<void> {
  const given = {
    KAFKA_BROKERS: options.kafka,
    REGISTRY_URL: options.registry,
    REDIS_URL: options.redis,
  };
  const env = withOptions(context.env, given);
  const config = loadConfig(readTable, { env });
  const decoder = createRecordDecoder(config);
  await withKafka(config, async (client) => {
    const look = await withStateStore(env, (store) =>
      lookAtVehicle({
        client,
        decoder,
        vehicleId,
        lookBack: options.lookBack,
        framesMax: options.frames,
        askRedis: async (partition) => {
          if (store === null) return { kind: 'not_asked' };
          return readRedisState({ store, decoder, partition, vehicleId });
        },
      }),
    );
    if (isUnknown(look)) {
      const near = nearest(vehicleId, await seenVehicles(client));
      throw new CommandFailed(unknownText(look, near));
    }
    const nowAt = Date.now();
    if (options.json) context.out(JSON.stringify(vehicleJson(look, nowAt)));
    else for (const line of vehicleLines(look, nowAt)) context.out(line);
  });
}

/** One that was forgotten and has not come again is as good as unknown. */
function isUnknown({ redis, topicState, frames, pipeline }: VehicleLook): boolean {
  const hasState = redis.kind === 'found' || topicState !== null;
  return !hasState && frames.length === 0 && pipeline.every(({ latest }) => latest === null);
}

function unknownText(look: VehicleLook, near: string | undefined): string {
  const { vehicleId, redis, partition, lookBack } = look;
  const lines = [
    `want a vehicle that has been heard, found nothing of ${vehicleId}:`,
    `  ${redis.kind === 'found' ? 'Redis has it' : redisText(redis)}`,
    `  vehicle.state.v1 has none in the whole of partition ${partition}`,
    `  the other topics have none in the last ${lookBack} records of partition ${partition}` +
      ' (--look-back)',
  ];
  return [...lines, ...(near === undefined ? [] : [`did you mean ${near}?`])].join('\n');
}
