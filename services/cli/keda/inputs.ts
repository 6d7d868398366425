// What a plan is made of: keys of the tuning file, or options for one processor without a file.

import type { z } from 'zod';
import type { Environment, SettingSchema, SettingsTable } from '#shared/runtime/config.ts';
import {
  ConfigError,
  type ConfigFault,
  type ConfigOf,
  loadConfig,
  setting,
} from '#shared/runtime/config.ts';
import { integer, matching } from '#shared/runtime/config-schemas.ts';

const rateMax = 100_000_000;

const rate = (unit: string) => integer({ min: 1, max: rateMax, unit: `${unit}/s` });

const replicas = integer({ min: 1, max: 1000, unit: 'replicas' });

const partitions = integer({ min: 1, max: 10_000, unit: 'partitions' });

/** Decimals are allowed: measured times have them. */
function seconds({ min, max }: { readonly min: number; readonly max: number }) {
  const wanted = `seconds ${min}..${max}`;
  const digits = matching(/^\d{1,6}(\.\d{1,3})?$/, wanted) as z.ZodType<string, string>;
  return digits
    .transform(Number)
    .refine((value) => value >= min && value <= max)
    .describe(wanted) as SettingSchema<number>;
}

const start = seconds({ min: 0, max: 3600 });
const rebalance = seconds({ min: 0, max: 600 });
const delayBudget = seconds({ min: 1, max: 86_400 });

/** Of the whole fleet, of Kafka and of the bridge. */
export const fleetInputs = {
  baseRate: setting({
    name: 'fleet.baseRate',
    schema: rate('frames'),
    example: 30_000,
    doc: 'What all vehicles send together on an ordinary day.',
  }),
  peakRate: setting({
    name: 'fleet.peakRate',
    schema: rate('frames'),
    example: 90_000,
    doc: 'The highest rate that must be served without falling behind for good.',
  }),
  frameBytes: setting({
    name: 'fleet.frameBytes',
    schema: integer({ min: 1, max: 1_048_576, unit: 'bytes' }),
    example: 300,
    doc: 'Payload of one MQTT message.',
  }),
  partitions: setting({
    name: 'kafka.partitions',
    schema: partitions,
    example: 96,
    doc: 'Of each topic; the most replicas that a processor can have.',
  }),
  worstStallSeconds: setting({
    name: 'kafka.worstStallSeconds',
    schema: seconds({ min: 0.1, max: 3600 }),
    example: 14.3,
    doc: 'Longest pause of acknowledgements when one broker fails.',
  }),
  latencyMs: setting({
    name: 'kafka.latencyMs',
    schema: integer({ min: 1, max: 60_000, unit: 'ms' }),
    example: 70,
    doc: 'From receipt in the bridge to stored, p99, in calm operation.',
  }),
  bridgeRatePerReplica: setting({
    name: 'bridge.ratePerReplica',
    schema: rate('frames'),
    example: 51_000,
    doc: 'Frames that one bridge passes on at 70 % of one CPU.',
  }),
  bridgeStartSeconds: setting({
    name: 'bridge.startSeconds',
    schema: start,
    example: 15,
    doc: 'From a new pod of the bridge to ready.',
  }),
  connections: setting({
    name: 'bridge.connections',
    schema: integer({ min: 1, max: 16, unit: 'connections' }),
    example: 4,
    doc: 'MQTT connections of one bridge, each with its own window.',
  }),
};

export type FleetInputs = ConfigOf<typeof fleetInputs>;

/** Of one processor: `part` stands before the dot. */
export function processorInputs(part: string) {
  return {
    ratePerReplica: setting({
      name: `${part}.ratePerReplica`,
      schema: rate('records'),
      example: 13_300,
      doc: 'Records that one replica applies at 70 % of one CPU.',
    }),
    delayBudgetSeconds: setting({
      name: `${part}.delayBudgetSeconds`,
      schema: delayBudget,
      example: 90,
      doc: 'How long a record may wait while there are more replicas than the least.',
    }),
    startSeconds: setting({
      name: `${part}.startSeconds`,
      schema: start,
      example: 15,
      doc: 'From a new pod to ready, image pull included.',
    }),
    rebalanceSeconds: setting({
      name: `${part}.rebalanceSeconds`,
      schema: rebalance,
      example: 1,
      doc: 'For so long all members pause when one joins or leaves.',
    }),
    leastReplicas: setting({
      name: `${part}.leastReplicas`,
      schema: replicas,
      example: 2,
      doc: 'Never fewer, whatever the base rate.',
    }),
  };
}

/** One processor without a file. */
export const flagInputs = {
  baseRate: setting({
    name: '--rate',
    schema: rate('records'),
    example: 30_000,
    doc: 'what comes on an ordinary day, records/s',
  }),
  peakRate: setting({
    name: '--peak',
    schema: rate('records'),
    example: 90_000,
    doc: 'the highest rate that must be served, records/s',
  }),
  ratePerReplica: setting({
    name: '--per-replica',
    schema: rate('records'),
    example: 13_300,
    doc: 'what one replica does at 70 % of one CPU, records/s',
  }),
  delayBudgetSeconds: setting({
    name: '--delay',
    schema: delayBudget,
    example: 90,
    doc: 'how long a record may wait, s',
  }),
  partitions: setting({
    name: '--partitions',
    schema: partitions,
    example: 96,
    doc: 'of the topic',
  }),
  startSeconds: setting({
    name: '--start',
    schema: start,
    example: 15,
    doc: 'from a new pod to ready, s',
  }),
  rebalanceSeconds: setting({
    name: '--rebalance',
    schema: rebalance,
    example: 1,
    doc: 'pause of the group when a member joins or leaves, s',
  }),
  leastReplicas: setting({
    name: '--least',
    schema: replicas,
    default: 2,
    example: 1,
    doc: 'never fewer replicas, whatever the rate (2)',
  }),
};

/** Adds what is wrong to `faults`; null where something is. */
export function readInputs<Table extends SettingsTable>(
  table: Table,
  values: Environment,
  faults: ConfigFault[],
): ConfigOf<Table> | null {
  try {
    return loadConfig(table, { env: values });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
    return null;
  }
}
