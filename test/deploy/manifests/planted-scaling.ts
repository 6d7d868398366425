// Faults of scaling, each planted into a good installation.

import type { Tree } from '#deploy/check/manifests/manifest.ts';
import type { Planted } from './planted.ts';
import type { Breakable } from './rendered.ts';

export const triggerOf = ({ get }: Breakable): Tree => {
  return get('ScaledObject', 'state').spec.triggers[0];
};

export const scalingFaults: readonly Planted[] = [
  {
    rule: 'no group has more members than partitions',
    faults: {
      'one more than partitions': ({ get }) => {
        get('ScaledObject', 'state').spec.maxReplicaCount = 97;
      },
      'no divisor where partitions are spread evenly': (broken) => {
        triggerOf(broken).metadata.ensureEvenDistributionOfPartitions = 'true';
        broken.get('ScaledObject', 'state').spec.maxReplicaCount = 11;
      },
      'a canary beside all partitions': ({ get, objects }) => {
        get('ScaledObject', 'state').spec.maxReplicaCount = 96;
        const canary = structuredClone(get('Deployment', 'state'));
        canary.metadata.name = 'state-canary';
        objects.push(canary);
      },
    },
  },
  {
    rule: 'nothing scales below one, outside dev not below two',
    faults: {
      'to zero': ({ get }) => {
        get('ScaledObject', 'bridge').spec.minReplicaCount = 0;
      },
      'to one': ({ get }) => {
        get('ScaledObject', 'state').spec.minReplicaCount = 1;
      },
      'idle at zero': ({ get }) => {
        get('ScaledObject', 'state').spec.idleReplicaCount = 0;
      },
    },
  },
  {
    rule: 'each input of a processor has exactly one trigger, with the names of the code',
    faults: {
      'an input without a trigger': ({ get }) => {
        get('ScaledObject', 'state').spec.triggers.pop();
      },
      'an input with two': (broken) => {
        broken
          .get('ScaledObject', 'state')
          .spec.triggers.push({ ...triggerOf(broken), name: 'too' });
      },
      'another group': (broken) => {
        triggerOf(broken).metadata.consumerGroup = 'fleetwire-states';
      },
      'a key without its certificate': ({ get }) => {
        get('TriggerAuthentication', 'keda-kafka').spec.secretTargetRef.splice(1, 1);
      },
      'no TLS': (broken) => {
        triggerOf(broken).metadata.tls = 'disable';
      },
      'no authentication': (broken) => {
        triggerOf(broken).authenticationRef.name = 'kafka';
      },
    },
  },
  {
    rule: 'offsets that are not there count from the earliest, in KEDA as in the consumer',
    faults: {
      latest: (broken) => {
        triggerOf(broken).metadata.offsetResetPolicy = undefined;
      },
    },
  },
  {
    rule: 'no trigger has options that exclude each other or hide lag',
    faults: {
      'the sum of all replicas': (broken) => {
        triggerOf(broken).metricType = 'Value';
      },
      'no cap': (broken) => {
        triggerOf(broken).metadata.allowIdleConsumers = 'true';
      },
      'both ways to limit': (broken) => {
        triggerOf(broken).metadata.ensureEvenDistributionOfPartitions = 'true';
        triggerOf(broken).metadata.limitToPartitionsWithLag = 'true';
      },
    },
  },
  {
    rule: 'lag thresholds are the rate of a replica times the delay budget',
    faults: {
      'KEDA’s default': (broken) => {
        triggerOf(broken).metadata.lagThreshold = '10';
      },
      'another budget': ({ tuning }) => {
        tuning.set('state.delayBudgetSeconds', '60');
      },
    },
  },
  {
    rule: 'every number of a scaler is that of tuning.yaml',
    faults: {
      'least and most mixed up': ({ get }) => {
        get('ScaledObject', 'state').spec.minReplicaCount = 12;
      },
      'pods for percent': ({ get }) => {
        const { advanced } = get('ScaledObject', 'state').spec;
        advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.policies[0].type = 'Pods';
      },
      'up and down mixed up': ({ get }) => {
        const { advanced } = get('ScaledObject', 'bridge').spec;
        const { behavior } = advanced.horizontalPodAutoscalerConfig;
        [behavior.scaleUp, behavior.scaleDown] = [behavior.scaleDown, behavior.scaleUp];
      },
      'the threshold of backfill for live records': (broken) => {
        const key = 'state.backfillLagThreshold';
        triggerOf(broken).metadata.lagThreshold = broken.tuning.get(key);
      },
    },
  },
  {
    rule: 'the bridge scales by its own saturation, never by lag',
    faults: {
      'by lag': (broken) => {
        broken.get('ScaledObject', 'bridge').spec.triggers.push(triggerOf(broken));
      },
      'nothing found is zero': ({ get }) => {
        delete get('ScaledObject', 'bridge').spec.triggers[0].metadata.ignoreNullValues;
      },
      'another hold than threshold': ({ tuning }) => {
        tuning.set('bridge.saturationThreshold', '0.7');
      },
    },
  },
  {
    rule: 'scaling is calm, and blind scalers keep what there is',
    faults: {
      'no window down': ({ get }) => {
        const { advanced } = get('ScaledObject', 'state').spec;
        const { behavior } = advanced.horizontalPodAutoscalerConfig;
        behavior.scaleDown.stabilizationWindowSeconds = 60;
      },
      'a blind scaler scales in': ({ get }) => {
        get('ScaledObject', 'bridge').spec.fallback.behavior = 'static';
      },
    },
  },
];
