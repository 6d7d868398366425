// The bridge's settings: one table, the tables of the rooms it uses among them.

import { z } from 'zod';
import { registrySettings } from '#shared/avro/settings.ts';
import { checkKafkaConfig, kafkaSettings } from '#shared/kafka/settings.ts';
import { linkSettingsOf, mqttSettings } from '#shared/mqtt/settings.ts';
import {
  ConfigError,
  type ConfigFault,
  type ConfigOf,
  type Environment,
  loadConfig,
  setting,
} from '#shared/runtime/config.ts';
import { integer, json, matching } from '#shared/runtime/config-schemas.ts';
import { logSettings } from '#shared/runtime/log.ts';
import { opsSettings } from '#shared/runtime/ops-server.ts';
import { codecs, defaultRoutes, type Route } from '#shared/topics.ts';
import { answerSettings, partSettings, signatureSettings } from './codec-settings.ts';
import { routeFaults } from './route-faults.ts';

const routeSchema: z.ZodType<Route> = z.strictObject({
  filter: z.string().min(1).max(256),
  idLevel: z.number().int().min(0).max(15),
  codec: z.enum(codecs as [Route['codec'], ...Route['codec'][]]),
  identity: z.enum(['strict', 'record']).exactOptional(),
});

export const bridgeSettings = {
  bridgeName: setting({
    name: 'BRIDGE_NAME',
    schema: matching(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, dot, dash and underscore'),
    optional: true,
    example: 'bridge-0',
    doc: 'Of this replica: in the MQTT client id and every record’s origin. Host name otherwise.',
  }),
  routes: setting({
    name: 'BRIDGE_ROUTES',
    schema: json(z.array(routeSchema).min(1).max(32), 'a JSON list of routes'),
    default: JSON.stringify(defaultRoutes),
    example: '[{"filter":"cars/+/gb","idLevel":1,"codec":"gb32960"}]',
    doc:
      'What to subscribe: filter, which level (from 0) is the vehicle’s id, codec; `identity`' +
      ' `record` keeps a frame with another identity than its topic’s, which `strict` refuses.',
  }),
  connections: setting({
    name: 'BRIDGE_CONNECTIONS',
    schema: integer({ min: 1, max: 16, unit: 'connections' }),
    default: 2,
    example: 2,
    doc: 'MQTT connections, each with its own window; a broker serves one with one core.',
  }),
  windowFrames: setting({
    name: 'BRIDGE_WINDOW_FRAMES',
    schema: integer({ min: 1, max: 65_535, unit: 'messages' }),
    default: 4000,
    example: 4000,
    doc: 'Receive Maximum: un-acknowledged messages per connection. Rate × Kafka latency × 2.',
  }),
  brokerQueueFrames: setting({
    name: 'BRIDGE_BROKER_QUEUE_FRAMES',
    schema: integer({ min: 0, max: 100_000_000, unit: 'messages' }),
    default: 1000,
    example: 20_000,
    doc: 'So many the broker keeps per connection beyond its window: EMQX’s `max_mqueue_len`.',
  }),
  lanes: setting({
    name: 'BRIDGE_LANES',
    schema: integer({ min: 1, max: 64, unit: 'lanes' }),
    default: 4,
    example: 4,
    doc: 'Batches in flight at once; a partition always uses the same lane.',
  }),
  batchRecords: setting({
    name: 'BRIDGE_BATCH_RECORDS',
    schema: integer({ min: 1, max: 10_000, unit: 'records' }),
    default: 1000,
    example: 1000,
    doc: 'Most records in one request to Kafka.',
  }),
  batchBytes: setting({
    name: 'BRIDGE_BATCH_BYTES',
    schema: integer({ min: 1024, max: 16_777_216, unit: 'bytes' }),
    default: 524_288,
    example: 524_288,
    doc: 'Most bytes of keys and values in one request; a larger record travels alone.',
  }),
  batchAgeMs: setting({
    name: 'BRIDGE_BATCH_AGE_MS',
    schema: integer({ min: 0, max: 5000, unit: 'ms' }),
    default: 20,
    example: 20,
    doc: 'How long a record waits for company. More: fewer requests; less: lower latency.',
  }),
  payloadBytesMax: setting({
    name: 'BRIDGE_PAYLOAD_BYTES_MAX',
    schema: integer({ min: 64, max: 1_048_576, unit: 'bytes' }),
    default: 65_536,
    example: 65_536,
    doc: 'A larger payload is not decoded but goes to quarantine.',
  }),
  heldBytesMax: setting({
    name: 'BRIDGE_HELD_BYTES_MAX',
    schema: integer({ min: 1_048_576, max: 4_294_967_296, unit: 'bytes' }),
    // 48 MiB: fed with payloads of 64 KiB alone, a bridge then stays below 400 MiB (352 to 378
    // measured; with 128 MiB it was 502): the scenario `memory` of test/chaos.
    default: 50_331_648,
    example: 67_108_864,
    doc: 'Payloads and records that Kafka has not stored; at this bound no more is read.',
  }),
  refusalHoldMs: setting({
    name: 'BRIDGE_REFUSAL_HOLD_MS',
    schema: integer({ min: 1000, max: 86_400_000, unit: 'ms' }),
    default: 30_000,
    example: 60_000,
    doc:
      'So long a bridge that Kafka refuses (rights, credentials) stays in the shared group at' +
      ' least; then it leaves when the broker’s room for it is nearly used up.',
  }),
  drainMs: setting({
    name: 'BRIDGE_DRAIN_MS',
    schema: integer({ min: 1000, max: 600_000, unit: 'ms' }),
    default: 20_000,
    example: 20_000,
    doc: 'From SIGTERM to exit; what is not stored by then goes back un-acknowledged.',
  }),
};

export const bridgeConfigTable = {
  ...mqttSettings,
  ...kafkaSettings,
  ...registrySettings,
  ...bridgeSettings,
  ...answerSettings,
  ...partSettings,
  ...signatureSettings,
  ...opsSettings,
  ...logSettings,
};

export type BridgeConfig = ConfigOf<typeof bridgeConfigTable>;

/** Throws ConfigError, also where settings that are good alone do not fit together. */
export function loadBridgeConfig(env: Environment): BridgeConfig {
  const config = loadConfig(bridgeConfigTable, { env });
  const faults = [
    ...routeFaults(config.routes),
    ...boundFaults(config),
    ...faultsOf(() => linkSettingsOf(config)),
    ...faultsOf(() => checkKafkaConfig(config)),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** What a room finds in its own settings, to be told together with the rest. */
function faultsOf(check: () => unknown): readonly ConfigFault[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

function boundFaults(config: BridgeConfig): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const { lanes, batchBytes, heldBytesMax, kafkaInFlightBytesMax } = config;
  const { partBytesMax, partVehicleBytesMax } = config;
  const leastBytes = lanes * batchBytes;
  if (heldBytesMax < leastBytes) {
    const text =
      `BRIDGE_HELD_BYTES_MAX="${heldBytesMax}": want at least ` +
      `BRIDGE_LANES × BRIDGE_BATCH_BYTES = ${leastBytes}, else the lanes never fill`;
    faults.push({ name: 'BRIDGE_HELD_BYTES_MAX', text });
  }
  if (batchBytes > kafkaInFlightBytesMax) {
    const text =
      `BRIDGE_BATCH_BYTES="${batchBytes}": want at most ` +
      `KAFKA_IN_FLIGHT_BYTES_MAX = ${kafkaInFlightBytesMax}, else no full batch ever leaves`;
    faults.push({ name: 'BRIDGE_BATCH_BYTES', text });
  }
  if (partBytesMax < partVehicleBytesMax) {
    const text =
      `BRIDGE_PART_BYTES_MAX="${partBytesMax}": want at least ` +
      `BRIDGE_PART_VEHICLE_BYTES_MAX = ${partVehicleBytesMax}`;
    faults.push({ name: 'BRIDGE_PART_BYTES_MAX', text });
  }
  const { signatures, signatureKeysFolder } = config;
  if (signatureKeysFolder === undefined && Object.values(signatures).includes('require')) {
    const text =
      'BRIDGE_SIGNATURE_KEYS_FOLDER is missing: BRIDGE_SIGNATURES asks for signatures, ' +
      'want the keys to check them with, such as /etc/fleetwire/signature-keys';
    faults.push({ name: 'BRIDGE_SIGNATURE_KEYS_FOLDER', text });
  }
  return faults;
}
