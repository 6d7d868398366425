// What an API server refuses beyond the shape of an object: rules of Kubernetes' own validation and
// those of the CRDs' CEL rules that our objects could break.

import { type Fault, fault } from '../fault.ts';
import { leavesOf, type Manifest, nameOf, selects, type Tree, workloadsOf } from '../manifest.ts';
import { byteCount } from '../quantity.ts';
import type { Installation, Rule } from '../rule.ts';

export const admissionRules: readonly Rule[] = [
  { promise: 'names, labels and ports are written as Kubernetes takes them', check: names },
  { promise: 'selectors find their own pods, and mounts their volumes', check: pods },
  { promise: 'nothing is asked for that excludes itself', check: exclusions },
  { promise: 'no container requests more than its limit', check: limits },
];

const subdomain = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const labelKey =
  /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const portName = /^(?!-)(?!.*--)(?=.*[a-z])[a-z0-9-]{1,15}(?<!-)$/;

/** Kinds whose name becomes a label or a host name. */
const short: ReadonlySet<string> = new Set(['Service', 'ScaledObject', 'Job', 'StatefulSet']);

function names({ objects }: Installation): readonly Fault[] {
  return objects.flatMap((object) => {
    const at = nameOf(object);
    const { name, labels = {} } = object.metadata;
    const faults: Fault[] = [];
    const most = short.has(object.kind) ? 63 : 253;
    if (!subdomain.test(name) || name.length > most) {
      faults.push(fault(at, 'metadata.name', `at most ${most} of a-z, 0-9, dash, dot`, name));
    }
    faults.push(...labelFaults(at, 'metadata.labels', labels));
    const template = object.spec?.template?.metadata?.labels ?? {};
    faults.push(...labelFaults(at, 'spec.template.metadata.labels', template));
    return [...faults, ...portFaults(object)];
  });
}

function labelFaults(at: string, path: string, labels: Readonly<Record<string, unknown>>) {
  return Object.entries(labels)
    .filter(([key, value]) => !labelKey.test(key) || !labelValue.test(String(value)))
    .map(([key, value]) => fault(at, path, 'a key and at most 63 characters', `${key}: ${value}`));
}

function portFaults(object: Manifest): readonly Fault[] {
  return [...leavesOf(object.spec ?? {})]
    .filter(([path]) => /(^|\.)(containers|initContainers)\[\d+\]\.ports\[\d+\]\.name$/.test(path))
    .filter(([, value]) => !portName.test(String(value)))
    .map(([path, value]) => {
      return fault(nameOf(object), path, 'at most 15 of a-z, 0-9 and dash', value);
    });
}

function pods({ objects }: Installation): readonly Fault[] {
  return workloadsOf(objects).flatMap(({ object, labels, pod, containers }) => {
    const at = nameOf(object);
    const faults: Fault[] = [];
    if (object.kind !== 'Job' && !selects(object.spec.selector, labels)) {
      faults.push(fault(at, 'spec.selector', 'labels of its own template', object.spec.selector));
    }
    for (const { topologyKey, labelSelector } of pod.topologySpreadConstraints ?? []) {
      if (selects(labelSelector, labels)) continue;
      const path = `topologySpreadConstraints[topologyKey=${topologyKey}].labelSelector`;
      faults.push(fault(at, path, 'labels of its own pods', labelSelector));
    }
    if (object.kind === 'Job' && !['OnFailure', 'Never'].includes(pod.restartPolicy)) {
      faults.push(fault(at, 'restartPolicy', 'OnFailure or Never', pod.restartPolicy));
    }
    const volumes = new Set<string>([
      ...(pod.volumes ?? []).map(({ name }: Tree) => name),
      ...(object.spec.volumeClaimTemplates ?? []).map(({ metadata }: Tree) => metadata.name),
    ]);
    for (const { name, volumeMounts = [] } of containers) {
      for (const mount of volumeMounts) {
        if (volumes.has(mount.name)) continue;
        const path = `containers[name=${name}].volumeMounts[name=${mount.name}]`;
        faults.push(fault(at, path, 'a volume of this name', [...volumes].join(', ') || 'none'));
      }
    }
    return faults;
  });
}

function exclusions({ objects }: Installation): readonly Fault[] {
  return objects.flatMap((object) => {
    const { spec = {}, kind } = object;
    const at = nameOf(object);
    const faults: Fault[] = [];
    const rolling = spec.strategy?.rollingUpdate ?? spec.updateStrategy?.replicants;
    if (isZero(rolling?.maxSurge) && isZero(rolling?.maxUnavailable)) {
      const wanted = 'maxSurge or maxUnavailable above 0: else nothing can be replaced';
      faults.push(fault(at, 'spec.strategy.rollingUpdate', wanted, 'both 0'));
    }
    const both = [spec, spec.coreTemplate?.spec, spec.replicantTemplate?.spec].filter(
      (one) => one?.minAvailable !== undefined && one?.maxUnavailable !== undefined,
    );
    if ((kind === 'PodDisruptionBudget' || kind === 'EMQX') && both.length > 0) {
      faults.push(fault(at, 'spec', 'minAvailable or maxUnavailable', 'both'));
    }
    if (object.apiVersion === 'apps.emqx.io/v3beta1') faults.push(...coreFaults(object));
    return faults;
  });
}

function isZero(value: unknown): boolean {
  return value === 0 || value === '0%';
}

function coreFaults(object: Manifest): readonly Fault[] {
  const { coreTemplate, replicantTemplate } = object.spec;
  const cores = coreTemplate?.spec?.replicas ?? 1;
  if (!(replicantTemplate?.spec?.replicas > 0) || cores >= 2) return [];
  const wanted = 'at least 2 beside replicants';
  return [fault(nameOf(object), 'spec.coreTemplate.spec.replicas', wanted, cores)];
}

function limits({ objects }: Installation): readonly Fault[] {
  return objects.flatMap((object) => {
    const leaves = new Map(leavesOf(object));
    return [...leaves]
      .filter(([path]) => /\.resources\.requests\.memory$/.test(path))
      .flatMap(([path, requested]) => {
        const limit = leaves.get(path.replace('.requests.', '.limits.'));
        if (limit === undefined || byteCount(requested) <= byteCount(limit)) return [];
        return [fault(nameOf(object), path, `at most the limit, ${limit}`, requested)];
      });
  });
}
