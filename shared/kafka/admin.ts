// Topics as they should be: looks, creates, mends settings, and refuses what would move keys.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, ConfigEntries } from 'kafkajs';
import type { KafkaClient } from './client.ts';
import { failureOf } from './failures.ts';
import { kafkajs } from './kafkajs-patched.ts';
import { withAdmin } from './with-admin.ts';

export interface TopicSettings {
  readonly topic: string;
  /** `'compacted'`: the latest record of each key is kept, and a tombstone for a day. */
  readonly retention: { readonly deleteAfterMs: number } | 'compacted';
}

export interface ApplyTopicsOptions {
  readonly client: KafkaClient;
  readonly specs: readonly TopicSettings[];
  readonly partitions: number;
  readonly replication: number;
  readonly minIsr: number;
  /** 'report' changes nothing and answers what `apply` would change. */
  readonly mode: 'apply' | 'report';
}

export type TopicChange = TopicCreated | TopicConfigChanged;

export interface TopicCreated {
  readonly kind: 'created';
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
}

export interface TopicConfigChanged {
  readonly kind: 'config-changed';
  readonly topic: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Keys would move to other partitions, and with them order and offsets. Nothing was changed. */
export class PartitionCountError extends Error {
  readonly code = 'PARTITION_COUNT_DIFFERS';
  readonly topics: readonly string[];

  constructor(found: readonly TopicDescription[], wanted: number) {
    const each = found.map(({ topic, partitions }) => `${topic} has ${partitions}`).join(', ');
    super(
      `want ${wanted} partitions, but ${each}. A partition count belongs to a topic version: ask` +
        ' for the count that is there, or make a new version of the topic and move its readers.',
    );
    this.name = 'PartitionCountError';
    this.topics = found.map(({ topic }) => topic);
  }
}

/**
 * Idempotent: a second run answers no change. Looks at every topic before it changes one.
 * Throws PartitionCountError; rejects with the client's error when Kafka is away.
 */
export async function applyTopics(options: ApplyTopicsOptions): Promise<readonly TopicChange[]> {
  const { client, specs, partitions, mode } = options;
  return withAdmin(client, async (admin) => {
    const topics = specs.map(({ topic }) => topic);
    const found = new Map((await describe(admin, topics)).map((topic) => [topic.topic, topic]));
    const differing = [...found.values()].filter((topic) => topic.partitions !== partitions);
    if (differing.length > 0) throw new PartitionCountError(differing, partitions);
    const changes: TopicChange[] = [];
    for (const spec of specs) {
      const wanted = wantedConfig(spec, options.minIsr);
      const topic = found.get(spec.topic);
      if (topic === undefined) {
        if (mode === 'apply') await create(admin, spec.topic, wanted, options);
        changes.push(created(spec.topic, options));
        continue;
      }
      const changed = changesOf(topic, wanted);
      if (mode === 'apply' && changed.length > 0) await alter(admin, topic, wanted);
      changes.push(...changed);
    }
    return changes;
  });
}

export interface TopicDescription {
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  /** Every setting in force, defaults of the cluster included. */
  readonly config: ReadonlyMap<string, string>;
  /** Those set on the topic itself. */
  readonly ownConfig: ReadonlyMap<string, string>;
}

/** Topics that don't exist are left out. */
export async function describeTopics(
  client: KafkaClient,
  topics: readonly string[],
): Promise<readonly TopicDescription[]> {
  return withAdmin(client, (admin) => describe(admin, topics));
}

async function describe(
  admin: Admin,
  topics: readonly string[],
): Promise<readonly TopicDescription[]> {
  const described: TopicDescription[] = [];
  for (const topic of topics) {
    const partitions = await readPartitions(admin, topic);
    if (partitions.length === 0) continue;
    const { config, ownConfig } = await readConfig(admin, topic);
    const replication = partitions[0]!.replicas.length;
    described.push({ topic, partitions: partitions.length, replication, config, ownConfig });
  }
  return described;
}

const missing: ReadonlySet<string> = new Set(['UNKNOWN_TOPIC_OR_PARTITION']);

/** Empty where Kafka answers with one of `absences`. */
async function readPartitions(admin: Admin, topic: string, absences = missing) {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions ?? [];
  } catch (error) {
    if (absences.has(failureOf(error).code)) return [];
    throw error;
  }
}

