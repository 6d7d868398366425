// What every pod keeps to: the restricted profile of Pod Security, a root file system that cannot
// be written, no API token that nobody needs, probes that don't restart for others' faults.

import { type Fault, fault } from '../fault.ts';
import { nameOf, type Tree, workloadsOf } from '../manifest.ts';
import { type PodShape, podShapes } from '../pod-shapes.ts';
import type { Installation, Rule } from '../rule.ts';
import { programOf } from '../settings.ts';

export const podRules: readonly Rule[] = [
  { promise: 'every pod meets the restricted Pod Security profile', check: restricted },
  { promise: 'no root file system can be written', check: readOnlyRoot },
  { promise: 'no pod has an API token that it does not need', check: tokens },
  { promise: 'liveness asks no neighbour, and every probe has its port', check: probes },
  { promise: 'memory is limited to what is requested, and CPU is requested', check: resources },
];

function restricted({ objects }: Installation): readonly Fault[] {
  return podShapes(objects).flatMap((shape) => [
    ...podFaults(shape),
    ...shape.containers.flatMap((container) => containerFaults(shape, container)),
  ]);
}

const volumeTypes: ReadonlySet<string> = new Set([
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral'],
  ...['persistentVolumeClaim', 'projected', 'secret'],
]);

function podFaults({ at, path, pod }: PodShape): readonly Fault[] {
  const faults: Fault[] = [];
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) {
    if (pod[field] === true) faults.push(fault(at, `${path}.${field}`, 'false', true));
  }
  for (const volume of pod.volumes ?? []) {
    const type = Object.keys(volume).find((key) => key !== 'name') ?? 'nothing';
    if (volumeTypes.has(type)) continue;
    const wanted = `a volume of type ${[...volumeTypes].join(', ')}`;
    faults.push(fault(at, `${path}.volumes[name=${volume.name}]`, wanted, type));
  }
  if (pod.securityContext?.sysctls?.length > 0) {
    faults.push(fault(at, `${path}.securityContext.sysctls`, 'none', pod.securityContext.sysctls));
  }
  return faults;
}

function containerFaults({ at, path, pod }: PodShape, container: Tree): readonly Fault[] {
  const faults: Fault[] = [];
  const own = container.securityContext ?? {};
  const of = `${path}.containers[name=${container.name}]`;
  const want = (isMet: boolean, field: string, wanted: string, found: unknown) => {
    if (!isMet) faults.push(fault(at, `${of}.securityContext.${field}`, wanted, found));
  };
  const escalation = own.allowPrivilegeEscalation;
  want(escalation === false, 'allowPrivilegeEscalation', 'false', escalation);
  want(own.privileged !== true, 'privileged', 'false', own.privileged);
  const { drop = [], add = [] } = own.capabilities ?? {};
  want(drop.includes('ALL'), 'capabilities.drop', '[ALL]', drop);
  const isAddGood = add.every((name: string) => name === 'NET_BIND_SERVICE');
  want(isAddGood, 'capabilities.add', 'at most NET_BIND_SERVICE', add);
  const nonRoot = own.runAsNonRoot ?? pod.securityContext?.runAsNonRoot;
  want(nonRoot === true, 'runAsNonRoot', 'true, here or of the pod', nonRoot);
  const user = own.runAsUser ?? pod.securityContext?.runAsUser;
  want(user !== 0, 'runAsUser', 'not 0', user);
  const seccomp = (own.seccompProfile ?? pod.securityContext?.seccompProfile)?.type;
  const isProfile = seccomp === 'RuntimeDefault' || seccomp === 'Localhost';
  want(isProfile, 'seccompProfile.type', 'RuntimeDefault, here or of the pod', seccomp);
  want(own.procMount === undefined || own.procMount === 'Default', 'procMount', 'Default', own);
  for (const { hostPort } of container.ports ?? []) {
    if (hostPort) faults.push(fault(at, `${of}.ports`, 'no hostPort', hostPort));
  }
  return faults;
}

function readOnlyRoot({ objects }: Installation): readonly Fault[] {
  return workloadsOf(objects).flatMap(({ object, containers }) =>
    containers
      .filter((container) => container.securityContext?.readOnlyRootFilesystem !== true)
      .map((container) => {
        const path = `containers[name=${container.name}].securityContext.readOnlyRootFilesystem`;
        const found = container.securityContext?.readOnlyRootFilesystem;
        return fault(nameOf(object), path, 'true', found);
      }),
  );
}

/** Who talks to the API server, and why. */
const tokenNeeded: ReadonlyMap<string, string> = new Map([
  ['release', 'writes the ids of the schemas into a ConfigMap'],
]);

function tokens({ objects }: Installation): readonly Fault[] {
  return workloadsOf(objects).flatMap(({ object, pod, containers }) => {
    const at = nameOf(object);
    const faults: Fault[] = [];
    const account = pod.serviceAccountName;
    const isOurs = containers.some((container) => programOf(container) !== undefined);
    if (isOurs && (account === undefined || account === 'default')) {
      faults.push(fault(at, 'serviceAccountName', 'an account of its own', account ?? 'default'));
    }
    const isNeeded = tokenNeeded.has(object.metadata.name);
    if (!isNeeded && pod.automountServiceAccountToken !== false) {
      const found = pod.automountServiceAccountToken ?? 'nothing, which means true';
      faults.push(fault(at, 'automountServiceAccountToken', 'false', found));
    }
    return faults;
  });
}

function probes({ objects }: Installation): readonly Fault[] {
  const serving = workloadsOf(objects).filter(({ object }) => object.kind !== 'Job');
  return serving.flatMap(({ object, pod }) =>
    pod.containers.flatMap((container: Tree) => probesOf(nameOf(object), container)),
  );
}

function probesOf(at: string, container: Tree): readonly Fault[] {
  const faults: Fault[] = [];
  const of = `containers[name=${container.name}]`;
  for (const name of ['livenessProbe', 'readinessProbe']) {
    if (container[name] === undefined) faults.push(fault(at, `${of}.${name}`, 'one', 'none'));
  }
  for (const name of ['livenessProbe', 'startupProbe']) {
    const path: unknown = container[name]?.httpGet?.path;
    if (path === undefined || name === 'startupProbe' || path === '/livez') continue;
    const wanted = '/livez: a neighbour that is away must not restart us';
    faults.push(fault(at, `${of}.${name}.httpGet.path`, wanted, path));
  }
  const ports = (container.ports ?? []) as readonly Tree[];
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const port = container[name]?.httpGet?.port ?? container[name]?.tcpSocket?.port;
    if (port === undefined) continue;
    if (ports.some((one) => one.name === port || one.containerPort === port)) continue;
    faults.push(fault(at, `${of}.${name}`, 'a port of the container', port));
  }
  return faults;
}

function resources({ objects }: Installation): readonly Fault[] {
  return workloadsOf(objects).flatMap(({ object, containers }) =>
    containers.flatMap((container) => {
      const { requests = {}, limits = {} } = container.resources ?? {};
      const of = `containers[name=${container.name}].resources`;
      const at = nameOf(object);
      const faults: Fault[] = [];
      if (requests.cpu === undefined) faults.push(fault(at, `${of}.requests.cpu`, 'one', 'none'));
      if (limits.memory === undefined || limits.memory !== requests.memory) {
        const wanted = `as in requests, ${requests.memory ?? 'which lacks it'}`;
        faults.push(fault(at, `${of}.limits.memory`, wanted, limits.memory ?? 'none'));
      }
      return faults;
    }),
  );
}
