// Makes the schemas of this folder anew from published ones:
//   node deploy/schemas/update.ts <folder of CRDs> <folder of Kubernetes schemas>
// README.md says where the two folders come from.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import {
  definitionsFile,
  groupOf,
  type SchemaSource,
  schemaFileOf,
  schemaSources,
  versionOf,
} from './kinds.ts';
import { type Schema, strict, strictObjectSchema } from './strict.ts';

const [crdFolder, kubernetesFolder] = process.argv.slice(2);
if (crdFolder === undefined || kubernetesFolder === undefined) {
  process.stderr.write('Wanted two folders: of CRDs, and of Kubernetes schemas.\n');
  process.exit(1);
}

interface Crd {
  readonly file: string;
  readonly derived: boolean;
  readonly group: string;
  readonly kind: string;
  readonly versions: readonly { readonly name: string; readonly schema: Schema }[];
}

const crds = readCrds(crdFolder);
const shared = new Map<string, Schema>();
const definitions = readJson(join(kubernetesFolder, '_definitions.json'))['$defs'] as Schema;
share('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
for (const source of schemaSources) {
  if (source.from === 'crd') write(schemaFileOf(source), fromCrd(source));
  if (source.from === 'kubernetes') write(schemaFileOf(source), fromKubernetes(source));
}
write(definitionsFile, {
  $comment: commentOf(`kubernetes-validate, ${basename(kubernetesFolder)}`, 'Apache-2.0'),
  $defs: Object.fromEntries([...shared].sort(([a], [b]) => (a < b ? -1 : 1))),
});

function readCrds(folder: string): readonly Crd[] {
  const files = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
  return files.flatMap((file) => {
    const documents = parseAllDocuments(readFileSync(join(folder, file), 'utf8'));
    return documents.map((document) => crdOf(document.toJS(), file));
  });
}

// biome-ignore lint/suspicious/noExplicitAny: a document of others, of which a few fields are read.
function crdOf(crd: any, file: string): Crd {
  const versions = crd.spec.versions.map((version: { name: string; schema: Schema }) => ({
    name: version.name,
    schema: version.schema['openAPIV3Schema'] as Schema,
  }));
  const derived = crd.metadata.annotations?.derived !== undefined;
  return { file, derived, group: crd.spec.group, kind: crd.spec.names.kind, versions };
}

function fromCrd(source: SchemaSource): Schema {
  const { apiVersion, kind, licence } = source;
  const group = groupOf(apiVersion);
  // Where there is a published one, what was derived from documents steps back.
  const byTruth = crds.toSorted((a, b) => Number(a.derived) - Number(b.derived));
  for (const crd of byTruth.filter((one) => one.group === group && one.kind === kind)) {
    const version = crd.versions.find(({ name }) => name === versionOf(apiVersion));
    if (version === undefined) continue;
    const notes = crd.derived ? ' DERIVED from documents: never install it.' : '';
    const $comment = `${commentOf(crd.file, licence)}${notes}`;
    return { $comment, ...strictObjectSchema(version.schema, source) };
  }
  const name = `${group}_${kind.toLowerCase()}_${versionOf(apiVersion)}.json`;
  const file = readdirSync(crdFolder!).find((found) => found.endsWith(name));
  if (file === undefined) throw new Error(`want ${apiVersion} ${kind} in ${crdFolder}, found none`);
  const schema = readJson(join(crdFolder!, file));
  return { $comment: commentOf(file, licence), ...strictObjectSchema(schema, source) };
}

function fromKubernetes({ apiVersion, kind, licence }: SchemaSource): Schema {
  const group = groupOf(apiVersion).split('.')[0]!;
  const parts = [kind.toLowerCase(), group, versionOf(apiVersion)].filter((part) => part !== '');
  const file = `${parts.join('-')}.json`;
  const path = join(kubernetesFolder!, file);
  if (!existsSync(path)) throw new Error(`want ${apiVersion} ${kind} at ${path}, found no file`);
  const $comment = commentOf(
    `kubernetes-validate, ${basename(kubernetesFolder!)}/${file}`,
    licence,
  );
  const schema = strictObjectSchema(readJson(path), { apiVersion, kind });
  return { $comment, ...withSharedRefs(schema) };
}

/** Puts a definition and all that it names into the shared file. */
function share(name: string): void {
  if (shared.has(name)) return;
  const definition = definitions[name] as Schema | undefined;
  if (definition === undefined) throw new Error(`want a definition of ${name}, found none`);
  shared.set(name, {});
  shared.set(name, withSharedRefs(strictDefinition(name, definition)));
}

function strictDefinition(name: string, definition: Schema): Schema {
  if (name.endsWith('.IntOrString')) return { anyOf: [{ type: 'integer' }, { type: 'string' }] };
  if (name.endsWith('.Quantity')) return { anyOf: [{ type: 'number' }, { type: 'string' }] };
  return strict(definition);
}

/** `$ref`s of the published files point elsewhere. */
function withSharedRefs(schema: Schema): Schema {
  const text = JSON.stringify(schema, (key, value) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    const name = value.split('/').at(-1)!;
    share(name);
    return `${definitionsFile}#/$defs/${name}`;
  });
  return JSON.parse(text);
}

function commentOf(source: string, licence: string): string {
  return `Made by update.ts from ${source} (${licence}); strict, without descriptions.`;
}

function readJson(path: string): Schema {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function write(file: string, schema: Schema): void {
  const path = join(import.meta.dirname, file);
  const text = `${JSON.stringify(schema)}\n`;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(path, text);
  process.stdout.write(`${file} written, ${Math.ceil(text.length / 1024)} KiB\n`);
}