async function readConfig(admin: Admin, topic: string) {
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({
    resources: [{ type, name: topic }],
    includeSynonyms: false,
  });
  const entries = (resources[0]?.configEntries ?? []) as readonly DescribedEntry[];
  const own = entries.filter(({ configSource }) => configSource === ownSource);
  return { config: mapOf(entries), ownConfig: mapOf(own) };
}

/** kafkajs's type leaves configSource out. */
type DescribedEntry = ConfigEntries & { readonly configSource: number };

const ownSource = kafkajs.ConfigSource.TOPIC_CONFIG;

function mapOf(entries: readonly DescribedEntry[]): ReadonlyMap<string, string> {
  return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
}

/** Every setting that `applyTopics` sets on a topic; the manifests of the topics say the same. */
export function wantedConfig(
  { retention }: TopicSettings,
  minIsr: number,
): ReadonlyMap<string, string> {
  return new Map([
    ...cleanupOf(retention),
    // A car's broken clock must not break retention or seeks by time.
    ['message.timestamp.type', 'LogAppendTime'],
    // A quarantined payload of 1 MiB and what stands around it.
    ['max.message.bytes', String(2 * 1024 * 1024)],
    ['min.insync.replicas', String(minIsr)],
    // Stored as the bridge compressed it: the broker never compresses again.
    ['compression.type', 'producer'],
  ]);
}

const dayMs = 24 * 60 * 60 * 1000;

function cleanupOf(retention: TopicSettings['retention']): readonly [string, string][] {
  if (retention !== 'compacted') {
    return [
      ['cleanup.policy', 'delete'],
      ['retention.ms', String(retention.deleteAfterMs)],
    ];
  }
  return [
    ['cleanup.policy', 'compact'],
    // What a vehicle's owner wants forgotten is gone a day after its tombstone, at the latest two.
    ['delete.retention.ms', String(dayMs)],
    ['max.compaction.lag.ms', String(dayMs)],
    // Only closed segments are compacted.
    ['segment.ms', String(dayMs / 2)],
    // Half of it old copies: what a rebuild reads stays within twice the number of vehicles.
    ['min.cleanable.dirty.ratio', '0.5'],
  ];
}

async function create(
  admin: Admin,
  topic: string,
  wanted: ReadonlyMap<string, string>,
  { partitions, replication }: ApplyTopicsOptions,
): Promise<void> {
  await admin.createTopics({
    // Brokers hear of the topic after the controller has it, and kafkajs takes that for a fault.
    waitForLeaders: false,
    topics: [
      {
        topic,
        numPartitions: partitions,
        replicationFactor: replication,
        configEntries: [...wanted].map(([name, value]) => ({ name, value })),
      },
    ],
  });
  await leaders(admin, topic, partitions);
}

const leaderless: ReadonlySet<string> = new Set([...missing, 'LEADER_NOT_AVAILABLE']);
const leadersMsMax = 30_000;
const askEveryMs = 50;

/** Resolves when every partition has a leader: from then on the topic can be written and read. */
async function leaders(admin: Admin, topic: string, partitions: number): Promise<void> {
  const giveUpAt = Date.now() + leadersMsMax;
  for (;;) {
    const found = await readPartitions(admin, topic, leaderless);
    const ledCount = found.filter(({ leader }) => leader >= 0).length;
    if (ledCount === partitions) return;
    if (Date.now() > giveUpAt) {
      throw new Error(`${topic}: want ${partitions} partitions with a leader, found ${ledCount}`);
    }
    await sleep(askEveryMs);
  }
}

function created(topic: string, { partitions, replication }: ApplyTopicsOptions): TopicCreated {
  return { kind: 'created', topic, partitions, replication };
}

function changesOf(
  { topic, config }: TopicDescription,
  wanted: ReadonlyMap<string, string>,
): readonly TopicConfigChanged[] {
  const changes: TopicConfigChanged[] = [];
  for (const [name, to] of wanted) {
    const from = config.get(name) ?? '';
    if (from !== to) changes.push({ kind: 'config-changed', topic, name, from, to });
  }
  return changes;
}

async function alter(
  admin: Admin,
  { topic, ownConfig }: TopicDescription,
  wanted: ReadonlyMap<string, string>,
): Promise<void> {
  // AlterConfigs replaces the whole set: what others set on the topic must be said again.
  const all = new Map([...ownConfig, ...wanted]);
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: [...all].map(([name, value]) => ({ name, value })),
      },
    ],
  });
}
