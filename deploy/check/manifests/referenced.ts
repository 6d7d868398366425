// What an object names: found by the words that Kubernetes and the operators use for references, so
// that a new place for a Secret is seen without a new line here.

import { type Manifest, type Tree, workloadsOf } from './manifest.ts';

export interface Reference {
  readonly kind: string;
  readonly name: string;
  readonly keys: readonly string[];
  readonly path: string;
  readonly isOptional: boolean;
}

export function referencesOf(object: Manifest): readonly Reference[] {
  const found: Reference[] = [];
  walk(object.spec, 'spec', found);
  for (const [at, subject] of ((object['subjects'] ?? []) as readonly Tree[]).entries()) {
    if (subject.kind === 'ServiceAccount') {
      found.push(referenceTo('ServiceAccount', subject.name, `subjects[${at}]`));
    }
  }
  return [...found, ...claimsOf(object)];
}

function referenceTo(kind: string, name: string, path: string): Reference {
  return { kind, name, keys: [], path, isOptional: false };
}

/** Word → kind, where the word holds an object with a name. */
const words: Readonly<Record<string, string>> = {
  secret: 'Secret',
  secretRef: 'Secret',
  secretKeyRef: 'Secret',
  configMap: 'ConfigMap',
  configMapRef: 'ConfigMap',
  configMapKeyRef: 'ConfigMap',
  keystoreSecretRef: 'Secret',
  keystorePasswordSecretRef: 'Secret',
  truststoreSecretRef: 'Secret',
  truststorePasswordSecretRef: 'Secret',
};

/** Word → kind, where the word holds the name itself. */
const nameWords: Readonly<Record<string, string>> = {
  serviceAccountName: 'ServiceAccount',
  priorityClassName: 'PriorityClass',
};

const lists: Readonly<Record<string, string>> = {
  secretTargetRef: 'Secret',
  imagePullSecrets: 'Secret',
};

function walk(tree: Tree, path: string, found: Reference[]): void {
  if (tree === null || typeof tree !== 'object') return;
  if (Array.isArray(tree)) {
    for (const [at, value] of tree.entries()) walk(value, `${path}[${at}]`, found);
    return;
  }
  for (const [word, value] of Object.entries(tree) as [string, Tree][]) {
    note(word, value, `${path}.${word}`, found);
    walk(value, `${path}.${word}`, found);
  }
}

function note(word: string, value: Tree, path: string, found: Reference[]): void {
  if (nameWords[word] !== undefined && typeof value === 'string') {
    found.push(referenceTo(nameWords[word], value, path));
  } else if (lists[word] !== undefined && Array.isArray(value)) {
    for (const one of value) found.push(referenceOf(lists[word], one, path));
  } else if (word === 'issuerRef' && (value.kind ?? 'Issuer') === 'Issuer') {
    found.push(referenceTo('Issuer', value.name, path));
  } else if (word === 'ca' && typeof value?.secretName === 'string') {
    found.push(referenceTo('Secret', value.secretName, path));
  } else if (words[word] !== undefined && nameIn(value) !== undefined) {
    found.push(referenceOf(words[word], value, path));
  }
}

function nameIn(value: Tree): string | undefined {
  const name = value?.name ?? value?.secretName;
  return typeof name === 'string' ? name : undefined;
}

function referenceOf(kind: string, value: Tree, path: string): Reference {
  const items = Array.isArray(value.items) ? value.items.map((item: Tree) => item.key) : [];
  const keys = value.key === undefined ? items : [value.key];
  return { kind, name: nameIn(value)!, keys, path, isOptional: value.optional === true };
}

function claimsOf(object: Manifest): readonly Reference[] {
  return workloadsOf([object]).flatMap(({ pod }) =>
    ((pod.volumes ?? []) as readonly Tree[])
      .filter((volume) => volume.persistentVolumeClaim !== undefined)
      .map(({ persistentVolumeClaim: { claimName } }) =>
        referenceTo('PersistentVolumeClaim', claimName, 'spec.template.spec.volumes'),
      ),
  );
}
