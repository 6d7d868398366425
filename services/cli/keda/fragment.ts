// The part of a ScaledObject that a plan decides, as YAML to be pasted.

import { stringify } from 'yaml';
import { processorScaleDown, scaleUp } from './behavior.ts';
import type { Plan } from './plan.ts';

/** Words in capitals are to be filled in: a plan knows no names. */
export function scaledObjectFragment(plan: Plan): string {
  const value = (name: string) =>
    plan.answers.find(({ key }) => key === `processor.${name}`)!.value;
  const spec = {
    minReplicaCount: Number(value('minReplicas')),
    maxReplicaCount: Number(value('maxReplicas')),
    fallback: {
      failureThreshold: 4,
      replicas: Number(value('fallbackReplicas')),
      behavior: 'currentReplicasIfHigher',
    },
    advanced: { horizontalPodAutoscalerConfig: { behavior } },
    triggers: [
      kafkaTrigger('LIVE-TOPIC', value('lagThreshold')),
      kafkaTrigger('BACKFILL-TOPIC', value('backfillLagThreshold')),
    ],
  };
  return stringify(spec).trimEnd();
}

const behavior = {
  scaleUp: {
    stabilizationWindowSeconds: scaleUp.windowSeconds,
    policies: [{ type: 'Percent', value: scaleUp.percent, periodSeconds: scaleUp.periodSeconds }],
  },
  scaleDown: {
    stabilizationWindowSeconds: processorScaleDown.windowSeconds,
    selectPolicy: 'Min',
    policies: [
      {
        type: 'Percent',
        value: processorScaleDown.percent,
        periodSeconds: processorScaleDown.periodSeconds,
      },
    ],
  },
};

function kafkaTrigger(topic: string, lagThreshold: string) {
  return {
    type: 'kafka',
    name: topic.toLowerCase(),
    metadata: {
      bootstrapServers: 'BROKERS',
      topic,
      consumerGroup: 'GROUP',
      lagThreshold,
      // A partition without commits counts as unread, which is how our processors start it, too.
      offsetResetPolicy: 'earliest',
    },
  };
}
