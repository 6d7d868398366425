// Whatever is named exists: it is rendered, an operator makes it from something rendered, or it
// stands in the list of what others bring.

import { type External, externalsOf } from '../externals.ts';
import { type Fault, fault } from '../fault.ts';
import {
  find,
  type Manifest,
  nameOf,
  ofKind,
  selects,
  type Tree,
  workloadsOf,
} from '../manifest.ts';
import { operatorPods } from '../operator-pods.ts';
import { type Provided, providedBy } from '../provided.ts';
import { type Reference, referencesOf } from '../referenced.ts';
import type { Installation, Rule } from '../rule.ts';

export const referenceRules: readonly Rule[] = [
  {
    promise: 'every Secret, ConfigMap, account, class and issuer that is named exists',
    check: closed,
  },
  { promise: 'scalers, roles and Services lead to something that is rendered', check: targets },
  { promise: 'every object has a name of its own', check: once },
];

function closed({ objects }: Installation): readonly Fault[] {
  const brought = { provided: providedBy(objects), externals: externalsOf(objects) };
  return objects.flatMap((object) =>
    referencesOf(object).flatMap((reference) => missing(object, reference, brought)),
  );
}

interface Brought {
  readonly provided: ReadonlyMap<string, Provided>;
  readonly externals: readonly External[];
}

function missing(
  object: Manifest,
  reference: Reference,
  { provided, externals }: Brought,
): readonly Fault[] {
  const { kind, name, path, keys, isOptional } = reference;
  const found = provided.get(`${kind}/${name}`);
  if (found === undefined) {
    const isExternal = externals.some((one) => one.kind === kind && one.name === name);
    if (isExternal || isOptional) return [];
    return [fault(nameOf(object), path, `${kind}/${name}`, 'none that is rendered or made')];
  }
  return keys
    .filter((key) => found.keys !== undefined && !found.keys.includes(key))
    .map((key) => {
      const has = found.keys!.join(', ') || 'none';
      return fault(nameOf(object), path, `key ${key} in ${kind}/${name}`, `${has} (${found.by})`);
    });
}

function targets({ objects }: Installation): readonly Fault[] {
  const faults: Fault[] = [];
  for (const scaled of ofKind(objects, 'ScaledObject')) {
    const { kind = 'Deployment', name } = scaled.spec.scaleTargetRef;
    if (find(objects, kind, name) === undefined) {
      faults.push(fault(nameOf(scaled), 'spec.scaleTargetRef', `${kind}/${name}`, 'nothing'));
    }
  }
  for (const binding of ofKind(objects, 'RoleBinding')) {
    const { kind, name } = binding['roleRef'];
    if (kind === 'Role' && find(objects, 'Role', name) === undefined) {
      faults.push(fault(nameOf(binding), 'roleRef', `Role/${name}`, 'nothing'));
    }
  }
  return [...faults, ...ofKind(objects, 'Service').flatMap((one) => serviceFaults(one, objects))];
}

function serviceFaults(service: Manifest, objects: readonly Manifest[]): readonly Fault[] {
  const { selector, ports = [] } = service.spec;
  if (selector === undefined) return [];
  const selector_ = { matchLabels: selector };
  const ours = workloadsOf(objects).filter(({ labels }) => selects(selector_, labels));
  const theirs = operatorPods(objects).filter(({ labels }) => selects(selector_, labels));
  if (ours.length + theirs.length === 0) {
    return [fault(nameOf(service), 'spec.selector', 'pods that are rendered or made', 'none')];
  }
  const open = [
    ...ours.flatMap(({ containers }) => containers.flatMap((one) => one.ports ?? [])),
    ...theirs.flatMap(({ ports: named }) =>
      Object.entries(named).map(([name, containerPort]) => ({ name, containerPort })),
    ),
  ] as readonly Tree[];
  return ports
    .filter(({ targetPort, port }: Tree) => {
      const wanted = targetPort ?? port;
      return !open.some(({ name, containerPort }) => name === wanted || containerPort === wanted);
    })
    .map(({ name, targetPort, port }: Tree) => {
      const path = `spec.ports[name=${name}].targetPort`;
      return fault(nameOf(service), path, 'a port of its pods', targetPort ?? port);
    });
}

function once({ objects }: Installation): readonly Fault[] {
  const seen = new Set<string>();
  return objects.flatMap((object) => {
    const { namespace = '' } = object.metadata;
    const name = `${object.apiVersion} ${namespace} ${nameOf(object)}`;
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [fault(nameOf(object), 'metadata.name', 'one object of this name', 'two')];
  });
}
