// Every object against the strict schema of its kind, as an API server in strict mode would.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { definitionsFile, schemaFileOf } from '#deploy/schemas/kinds.ts';
import { type Fault, fault } from './fault.ts';
import { type Manifest, nameOf, type Tree } from './manifest.ts';

const folder = join(import.meta.dirname, '..', '..', 'schemas');

let ajv: Ajv2020 | undefined;
const validators = new Map<string, ValidateFunction>();

/** Fields that no schema names, wrong types, missing fields, unknown kinds, keys given twice. */
export function validate(objects: readonly Manifest[]): readonly Fault[] {
  return objects.flatMap(faultsOf);
}

function faultsOf(object: Manifest): readonly Fault[] {
  const file = schemaFileOf(object);
  const at = nameOf(object);
  if (!existsSync(join(folder, file))) {
    const found = `${object.apiVersion} ${object.kind}`;
    return [fault(at, 'kind', 'a kind that deploy/schemas knows', found)];
  }
  const check = validatorOf(file);
  if (check(object)) return [];
  return mostTelling(check.errors ?? []).map((error) => told(at, object, error));
}

function validatorOf(file: string): ValidateFunction {
  const known = validators.get(file);
  if (known !== undefined) return known;
  ajv ??= createAjv();
  const made = ajv.compile(readSchema(file));
  validators.set(file, made);
  return made;
}

function createAjv(): Ajv2020 {
  const made = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    // Patterns are Go's: some escape what JavaScript's `u` flag wants bare.
    unicodeRegExp: false,
    // Few objects for large schemas: what compiling costs is not earned back (half the time).
    code: { optimize: false },
    inlineRefs: false,
    validateSchema: false,
  });
  formats.default(made, { mode: 'fast' });
  made.addKeyword({ keyword: 'x-kubernetes-list-map-keys', type: 'array', validate: hasKeysOnce });
  made.addSchema(readSchema(definitionsFile), definitionsFile);
  return made;
}

/** A list that is a map by some fields: the API server refuses what stands in it twice. */
function hasKeysOnce(keys: readonly string[], list: readonly Tree[]): boolean {
  const seen = new Set(list.map((item) => JSON.stringify(keys.map((key) => item?.[key] ?? null))));
  return seen.size === list.length;
}

function readSchema(file: string): object {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** Where a value fits no branch, Ajv tells of each branch and of the whole; the whole is enough. */
function mostTelling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const whole = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  return errors.filter(
    (error) => !whole.some((one) => one !== error && error.schemaPath.startsWith(one.schemaPath)),
  );
}

function told(at: string, object: Manifest, error: ErrorObject): Fault {
  const path = pathOf(object, error.instancePath);
  const found = shown(error.data);
  switch (error.keyword) {
    case 'additionalProperties': {
      const name: string = error.params['additionalProperty'];
      const known = Object.keys((error.parentSchema as Tree)?.properties ?? {});
      const wanted = known.length === 0 ? 'no field here' : `one of ${listed(known)}`;
      return fault(at, joinPath(path, name), wanted, 'a field that the schema does not know');
    }
    case 'required':
      return fault(at, joinPath(path, error.params['missingProperty']), 'it', 'nothing');
    case 'type':
      return fault(at, path, String(error.params['type']), found);
    case 'enum':
      return fault(at, path, `one of ${listed(error.params['allowedValues'])}`, found);
    case 'const':
      return fault(at, path, shown(error.params['allowedValue']), found);
    case 'x-kubernetes-list-map-keys':
      return fault(at, path, `each ${listed(error.schema as string[])} once`, 'one twice');
    default:
      return fault(at, path, error.message ?? error.keyword, found);
  }
}

const listedMax = 12;

function listed(names: readonly unknown[]): string {
  const some = names.slice(0, listedMax).join(', ');
  return names.length > listedMax ? `${some}, …` : some;
}

const shownCharsMax = 80;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > shownCharsMax ? `${text.slice(0, shownCharsMax)}…` : text;
}

/** Ajv's `/spec/containers/0` as `spec.containers[0]`. */
function pathOf(object: Manifest, pointer: string): string {
  let value: Tree = object;
  let path = '';
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path = Array.isArray(value) ? `${path}[${key}]` : joinPath(path, key);
    value = value?.[key];
  }
  return path;
}

function joinPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
