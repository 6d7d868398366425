// Every pod that an installation brings about: by templates of ours, and by custom resources, which
// name each container in a way of their own.

import { type Manifest, nameOf, ofKind, type Tree, workloadsOf } from './manifest.ts';

export interface PodShape {
  /** `Kafka/fleetwire`. */
  readonly at: string;
  /** Where the pod's own fields stand. */
  readonly path: string;
  readonly pod: Tree;
  readonly containers: readonly Tree[];
}

export function podShapes(objects: readonly Manifest[]): readonly PodShape[] {
  const ours = workloadsOf(objects).map(({ object, pod, containers }) => {
    return { at: nameOf(object), path: 'spec.template.spec', pod, containers };
  });
  return [
    ...ours,
    ...ofKind(objects, 'EMQX').flatMap(emqxPods),
    ...ofKind(objects, 'Kafka').flatMap(kafkaPods),
    ...ofKind(objects, 'ApicurioRegistry3').map(registryPods),
  ];
}

function emqxPods(object: Manifest): readonly PodShape[] {
  return ['coreTemplate', 'replicantTemplate'].flatMap((name) => {
    const spec = object.spec[name]?.spec;
    if (spec === undefined) return [];
    const { podSecurityContext: securityContext, extraContainers = [], initContainers = [] } = spec;
    const emqx = { name: 'emqx', securityContext: spec.containerSecurityContext };
    const pod = { securityContext, volumes: spec.extraVolumes };
    const containers = [...initContainers, emqx, ...extraContainers];
    return [{ at: nameOf(object), path: `spec.${name}.spec`, pod, containers }];
  });
}

/** Strimzi's default gives containers no security context; a restricted namespace wants one. */
function kafkaPods(object: Manifest): readonly PodShape[] {
  const { kafka, entityOperator, kafkaExporter } = object.spec;
  const parts: readonly (readonly [string, Tree, readonly string[]])[] = [
    ['kafka', kafka, kafka.rack ? ['kafkaContainer', 'initContainer'] : ['kafkaContainer']],
    ['entityOperator', entityOperator, ['topicOperatorContainer', 'userOperatorContainer']],
    ['kafkaExporter', kafkaExporter, ['container']],
  ];
  return parts
    .filter(([, part]) => part !== undefined)
    .map(([name, { template = {} }, containers]) => ({
      at: nameOf(object),
      path: `spec.${name}.template`,
      pod: { securityContext: template.pod?.securityContext, volumes: template.pod?.volumes },
      containers: containers.map((container) => {
        return { name: container, securityContext: template[container]?.securityContext };
      }),
    }));
}

function registryPods(object: Manifest): PodShape {
  const pod = object.spec.app?.podTemplateSpec?.spec ?? {};
  const containers = pod.containers ?? [{ name: 'apicurio-registry-app' }];
  return { at: nameOf(object), path: 'spec.app.podTemplateSpec.spec', pod, containers };
}
