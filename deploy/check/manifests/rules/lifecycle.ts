// How pods come and go: nobody fights the scaler, a drain fits into its grace, a node can be
// drained.

import { servicePrograms } from '../facts.ts';
import { type Fault, fault } from '../fault.ts';
import {
  find,
  nameOf,
  ofKind,
  selects,
  type Tree,
  type Workload,
  workloadsOf,
} from '../manifest.ts';
import { operatorPods } from '../operator-pods.ts';
import type { Installation, Rule } from '../rule.ts';
import { loadedConfig } from '../settings.ts';

export const lifecycleRules: readonly Rule[] = [
  { promise: 'a rollout can be taken back, three times', check: revisions },
  { promise: 'what has a ScaledObject names no replicas', check: noReplicas },
  { promise: 'the drain ends well within the grace period', check: grace },
  {
    promise: 'every disruption budget holds exactly one workload and lets it move',
    check: budgets,
  },
  { promise: 'every scaled Deployment has a disruption budget', check: budgetMissing },
  {
    promise: 'a rollout takes one pod at a time and does not exceed the partitions',
    check: rollout,
  },
];

function noReplicas({ objects }: Installation): readonly Fault[] {
  return ofKind(objects, 'ScaledObject').flatMap(({ spec }) => {
    const { kind = 'Deployment', name } = spec.scaleTargetRef;
    const object = find(objects, kind, name);
    if (object === undefined) return [];
    const scaled = kind === 'EMQX' ? object.spec.replicantTemplate?.spec : object.spec;
    if (scaled?.replicas === undefined) return [];
    const path = kind === 'EMQX' ? 'spec.replicantTemplate.spec.replicas' : 'spec.replicas';
    return [
      fault(nameOf(object), path, 'none: KEDA sets it, and two would fight', scaled.replicas),
    ];
  });
}

/** After the drain: 5 s that the service gives its own exit, 5 s for the kubelet. */
const graceMarginMs = 10_000;

function grace({ objects }: Installation): readonly Fault[] {
  return workloadsOf(objects).flatMap((workload) => {
    const { object, pod } = workload;
    if (object.kind !== 'Deployment') return [];
    const drainMs = drainMsOf(workload, objects);
    if (drainMs === undefined) return [];
    const seconds = pod.terminationGracePeriodSeconds ?? 30;
    if (seconds * 1000 >= drainMs + graceMarginMs) return [];
    const drain = `a drain of ${drainMs / 1000} s and ${graceMarginMs / 1000} s more`;
    const wanted = `at least ${(drainMs + graceMarginMs) / 1000}: ${drain}`;
    const path = 'spec.template.spec.terminationGracePeriodSeconds';
    return [fault(nameOf(object), path, wanted, seconds)];
  });
}

function drainMsOf(workload: Workload, objects: Installation['objects']): number | undefined {
  const container = workload.pod.containers.find((one: Tree) => one.name in servicePrograms);
  if (container === undefined) return undefined;
  const config = loadedConfig(workload, container, objects) as { drainMs?: number } | undefined;
  return config?.drainMs;
}

function budgets({ objects }: Installation): readonly Fault[] {
  const pods = [
    ...workloadsOf(objects).map(({ object, labels }) => ({ owner: nameOf(object), labels })),
    ...operatorPods(objects),
  ];
  return ofKind(objects, 'PodDisruptionBudget').flatMap((object) => {
    const at = nameOf(object);
    const faults: Fault[] = [];
    const held = pods.filter(({ labels }) => selects(object.spec.selector, labels));
    if (held.length !== 1) {
      const found = held.map(({ owner }) => owner).join(', ') || 'none';
      faults.push(fault(at, 'spec.selector', 'exactly one workload', found));
    }
    const most = object.spec.maxUnavailable;
    if (most === undefined || Number.parseInt(String(most), 10) < 1) {
      faults.push(fault(at, 'spec.maxUnavailable', 'at least 1: 0 blocks a node drain', most));
    }
    return faults;
  });
}

function budgetMissing({ objects }: Installation): readonly Fault[] {
  const scaled = ofKind(objects, 'ScaledObject').map(({ spec }) => spec.scaleTargetRef.name);
  return workloadsOf(objects)
    .filter(({ object }) => object.kind === 'Deployment' && scaled.includes(object.metadata.name))
    .filter(
      ({ labels }) =>
        !ofKind(objects, 'PodDisruptionBudget').some(({ spec }) => selects(spec.selector, labels)),
    )
    .map(({ object }) => fault(nameOf(object), '', 'a PodDisruptionBudget', 'none'));
}

const revisionsMin = 3;

function revisions({ objects }: Installation): readonly Fault[] {
  return workloadsOf(objects)
    .filter(({ object }) => object.kind !== 'Job')
    .filter(({ object }) => !(object.spec.revisionHistoryLimit >= revisionsMin))
    .map(({ object }) => {
      const found = object.spec.revisionHistoryLimit ?? 'nothing said';
      return fault(nameOf(object), 'spec.revisionHistoryLimit', `at least ${revisionsMin}`, found);
    });
}

function rollout({ objects }: Installation): readonly Fault[] {
  const processors = ofKind(objects, 'ScaledObject')
    .filter(({ spec }) => spec.triggers.some((trigger: Tree) => trigger.type === 'kafka'))
    .map(({ spec }) => spec.scaleTargetRef.name);
  return ofKind(objects, 'Deployment').flatMap((object) => {
    const { maxSurge, maxUnavailable } = object.spec.strategy?.rollingUpdate ?? {};
    const at = nameOf(object);
    const path = 'spec.strategy.rollingUpdate';
    // A surge pod of a processor would idle beside the partitions and cost a second rebalance.
    if (processors.includes(object.metadata.name)) {
      if (maxSurge === 0) return [];
      return [fault(at, `${path}.maxSurge`, '0 for a processor', maxSurge ?? 'the default, 25 %')];
    }
    if (maxUnavailable === 0) return [];
    const found = maxUnavailable ?? 'the default, 25 %';
    return [fault(at, `${path}.maxUnavailable`, '0: replaced before it goes', found)];
  });
}
