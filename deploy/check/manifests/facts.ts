// What the code says and the manifests must say too. Everything here is imported, nothing typed.

import { bridgeConfigTable, loadBridgeConfig } from '#services/bridge/config.ts';
import {
  checkTopicsApply,
  readTable,
  schemasApplyTable,
  topicsApplyTable,
} from '#services/cli/config.ts';
import { loadStateConfig, stateConfigTable } from '#services/state/config.ts';
import { stateInputs } from '#services/state/processor.ts';
import { type Environment, loadConfig, type SettingsTable } from '#shared/runtime/config.ts';
import { redisSettings } from '#shared/stream/redis-settings.ts';
import {
  consumerGroups,
  type KafkaTopic,
  kafkaTopics,
  topicSpecs,
  topicsOf,
} from '#shared/topics.ts';

export interface Program {
  readonly table: SettingsTable;
  /** Throws ConfigError. */
  readonly load: (env: Environment) => unknown;
}

/** Deployments of ours by name. */
export const servicePrograms: Readonly<Record<string, Program>> = {
  bridge: { table: bridgeConfigTable, load: loadBridgeConfig },
  state: { table: stateConfigTable, load: loadStateConfig },
};

/** Commands of `fleetwire` that run in a cluster, by their words. */
export const commandPrograms: Readonly<Record<string, Program>> = {
  'topics apply': {
    table: topicsApplyTable,
    load: (env) => checkTopicsApply(loadConfig(topicsApplyTable, { env })),
  },
  'schemas apply': {
    table: schemasApplyTable,
    load: (env) => loadConfig(schemasApplyTable, { env }),
  },
};

/** What people start in the container `toolbox`: `tail`, `vehicle`, `vehicle forget`, `lag`. */
const toolboxTable = { ...readTable, ...redisSettings };

export const toolboxProgram: Program = {
  table: toolboxTable,
  load: (env) => loadConfig(toolboxTable, { env }),
};

export interface ProcessorFacts {
  readonly group: string;
  readonly inputs: readonly { readonly topic: KafkaTopic; readonly urgency: string }[];
  /** Read when what Redis had is lost. */
  readonly stateTopic: KafkaTopic;
}

export const processors: Readonly<Record<string, ProcessorFacts>> = {
  state: { group: consumerGroups.state, inputs: stateInputs, stateTopic: kafkaTopics.state },
};

export interface Access {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly groups: readonly string[];
}

/** What each service does with Kafka, as the code has it. */
export const access: Readonly<Record<string, Access>> = {
  bridge: { reads: [], writes: topicsOf('bridge'), groups: [] },
  state: {
    reads: [...stateInputs.map(({ topic }) => topic), kafkaTopics.state],
    writes: topicsOf('state'),
    groups: [consumerGroups.state],
  },
};

/** Of people on duty. `tail` takes any topic, `vehicle forget` writes tombstones of states. */
export const toolboxAccess = {
  reads: topicSpecs.map(({ topic }) => topic),
  writes: [kafkaTopics.state],
  /** `lag` and `vehicle` ask how far they are. */
  looksAt: Object.values(consumerGroups),
} as const satisfies Record<string, readonly string[]>;
