// `fleetwire schemas apply`: brings the registry to the schemas of this release.

import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  applySchemas,
  type SchemasApplied,
  type SchemasDone,
  type SubjectApplied,
} from '#shared/avro/apply.ts';
import { SchemaRefusedError } from '#shared/avro/registry-admin.ts';
import { RegistryError, signInOf } from '#shared/avro/registry-http.ts';
import { type SchemaIdsFile, schemaIdsText } from '#shared/avro/schema-ids-file.ts';
import { loadConfig } from '#shared/runtime/config.ts';
import { FatalError } from '#shared/runtime/retry.ts';
import { type SchemasApplyConfig, schemasApplyTable } from '../config.ts';
import { applyConfigMap, type ConfigMapApplied, clusterAccess } from '../config-map.ts';
import { type CliContext, CommandFailed, withOptions } from '../context.ts';

export function addSchemasCommands(program: Command, context: CliContext): void {
  program
    .command('schemas')
    .description('the Avro schemas in the registry')
    .command('apply')
    .description('register the schemas of this release with compatibility FULL_TRANSITIVE')
    .option('--registry <url>', 'Confluent API of the registry (REGISTRY_URL)')
    .option('--ids-file <file>', 'write the ids to this file for services (REGISTRY_IDS_FILE)')
    .option('--config-map <name>', 'write them to this ConfigMap; in a pod only', configMapName)
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--json', 'print the result as JSON')
    .action((options: SchemasApplyOptions) => schemasApply(options, context));
}

interface SchemasApplyOptions {
  readonly registry?: string;
  readonly idsFile?: string;
  readonly configMap?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

async function schemasApply(options: SchemasApplyOptions, context: CliContext): Promise<void> {
  const given = { REGISTRY_URL: options.registry, REGISTRY_IDS_FILE: options.idsFile };
  const config = loadConfig(schemasApplyTable, { env: withOptions(context.env, given) });
  const mode = options.dryRun ? 'report' : 'apply';
  if (config.registryIdsFile !== undefined) requireFolder(config.registryIdsFile);
  const writeConfigMap = configMapWriter(options.configMap, context);
  // A Job without the rights should change nothing either.
  await writeConfigMap({ subjects: {} }, 'report');
  const applied = await applySchemas({
    registry: config,
    mode,
    idsFile: config.registryIdsFile,
  }).catch((error: unknown) => fail(error, config));
  if (applied.kind === 'refused') {
    if (options.json) context.out(JSON.stringify({ mode, ...applied }));
    throw refusal(applied.refusals);
  }
  const { ids, ...done } = applied;
  const configMap = ids === null ? null : await writeConfigMap(ids, mode);
  if (options.json) context.out(JSON.stringify({ mode, ...done, configMap }));
  else for (const line of linesOf({ ...done, configMap }, mode)) context.out(line);
}

/** What a release did, as it is told. */
interface ReleaseDone extends Omit<SchemasDone, 'ids'> {
  readonly configMap: ConfigMapApplied | null;
}

/** The file's name in it. */
const configMapKey = 'schema-ids.json';

type ConfigMapWriter = (
  ids: SchemaIdsFile,
  mode: 'apply' | 'report',
) => Promise<ConfigMapApplied | null>;

/** Without a name it writes nothing. */
function configMapWriter(name: string | undefined, { env }: CliContext): ConfigMapWriter {
  if (name === undefined) return async () => null;
  const access = clusterAccess(env);
  return (ids, mode) => {
    return applyConfigMap(access, { name, data: { [configMapKey]: schemaIdsText(ids) }, mode });
  };
}

/** RFC 1123 subdomain, as Kubernetes wants names of ConfigMaps. */
function configMapName(text: string): string {
  const isName = text.length <= 253 && /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(text);
  if (isName) return text;
  throw new InvalidArgumentError('Wanted small letters, digits, dashes and dots.');
}

/** Before anything is registered: a release job with a wrong mount should change nothing. */
function requireFolder(idsFile: string): void {
  const folder = dirname(idsFile);
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const message = `${idsFile}: want a folder that can be written to, found ${code} at ${folder}`;
    throw new CommandFailed(message, { cause: error });
  }
}

/** A neighbour or the registry's own check; all else is a fault of ours. */
function fail(error: unknown, config: SchemasApplyConfig): never {
  if (error instanceof RegistryError || error instanceof FatalError) {
    const message = `${error.message} (the registry is ${signInOf(config).host})`;
    throw new CommandFailed(message, { cause: error });
  }
  if (!(error instanceof SchemaRefusedError)) throw error;
  throw new CommandFailed(error.message, { cause: error });
}

function refusal(refusals: Extract<SchemasApplied, { kind: 'refused' }>['refusals']): Error {
  const lines = refusals.map(
    ({ subject, wanted, found }) => `${subject}: want ${wanted}, found that ${found}`,
  );
  return new CommandFailed(['refused, nothing was changed', ...lines].join('\n'));
}

function linesOf(done: ReleaseDone, mode: 'apply' | 'report'): readonly string[] {
  const { subjects, idsFile, configMap } = done;
  const lines = subjects.flatMap((subject) => subjectLines(subject, mode));
  if (idsFile?.change === 'written') {
    lines.push(`${mode === 'apply' ? 'wrote' : 'would write'} ${idsFile.path}`);
  }
  if (configMap !== null) {
    const verb = mode === 'apply' ? 'wrote' : 'would write';
    lines.push(`${verb} ConfigMap ${configMap.namespace}/${configMap.name}`);
  }
  return [...lines, summary(subjects)];
}

function subjectLines(applied: SubjectApplied, mode: 'apply' | 'report'): string[] {
  const { subject, schema, change, compatibilityWas, id } = applied;
  const lines: string[] = [];
  if (compatibilityWas !== null) {
    const verb = mode === 'apply' ? 'set' : 'would set';
    lines.push(`${verb} ${subject} to FULL_TRANSITIVE, was ${compatibilityWas}`);
  }
  if (change === 'unchanged') return lines;
  const what = change === 'created' ? 'subject' : 'version of subject';
  const registered = mode === 'apply' ? `registered as id ${id}` : 'would be registered';
  return [...lines, `new ${what} ${subject}: ${schema} ${registered}`];
}

function summary(subjects: SchemasDone['subjects']): string {
  const count = (change: SubjectApplied['change']) =>
    subjects.filter((subject) => subject.change === change).length;
  const [created, versions] = [count('created'), count('new_version')];
  const unchanged = count('unchanged');
  const news = `${created} new, ${versions} with a new version`;
  return `${subjects.length} subjects: ${news}, ${unchanged} unchanged`;
}
