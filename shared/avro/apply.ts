// Brings the registry to our schemas and says what it changed. For releases, never for a service.

import { subjectOf, type TopicSpec, topicSpecs } from '../topics.ts';
import { incompatibilityOf } from './compatibility.ts';
import {
  createRegistryAdmin,
  fullTransitive,
  type RegistryAdmin,
  SchemaRefusedError,
  type SubjectState,
} from './registry-admin.ts';
import type { RegistryAccess } from './registry-http.ts';
import {
  type FileChange,
  type SchemaIdsFile,
  type SubjectId,
  writeSchemaIdsFile,
} from './schema-ids-file.ts';
import { type OwnSchema, ownSchemas } from './schemas.ts';

export interface ApplySchemasOptions {
  readonly registry: RegistryAccess;
  /** 'report' writes nothing and answers what `apply` would change. */
  readonly mode: 'apply' | 'report';
  /** Where schema-ids.json goes; undefined: nowhere. */
  readonly idsFile?: string | undefined;
  readonly signal?: AbortSignal;
  /** For tests; our own topics and schemas otherwise. */
  readonly subjects?: readonly WantedSubject[];
}

export interface WantedSubject {
  readonly subject: string;
  readonly schema: Pick<OwnSchema, 'name' | 'text' | 'fingerprint'>;
}

export type SchemasApplied = SchemasDone | SchemasRefused;

export interface SchemasDone {
  readonly kind: 'done';
  readonly subjects: readonly SubjectApplied[];
  /** What the file holds; null in a report while some id is not known yet. */
  readonly ids: SchemaIdsFile | null;
  /** Null: no file was asked for, or its ids are not known yet. */
  readonly idsFile: FileChange | null;
}

export interface SubjectApplied {
  readonly subject: string;
  readonly schema: string;
  readonly change: 'created' | 'new_version' | 'unchanged';
  /** The level before FULL_TRANSITIVE was set; null: it was set already, or the subject is new. */
  readonly compatibilityWas: string | null;
  /** Null in a report of what is not registered yet. */
  readonly id: number | null;
}

/** Nothing was changed. */
export interface SchemasRefused {
  readonly kind: 'refused';
  readonly refusals: readonly SubjectRefused[];
}

export interface SubjectRefused {
  readonly subject: string;
  readonly wanted: string;
  readonly found: string;
}

/**
 * Idempotent. Looks at every subject before it changes one, so that a refusal leaves all as it was.
 * Rejects with RegistryError or FatalError; with SchemaRefusedError when the registry is stricter
 * than our check: subjects before that one are then done, and a repeated run goes on.
 */
export async function applySchemas(options: ApplySchemasOptions): Promise<SchemasApplied> {
  const wanted = options.subjects ?? topicSpecs.map(wantedOf);
  const admin = createRegistryAdmin(options.registry, options.signal);
  const plans: Plan[] = [];
  for (const each of wanted) {
    plans.push({ ...each, state: await admin.look(each.subject, each.schema.text) });
  }
  const refusals = plans.flatMap(refusalOf);
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const subjects: SubjectApplied[] = [];
  for (const plan of plans) {
    const id = options.mode === 'apply' ? await carryOut(plan, admin) : plan.state.id;
    subjects.push(appliedOf(plan, id));
  }
  const ids = idsOf(plans, subjects);
  const { idsFile: path, mode } = options;
  const idsFile = ids && path !== undefined ? writeSchemaIdsFile(path, ids, mode) : null;
  return { kind: 'done', subjects, ids, idsFile };
}

interface Plan extends WantedSubject {
  readonly state: SubjectState;
}

function wantedOf({ topic, schema }: TopicSpec): WantedSubject {
  return { subject: subjectOf(topic), schema: ownSchemas[schema] };
}

function refusalOf({ subject, schema, state }: Plan): SubjectRefused[] {
  // Registered means accepted once; it may be a version that later ones have moved on from.
  if (state.id !== null) return [];
  const ours = { label: `our ${schema.name}`, text: schema.text };
  const found = incompatibilityOf(ours, state.versions);
  return found === null ? [] : [{ subject, wanted: `${fullTransitive} compatibility`, found }];
}

/** Answers the id. */
async function carryOut({ subject, schema, state }: Plan, admin: RegistryAdmin): Promise<number> {
  if (needsLevel(state)) await admin.setFullTransitive(subject);
  if (state.id !== null) return state.id;
  try {
    return await admin.register(subject, schema.text);
  } catch (error) {
    if (!(error instanceof SchemaRefusedError)) throw error;
    throw new SchemaRefusedError(`${subject}: ${error.message}`, { cause: error });
  }
}

function needsLevel({ compatibility }: SubjectState): boolean {
  return compatibility !== null && compatibility !== fullTransitive;
}

function appliedOf({ subject, schema, state }: Plan, id: number | null): SubjectApplied {
  const change = state.versions.length === 0 ? 'created' : 'new_version';
  return {
    subject,
    schema: schema.name,
    change: state.id === null ? change : 'unchanged',
    compatibilityWas: needsLevel(state) ? state.compatibility : null,
    id,
  };
}

function idsOf(plans: readonly Plan[], applied: readonly SubjectApplied[]): SchemaIdsFile | null {
  const subjects: Record<string, SubjectId> = {};
  for (const [index, { subject, id }] of applied.entries()) {
    if (id === null) return null;
    subjects[subject] = { id, sha256: plans[index]!.schema.fingerprint };
  }
  return { subjects };
}
