// The release Job brings Kafka and the registry to this release, and may touch nothing else.

import { commandPrograms } from '../facts.ts';
import { type Fault, fault } from '../fault.ts';
import { nameOf, ofKind, type Tree, type Workload, workloadsOf } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';
import { programOf } from '../settings.ts';

export const releaseRules: readonly Rule[] = [
  { promise: 'a Job applies the topics and then the schemas', check: job },
  { promise: 'the release may write its one ConfigMap and nothing else', check: rights },
];

function releaseOf({ objects }: Installation): Workload | undefined {
  return workloadsOf(objects).find(({ object }) => nameOf(object) === 'Job/release');
}

function job(installation: Installation): readonly Fault[] {
  const release = releaseOf(installation);
  if (release === undefined) return [fault('Job/release', '', 'it', 'nothing')];
  const found = release.containers.map((container) => {
    const program = programOf(container);
    return Object.keys(commandPrograms).find((name) => commandPrograms[name] === program) ?? '?';
  });
  const wanted = Object.keys(commandPrograms).join(', then ');
  if (found.join(', then ') === wanted) return [];
  return [fault('Job/release', 'containers', wanted, found.join(', then '))];
}

/** Server-side apply asks for both, and both can be held to one name. */
const verbs: ReadonlySet<string> = new Set(['create', 'get', 'patch']);

function rights(installation: Installation): readonly Fault[] {
  const release = releaseOf(installation);
  if (release === undefined) return [];
  const account: string = release.pod.serviceAccountName;
  const bindings = ofKind(installation.objects, 'RoleBinding').filter((binding) =>
    (binding['subjects'] ?? []).some((subject: Tree) => subject.name === account),
  );
  if (bindings.length !== 1) {
    const found = bindings.map(nameOf).join(', ') || 'none';
    return [fault('Job/release', 'rights', `one RoleBinding of ${account}`, found)];
  }
  const role = ofKind(installation.objects, 'Role').find(
    ({ metadata }) => metadata.name === bindings[0]!['roleRef'].name,
  );
  const name = configMapOf(release);
  return ((role?.['rules'] ?? []) as readonly Tree[])
    .filter((rule) => !isOnly(rule, name))
    .map((rule) => {
      const wanted = `create, get and patch of the ConfigMap ${name}`;
      return fault(nameOf(role!), 'rules', wanted, rule);
    });
}

function isOnly(rule: Tree, name: string | undefined): boolean {
  return (
    String(rule.apiGroups) === '' &&
    String(rule.resources) === 'configmaps' &&
    String(rule.resourceNames) === name &&
    rule.verbs.includes('patch') &&
    rule.verbs.every((verb: string) => verbs.has(verb))
  );
}

function configMapOf({ containers }: Workload): string | undefined {
  const words = containers.flatMap(({ command = [], args = [] }) => [...command, ...args]);
  const at = words.indexOf('--config-map');
  return at < 0 ? undefined : words[at + 1];
}
