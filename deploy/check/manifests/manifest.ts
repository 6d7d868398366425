// A Kubernetes object as rendered, and how the checks name and read it.

import { parseAllDocuments } from 'yaml';

// biome-ignore lint/suspicious/noExplicitAny: a tree of others; the schemas have checked its shape.
export type Tree = any;

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Tree;
  readonly data?: Readonly<Record<string, string>>;
  readonly [field: string]: Tree;
}

/** The objects of a stream of YAML documents; empty documents are left out. Throws on bad YAML. */
export function parseManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    const value = document.toJS({ maxAliasCount: 10_000 }) as Manifest | null;
    return value === null ? [] : [value];
  });
}

/** `Deployment/bridge`, as kubectl takes it. */
export function nameOf({ kind, metadata }: Pick<Manifest, 'kind' | 'metadata'>): string {
  return `${kind}/${metadata.name}`;
}

export function ofKind(objects: readonly Manifest[], kind: string): readonly Manifest[] {
  return objects.filter((object) => object.kind === kind);
}

export function find(objects: readonly Manifest[], kind: string, name: string) {
  return objects.find((object) => object.kind === kind && object.metadata.name === name);
}

/** A kind whose objects make pods by a template of ours. */
const workloadKinds: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'Job']);

export interface Workload {
  readonly object: Manifest;
  readonly template: Tree;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: Tree;
  readonly containers: readonly Tree[];
}

/** A CronJob is looked at as the Job that it makes. */
export function workloadsOf(objects: readonly Manifest[]): readonly Workload[] {
  return objects
    .map((object) => (object.kind === 'CronJob' ? jobOf(object) : object))
    .filter(({ kind }) => workloadKinds.has(kind))
    .map((object) => {
      const { template } = object.spec;
      const pod = template.spec;
      const containers = [...(pod.initContainers ?? []), ...pod.containers];
      return { object, template, labels: template.metadata?.labels ?? {}, pod, containers };
    });
}

function jobOf({ apiVersion, metadata, spec }: Manifest): Manifest {
  return { apiVersion, kind: 'Job', metadata, spec: spec.jobTemplate.spec };
}

/** matchLabels and matchExpressions, as the API server compares them. */
export function selects(selector: Tree, labels: Readonly<Record<string, string>>): boolean {
  const equal = Object.entries(selector?.matchLabels ?? {});
  const isEqual = equal.every(([key, value]) => labels[key] === value);
  return isEqual && (selector?.matchExpressions ?? []).every((one: Tree) => isMet(one, labels));
}

function isMet({ key, operator, values = [] }: Tree, labels: Readonly<Record<string, string>>) {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** Every leaf of a tree with its path: `spec.containers[0].image`. */
export function* leavesOf(tree: Tree, path = ''): Generator<readonly [string, unknown]> {
  if (tree === null || typeof tree !== 'object') {
    yield [path, tree];
  } else if (Array.isArray(tree)) {
    for (const [at, value] of tree.entries()) yield* leavesOf(value, `${path}[${at}]`);
  } else {
    for (const [key, value] of Object.entries(tree)) {
      yield* leavesOf(value, path === '' ? pathKey(key) : `${path}${joined(key)}`);
    }
  }
}

function joined(key: string): string {
  return /[./]/.test(key) ? pathKey(key) : `.${key}`;
}

/** As kustomize writes a key that has dots of its own. */
function pathKey(key: string): string {
  return /[./]/.test(key) ? `[${key}]` : key;
}
