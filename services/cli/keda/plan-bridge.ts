// The KEDA numbers of the bridge: it has no lag, so its own saturation scales it.

import { type Answer, answer, type PartPlan, type PlanFault } from './answer.ts';
import { shown, timesFitted } from './arithmetic.ts';
import { bridgeScaleDownAnswers, scaleUpAnswers, secondsToMax } from './behavior.ts';
import { peakBelowBase, plannedShare } from './plan-processor.ts';

export interface BridgeInputs {
  /** Frames a second of the whole fleet. */
  readonly baseRate: number;
  readonly peakRate: number;
  /** Frames a second of one replica at 70 % of one CPU. */
  readonly ratePerReplica: number;
  readonly startSeconds: number;
}

export type BridgePlan = PartPlan<BridgeInputs> & {
  readonly min: number;
};

/** Of the window: what is in flight at the planned rate is half of it. */
export const saturationThreshold = 0.6;

/** EMQX drops what comes while no member is there; of two, one may fail or roll. */
export const bridgesMin = 2;

export function planBridge(inputs: BridgeInputs): BridgePlan {
  const { baseRate, peakRate, ratePerReplica } = inputs;
  const forBase = timesFitted(baseRate, plannedShare * ratePerReplica);
  const min = Math.max(bridgesMin, forBase);
  const forPeak = timesFitted(peakRate, ratePerReplica);
  const max = Math.max(forPeak, min) + 1;
  const fallback = Math.max(min, forPeak);
  return {
    min,
    faults: faultsOf(inputs),
    answers: [
      saturationAnswer(),
      minAnswer(inputs, { min, forBase }),
      maxAnswer(inputs, { max, forPeak }),
      answer('bridge.fallbackReplicas', fallback, {
        reason:
          `without Prometheus KEDA must expect the peak, which takes ${forPeak}; ` +
          'with currentReplicasIfHigher',
        traps: [
          'ignoreNullValues must be "false": by default an empty answer counts as 0, ' +
            'which takes bridges away.',
        ],
      }),
      ...scaleUpAnswers('bridge', 'each start moves most vehicles to another bridge'),
      ...bridgeScaleDownAnswers('bridge'),
    ],
    figures: [
      { name: 'bridge: least replicas carry at 70 % CPU', value: min * ratePerReplica, unit: '/s' },
      {
        name: 'bridge: from the least to the most replicas',
        value: secondsToMax(min, max, inputs.startSeconds),
        unit: 's',
      },
    ],
  };
}

function faultsOf({ baseRate, peakRate }: BridgeInputs): readonly PlanFault<BridgeInputs>[] {
  if (peakRate >= baseRate) return [];
  return [{ input: 'peakRate', text: peakBelowBase(baseRate, peakRate) }];
}

function saturationAnswer(): Answer {
  return answer('bridge.saturationThreshold', saturationThreshold, {
    reason:
      'in flight = rate x latency of Kafka, at most half of the window at the planned rate: ' +
      'above 0.6 a bridge nears its bound',
    traps: [
      'Kafka lag says nothing about a producer.',
      'A slow Kafka fills windows too, and more bridges would only add producers: ' +
        'the query must hold the number then.',
      "EMQX's own drops are loss already: an alert, not a scaler.",
    ],
  });
}

function minAnswer(
  { baseRate, ratePerReplica }: BridgeInputs,
  { min, forBase }: { readonly min: number; readonly forBase: number },
): Answer {
  const planned = shown(plannedShare * ratePerReplica);
  return answer('bridge.minReplicas', min, {
    reason: `${shown(baseRate)}/s take ${forBase} at ${planned}/s each, at least ${bridgesMin}`,
    traps: [
      'Never zero: EMQX keeps nothing for a shared subscription without members.',
      'Never one: while it fails or rolls there is none.',
    ],
  });
}

function maxAnswer(
  { peakRate, ratePerReplica }: BridgeInputs,
  { max, forPeak }: { readonly max: number; readonly forPeak: number },
): Answer {
  return answer('bridge.maxReplicas', max, {
    reason:
      `the peak of ${shown(peakRate)}/s takes ${forPeak} at ${shown(ratePerReplica)}/s each, ` +
      'and one may be away; at least one more than the least',
    traps: ['A rate measured without TLS, or on a faster CPU, is too high: measure yours.'],
  });
}
