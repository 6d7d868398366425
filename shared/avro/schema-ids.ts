// The ids that our schemas have in the registry: from the file where it fits, else looked up.
// A service never registers: that would change a contract by deploying it.

import type { Logger } from '../runtime/log.ts';
import { retryForever } from '../runtime/retry.ts';
import { type KafkaTopic, subjectOf, type TopicSpec, topicSpecs } from '../topics.ts';
import type { SchemaIds } from './encoder.ts';
import { createRegistry, type Registry } from './registry.ts';
import { signInOf } from './registry-http.ts';
import { readSchemaIdsFile, type SchemaIdsFile } from './schema-ids-file.ts';
import { ownSchemas } from './schemas.ts';
import type { RegistryConfig } from './settings.ts';

export interface SchemaIdsOptions {
  readonly config: RegistryConfig;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Resolves with the ids of all topics. Starts without the registry when the file knows our schemas;
 * else asks until the registry holds them, or the file has come to know them. Rejects with the
 * signal's reason, or with FatalError when the registry refuses who we are.
 */
export async function loadSchemaIds(options: SchemaIdsOptions): Promise<SchemaIds> {
  const { config, log, signal } = options;
  const file = config.registryIdsFile;
  const ids = file === undefined ? new Map<KafkaTopic, number>() : idsToldOf(file, log);
  const missing = topicSpecs.filter(({ topic }) => !ids.has(topic));
  if (missing.length === 0) {
    log.info({ file }, 'The file knows all schema ids; the registry is not asked.');
    return asSchemaIds(ids);
  }
  const lookUp = createLookUp(createRegistry(config), log);
  const retry = { what: 'Schema registry', log, signal };
  for (const spec of missing) {
    const look = async () => idInFile(file, spec) ?? (await lookUp(spec, signal));
    ids.set(spec.topic, await retryForever(retry, look));
  }
  const topics = missing.map(({ topic }) => topic);
  log.info({ registry: signInOf(config).host, topics }, 'Schema ids were looked up.');
  return asSchemaIds(ids);
}

/** A missing or broken file is no fault: the registry knows better. */
function idsToldOf(path: string, log: Logger): Map<KafkaTopic, number> {
  const ids = new Map<KafkaTopic, number>();
  let file: SchemaIdsFile;
  try {
    file = readSchemaIdsFile(path);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    log.warn({ file: path, cause }, 'The file of schema ids cannot be used; asking the registry.');
    return ids;
  }
  for (const spec of topicSpecs) {
    const id = idIn(file, spec);
    if (id !== null) ids.set(spec.topic, id);
  }
  const unknown = topicSpecs.filter(({ topic }) => !ids.has(topic)).map(({ topic }) => topic);
  if (unknown.length > 0) {
    log.warn(
      { file: path, topics: unknown },
      'The file of schema ids does not know our schemas; asking the registry.',
    );
  }
  return ids;
}

/** The file may come while the registry is away: a release writes its ConfigMap. */
function idInFile(path: string | undefined, spec: TopicSpec): number | null {
  if (path === undefined) return null;
  try {
    return idIn(readSchemaIdsFile(path), spec);
  } catch {
    return null;
  }
}

function idIn(file: SchemaIdsFile, { topic, schema }: TopicSpec): number | null {
  const found = file.subjects[subjectOf(topic)];
  return found?.sha256 === ownSchemas[schema].fingerprint ? found.id : null;
}

type LookUp = (spec: TopicSpec, signal: AbortSignal) => Promise<number>;

/** Says once, beside the line of the retry, that the schemas were never applied. */
function createLookUp(registry: Registry, log: Logger): LookUp {
  let isTold = false;
  return async ({ topic, schema }, signal) => {
    const subject = subjectOf(topic);
    const id = await registry.findId(subject, ownSchemas[schema].text, signal);
    if (id !== null) return id;
    if (!isTold) {
      isTold = true;
      log.warn({ subject, schema }, 'Our schema is not registered: run fleetwire schemas apply.');
    }
    throw new Error(`${subject} does not hold our ${schema}`);
  };
}

/** Complete by now: a Record of all topics. */
function asSchemaIds(ids: ReadonlyMap<KafkaTopic, number>): SchemaIds {
  return Object.fromEntries(ids) as SchemaIds;
}
