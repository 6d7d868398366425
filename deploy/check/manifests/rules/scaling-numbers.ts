// The numbers of scalers: those of tuning.yaml, calm ones, and the bridge's own saturation.

import { processors } from '../facts.ts';
import { type Fault, fault } from '../fault.ts';
import { find, leavesOf, type Manifest, nameOf, type Tree } from '../manifest.ts';
import type { Installation, Rule } from '../rule.ts';
import { kafkaTriggers, scaledObjects } from './scaling.ts';

export const scalingNumberRules: readonly Rule[] = [
  { promise: 'every number of a scaler is that of tuning.yaml', check: numbers },
  { promise: 'the bridge scales by its own saturation, never by lag', check: saturation },
  { promise: 'scaling is calm, and blind scalers keep what there is', check: calm },
];

/** Path in a ScaledObject → key of tuning.yaml, after the name of the service. */
const behaviorPath = 'spec.advanced.horizontalPodAutoscalerConfig.behavior';
const numberKeys: Readonly<Record<string, readonly string[]>> = {
  'spec.minReplicaCount': ['minReplicas'],
  'spec.maxReplicaCount': ['maxReplicas'],
  'spec.fallback.replicas': ['fallbackReplicas'],
  [`${behaviorPath}.scaleUp.stabilizationWindowSeconds`]: ['scaleUpWindowSeconds'],
  [`${behaviorPath}.scaleUp.policies[0].value`]: ['scaleUpPercent', 'scaleUpPods'],
  [`${behaviorPath}.scaleUp.policies[0].periodSeconds`]: ['scaleUpPeriodSeconds'],
  [`${behaviorPath}.scaleDown.stabilizationWindowSeconds`]: ['scaleDownWindowSeconds'],
  [`${behaviorPath}.scaleDown.policies[0].value`]: ['scaleDownPercent', 'scaleDownPods'],
  [`${behaviorPath}.scaleDown.policies[0].periodSeconds`]: ['scaleDownPeriodSeconds'],
};

function numbers({ objects, tuning }: Installation): readonly Fault[] {
  return ['bridge', ...Object.keys(processors)].flatMap((name) => {
    const scaled = find(objects, 'ScaledObject', name);
    if (scaled === undefined) return [];
    const leaves = new Map(leavesOf(scaled));
    const faults = Object.entries(numberKeys).flatMap(([path, keys]) => {
      const key = keys.map((one) => `${name}.${one}`).find((one) => tuning.has(one));
      const wanted = key === undefined ? undefined : tuning.get(key);
      if (String(leaves.get(path)) === wanted) return [];
      const text = `${key ?? `${name}.${keys[0]}`}, ${wanted}`;
      return [fault(nameOf(scaled), path, text, leaves.get(path))];
    });
    return [...faults, ...unitFaults(scaled, name, tuning), ...lagNumbers(scaled, name, tuning)];
  });
}

/** Percent or pods: as the key says that gives the value. */
function unitFaults(scaled: Manifest, name: string, tuning: ReadonlyMap<string, string>) {
  const { behavior = {} } = scaled.spec.advanced?.horizontalPodAutoscalerConfig ?? {};
  return ['scaleUp', 'scaleDown'].flatMap((way) => {
    const wanted = tuning.has(`${name}.${way}Percent`) ? 'Percent' : 'Pods';
    const found = behavior[way]?.policies?.[0]?.type;
    if (found === wanted) return [];
    return [fault(nameOf(scaled), `${behaviorPath}.${way}.policies[0].type`, wanted, found)];
  });
}

function lagNumbers(
  scaled: Manifest,
  name: string,
  tuning: ReadonlyMap<string, string>,
): readonly Fault[] {
  return kafkaTriggers(scaled).flatMap(({ name: trigger, metadata }) => {
    const input = processors[name]?.inputs.find(({ topic }) => topic === metadata.topic);
    const isBackfill = input?.urgency === 'backfill';
    const key = `${name}.${isBackfill ? 'backfillLagThreshold' : 'lagThreshold'}`;
    if (metadata.lagThreshold === tuning.get(key)) return [];
    const path = `spec.triggers[name=${trigger}].metadata.lagThreshold`;
    return [fault(nameOf(scaled), path, `${key}, ${tuning.get(key)}`, metadata.lagThreshold)];
  });
}

/** Trigger → its threshold. */
const saturationKeys: Readonly<Record<string, string>> = {
  window: 'bridge.saturationThreshold',
  'event-loop': 'bridge.eventLoopThreshold',
};

function saturation({ objects, tuning }: Installation): readonly Fault[] {
  const scaled = find(objects, 'ScaledObject', 'bridge');
  if (scaled === undefined) return [fault('ScaledObject/bridge', '', 'one', 'none')];
  const at = nameOf(scaled);
  return scaled.spec.triggers.flatMap(({ name, type, metricType, metadata }: Tree) => {
    const path = `spec.triggers[name=${name}]`;
    if (type !== 'prometheus') return [fault(at, `${path}.type`, 'prometheus', type)];
    const faults: Fault[] = [];
    const want = (field: string, value: unknown, good: unknown) => {
      if (value !== good) faults.push(fault(at, `${path}.${field}`, String(good), value));
    };
    want('metricType', metricType ?? 'AverageValue', 'AverageValue');
    want('metadata.ignoreNullValues', metadata.ignoreNullValues, 'false');
    const threshold = tuning.get(saturationKeys[name] ?? '');
    want('metadata.threshold', metadata.threshold, threshold);
    // While Kafka is slow the query answers with replicas × threshold: as many as now.
    const held = String(metadata.query).trimEnd().split('\n').at(-1)?.trim();
    want('metadata.query, last line', held, threshold);
    want('metadata.serverAddress', metadata.serverAddress, tuning.get('prometheus.address'));
    return faults;
  });
}

const upWindowSecondsMin = 15;
const downWindowSecondsMin = 300;

function calm(installation: Installation): readonly Fault[] {
  return scaledObjects(installation).flatMap((scaled) => {
    const faults: Fault[] = [];
    const { fallback, advanced, minReplicaCount: min, maxReplicaCount: max } = scaled.spec;
    const at = nameOf(scaled);
    const { scaleUp, scaleDown } = advanced?.horizontalPodAutoscalerConfig?.behavior ?? {};
    const windows = [
      ['scaleUp', scaleUp?.stabilizationWindowSeconds, upWindowSecondsMin],
      ['scaleDown', scaleDown?.stabilizationWindowSeconds, downWindowSecondsMin],
    ] as const;
    for (const [name, found, least] of windows) {
      const path = `behavior.${name}.stabilizationWindowSeconds`;
      if (!(found >= least)) faults.push(fault(at, path, `at least ${least}`, found));
    }
    if (fallback?.behavior !== 'currentReplicasIfHigher') {
      const path = 'spec.fallback.behavior';
      faults.push(fault(at, path, 'currentReplicasIfHigher', fallback?.behavior));
    }
    if (!(fallback?.replicas >= min && fallback?.replicas <= max)) {
      faults.push(fault(at, 'spec.fallback.replicas', `${min} to ${max}`, fallback?.replicas));
    }
    return faults;
  });
}
