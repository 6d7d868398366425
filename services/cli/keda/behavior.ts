// How fast the HPA may change the number of replicas: the same calm for every fleet.

import { type Answer, answer } from './answer.ts';

/** How often the HPA looks: its default. */
export const hpaSyncSeconds = 15;

/** The HPA leaves the number as it is while its ratio is within 10 % of 1. */
export const hpaTolerance = 0.1;

export const scaleUp = { windowSeconds: 30, percent: 100, periodSeconds: 60 };

export const processorScaleDown = { windowSeconds: 600, percent: 50, periodSeconds: 120 };

export const bridgeScaleDown = { windowSeconds: 600, pods: 1, periodSeconds: 120 };

/** `step` is what each change costs everybody. */
export function scaleUpAnswers(part: string, step: string): readonly Answer[] {
  const { windowSeconds, percent, periodSeconds } = scaleUp;
  return [
    answer(`${part}.scaleUpWindowSeconds`, windowSeconds, {
      reason: `two looks of the HPA (${hpaSyncSeconds} s each) must agree`,
      traps: [`Without a window a burst of seconds starts replicas, and ${step}.`],
    }),
    answer(`${part}.scaleUpPercent`, percent, {
      reason: 'doubles: few big steps instead of many small ones',
      traps: [`The HPA's own default steps again each 15 s, and ${step}.`],
    }),
    answer(`${part}.scaleUpPeriodSeconds`, periodSeconds, {
      reason: 'what the last step brought is seen before the next one',
    }),
  ];
}

export function scaleDownWindowAnswer(part: string): Answer {
  const { windowSeconds } = processorScaleDown;
  return answer(`${part}.scaleDownWindowSeconds`, windowSeconds, {
    reason: 'the highest need of the last ten minutes counts',
    traps: ['A shorter window follows each wave of traffic down and up again: flapping.'],
  });
}

export function processorScaleDownAnswers(part: string): readonly Answer[] {
  const { percent, periodSeconds } = processorScaleDown;
  return [
    scaleDownWindowAnswer(part),
    answer(`${part}.scaleDownPercent`, percent, {
      reason: 'half at most: one wrong reading cannot take all of them',
      traps: ['The default may take all replicas above the least at once.'],
    }),
    answer(`${part}.scaleDownPeriodSeconds`, periodSeconds, {
      reason: 'between two steps lag has time to show whether too many went',
    }),
  ];
}

export function bridgeScaleDownAnswers(part: string): readonly Answer[] {
  const { pods, periodSeconds } = bridgeScaleDown;
  return [
    scaleDownWindowAnswer(part),
    answer(`${part}.scaleDownPods`, pods, {
      reason: 'one by one: what one leaves behind goes to the others',
      traps: ['EMQX picks by hash modulo members: a step moves most vehicles to another bridge.'],
    }),
    answer(`${part}.scaleDownPeriodSeconds`, periodSeconds, {
      reason: 'what a leaver gave back is worked off before the next one leaves',
    }),
  ];
}

/** From the least to the most replicas when everything is wanted at once. */
export function secondsToMax(min: number, max: number, startSeconds: number): number {
  const steps = Math.ceil(Math.log2(max / min));
  if (steps === 0) return 0;
  const first = hpaSyncSeconds + scaleUp.windowSeconds;
  return first + (steps - 1) * scaleUp.periodSeconds + startSeconds;
}
