// Images by digest, labels complete, nothing that only one cloud or one disk knows, and no number
// that tuning.yaml should have filled.

import { type Fault, fault } from '../fault.ts';
import { leavesOf, type Manifest, nameOf, ofKind, type Tree, workloadsOf } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';

export const objectRules: readonly Rule[] = [
  { promise: 'outside dev every image has a digest, and none is called latest', check: images },
  { promise: 'every object of ours carries the labels that people search by', check: labels },
  { promise: 'no number is left for tuning.yaml to fill', check: placeholders },
  { promise: 'no name or address is left that stands for yours', check: examples },
  { promise: 'no disk is shared by nodes', check: readWriteMany },
  { promise: 'Strimzi is asked for nothing older than v1', check: strimziVersions },
];

interface Image {
  readonly at: string;
  readonly path: string;
  readonly image: string;
}

function imagesOf(objects: readonly Manifest[]): readonly Image[] {
  const ours = workloadsOf(objects).flatMap(({ object, containers }) =>
    containers.map(({ name, image }) => {
      return { at: nameOf(object), path: `containers[name=${name}].image`, image };
    }),
  );
  const emqx = ofKind(objects, 'EMQX').map((object) => {
    return { at: nameOf(object), path: 'spec.image', image: object.spec.image };
  });
  return [...ours, ...emqx];
}

function images({ objects, environment, isShipped }: Installation): readonly Fault[] {
  return imagesOf(objects).flatMap(({ at, path, image }) => {
    if (image === undefined) return [fault(at, path, 'an image', 'none')];
    if (/:latest(@|$)/.test(image)) return [fault(at, path, 'a version', image)];
    if (environment === 'dev') return [];
    const digest = /@sha256:([0-9a-f]{64})$/.exec(image)?.[1];
    if (digest === undefined) return [fault(at, path, 'name@sha256:<64 hex digits>', image)];
    if (isShipped || !/^0+$/.test(digest)) return [];
    return [fault(at, path, 'the digest of your image', 'zeros, which stand for it')];
  });
}

const wantedLabels = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/component',
];

/** Objects that belong to the whole and to no one workload. */
const common: ReadonlySet<string> = new Set([
  ...['Namespace', 'PriorityClass', 'NetworkPolicy', 'TriggerAuthentication', 'PrometheusRule'],
]);

function isCommon({ kind, metadata }: Manifest): boolean {
  return common.has(kind) || metadata.labels?.['grafana_dashboard'] !== undefined;
}

function labels({ objects }: Installation): readonly Fault[] {
  const own = objects.flatMap((object) => {
    const wanted = isCommon(object) ? ['app.kubernetes.io/part-of'] : wantedLabels;
    return labelFaults(object, 'metadata.labels', object.metadata.labels ?? {}, wanted);
  });
  const pods = workloadsOf(objects).flatMap(({ object, labels: found }) =>
    labelFaults(object, 'spec.template.metadata.labels', found, wantedLabels),
  );
  return [...own, ...pods];
}

function labelFaults(
  object: Manifest,
  path: string,
  found: Readonly<Record<string, string>>,
  wanted: readonly string[],
): readonly Fault[] {
  const missing = wanted
    .filter((name) => found[name] === undefined)
    .map((name) => fault(nameOf(object), `${path}.[${name}]`, 'it', 'nothing'));
  const partOf = found['app.kubernetes.io/part-of'];
  if (partOf === undefined || partOf === 'fleetwire') return missing;
  return [...missing, fault(nameOf(object), `${path} part-of`, 'fleetwire', partOf)];
}

/** Zeros that mean zero; group 0 is that of Strimzi's images. */
const zeros =
  /(maxUnavailable|maxSurge|tolerance|initialDelaySeconds|stabilizationWindowSeconds|fsGroup)$/;
const zeroPlaces: readonly RegExp[] = [
  zeros,
  /\.volumes\[\d+\]\.id$/,
  /^data\b/,
  /priority$/i,
  /\.config\..*(bytes|ms)$/,
];

function placeholders({ objects, tuning }: Installation): readonly Fault[] {
  return objects.flatMap((object) =>
    [...leavesOf(object)]
      .filter(([path, value]) => isPlaceholder(path, value))
      .filter(([path]) => !(noReplicants.test(path) && tuning.get('emqx.replicants') === '0'))
      .map(([path, value]) => fault(nameOf(object), path, 'a value from tuning.yaml', value)),
  );
}

const noReplicants = /^spec\.replicantTemplate\.spec\.replicas$/;

function isPlaceholder(path: string, value: unknown): boolean {
  if (typeof value === 'string' && /set-by-tuning/i.test(value)) return true;
  if (value !== 0 && value !== '0' && value !== '0Mi' && value !== '0Gi') return false;
  return !zeroPlaces.some((place) => place.test(path));
}

/** Reserved for documentation: RFC 2606 and RFC 5737. */
const exampleWords = /\bexample\.(org|com|net)\b|\b(192\.0\.2|198\.51\.100|203\.0\.113)\.\d/;

/** What deploy/overlays ships has them; who uses it has others. */
function examples({ objects, isShipped }: Installation): readonly Fault[] {
  if (isShipped) return [];
  return objects.flatMap((object) =>
    [...leavesOf(object)]
      .filter(([, value]) => typeof value === 'string' && exampleWords.test(value))
      .map(([path, value]) => {
        const word = exampleWords.exec(String(value))![0];
        return fault(nameOf(object), path, 'a name or address of yours', word);
      }),
  );
}

function readWriteMany({ objects }: Installation): readonly Fault[] {
  return objects.flatMap((object) =>
    [...leavesOf(object)]
      .filter(([, value]) => value === 'ReadWriteMany')
      .map(([path]) => fault(nameOf(object), path, 'ReadWriteOnce', 'ReadWriteMany')),
  );
}

function strimziVersions({ objects }: Installation): readonly Fault[] {
  return objects
    .filter(({ apiVersion }) => /^(kafka|core)\.strimzi\.io\//.test(apiVersion))
    .filter(({ apiVersion }) => !apiVersion.endsWith('/v1'))
    .map((object) => {
      const wanted = 'kafka.strimzi.io/v1: Strimzi 1 serves nothing else';
      return fault(nameOf(object), 'apiVersion', wanted, object.apiVersion);
    });
}

/** Words of one cloud: in base and messaging they would bind everybody to it. */
const clouds = [
  ...['aws', 'azure', 'gke\\.io', 'gcp', 'alibabacloud', 'aliyun', 'tencent', 'huawei'],
  ...['oraclecloud', 'digitalocean', 'linode', 'scaleway'],
];
const cloudWords = new RegExp(clouds.join('|'), 'i');

/** For what `deploy/base` and `deploy/messaging` render, before any overlay. */
export function cloudFaults(objects: readonly Manifest[]): readonly Fault[] {
  return objects.flatMap((object) => {
    const faults: Fault[] = [];
    const service: Tree = object.kind === 'Service' ? object.spec : {};
    if (service.type === 'LoadBalancer' || service.loadBalancerClass !== undefined) {
      faults.push(
        fault(nameOf(object), 'spec.type', 'ClusterIP, an overlay opens it', 'a cloud’s'),
      );
    }
    for (const [path, value] of leavesOf(object)) {
      const isCloud = cloudWords.test(path) || (path.endsWith('storageClassName') && value);
      if (isCloud) faults.push(fault(nameOf(object), path, 'nothing of one cloud', value));
    }
    return faults;
  });
}
