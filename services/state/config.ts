// The settings of the state processor: one table, the tables of the rooms it uses among them.

import { registrySettings } from '#shared/avro/settings.ts';
import { checkKafkaConfig, kafkaSettings } from '#shared/kafka/settings.ts';
import {
  ConfigError,
  type ConfigFault,
  type ConfigOf,
  type Environment,
  loadConfig,
  setting,
} from '#shared/runtime/config.ts';
import { integer } from '#shared/runtime/config-schemas.ts';
import { logSettings } from '#shared/runtime/log.ts';
import { opsSettings } from '#shared/runtime/ops-server.ts';
import { checkRedisConfig, redisSettings } from '#shared/stream/redis-settings.ts';
import { streamSettings } from '#shared/stream/settings.ts';
import { defaultTiming } from './apply.ts';

const dayMs = 24 * 60 * 60 * 1000;

export const stateSettings = {
  silentAfterMs: setting({
    name: 'STATE_SILENT_AFTER_MS',
    schema: integer({ min: 1000, max: 7 * dayMs, unit: 'ms' }),
    default: defaultTiming.silentAfterMs,
    example: 120_000,
    doc: 'A vehicle that was not heard for so long is silent. A few of its reporting periods.',
  }),
  offlineAfterMs: setting({
    name: 'STATE_OFFLINE_AFTER_MS',
    schema: integer({ min: 1000, max: 30 * dayMs, unit: 'ms' }),
    default: defaultTiming.offlineAfterMs,
    example: 1_800_000,
    doc: 'One that was not heard for so long is offline, also without logout or disconnect.',
  }),
  sessionGapMs: setting({
    name: 'STATE_SESSION_GAP_MS',
    schema: integer({ min: 1000, max: 7 * dayMs, unit: 'ms' }),
    default: defaultTiming.sessionGapMs,
    example: 600_000,
    doc: 'A longer time without a report is a pause between two drives, not a loss of reports.',
  }),
};

export const stateConfigTable = {
  ...kafkaSettings,
  ...redisSettings,
  ...registrySettings,
  ...streamSettings,
  ...stateSettings,
  ...opsSettings,
  ...logSettings,
};

export type StateConfig = ConfigOf<typeof stateConfigTable>;

/** Throws ConfigError, also where settings that are good alone do not fit together. */
export function loadStateConfig(env: Environment): StateConfig {
  const config = loadConfig(stateConfigTable, { env });
  const faults = [
    ...timingFaults(config),
    ...sessionFaults(config),
    ...faultsOf(() => checkKafkaConfig(config)),
    ...faultsOf(() => checkRedisConfig(config)),
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

function timingFaults({ silentAfterMs, offlineAfterMs }: StateConfig): ConfigFault[] {
  if (offlineAfterMs > silentAfterMs) return [];
  const text =
    `STATE_OFFLINE_AFTER_MS="${offlineAfterMs}": want more than ` +
    `STATE_SILENT_AFTER_MS = ${silentAfterMs}, found less: no vehicle would ever be silent`;
  return [{ name: 'STATE_OFFLINE_AFTER_MS', text }];
}

function sessionFaults({ sessionMs, heartbeatMs }: StateConfig): ConfigFault[] {
  if (heartbeatMs * 3 <= sessionMs) return [];
  const text =
    `STREAM_HEARTBEAT_MS="${heartbeatMs}": want at most a third of STREAM_SESSION_MS = ` +
    `${sessionMs}, else one lost heartbeat ends the session`;
  return [{ name: 'STREAM_HEARTBEAT_MS', text }];
}
