// The KEDA numbers of one processor, from rates and times. Pure: nothing is read, nothing waits.

import { streamSettings } from '#shared/stream/settings.ts';
import { type Answer, answer, type Figure, type PartPlan, type PlanFault } from './answer.ts';
import { divisorFrom, shown, timesFitted } from './arithmetic.ts';
import {
  hpaSyncSeconds,
  hpaTolerance,
  processorScaleDownAnswers,
  scaleUpAnswers,
  secondsToMax,
} from './behavior.ts';

export interface ProcessorInputs {
  /** Before the dot of its keys: `state`. */
  readonly part: string;
  /** Records a second of the whole fleet. */
  readonly baseRate: number;
  readonly peakRate: number;
  /** Records a second of one replica at 70 % of one CPU. */
  readonly ratePerReplica: number;
  readonly delayBudgetSeconds: number;
  readonly startSeconds: number;
  readonly rebalanceSeconds: number;
  /** Of each input topic. */
  readonly partitions: number;
  readonly leastReplicas: number;
}

export type ProcessorPlan = PartPlan<ProcessorInputs>;

/** The share of a replica's rate that is planned for; the rest catches up what stood. */
export const plannedShare = 0.7;

/** Backfill is late already: it may wait so many times the delay budget. */
export const backfillFactor = 10;

/** A divisor so many times what is wanted is worth a word. */
const farFrom = 1.5;

export function planProcessor(inputs: ProcessorInputs): ProcessorPlan {
  const size = sizeOf(inputs);
  return {
    faults: faultsOf(inputs),
    answers: [
      ...thresholdAnswers(inputs, size),
      minAnswer(inputs, size),
      maxAnswer(inputs, size),
      fallbackAnswer(inputs, size),
      ...scaleUpAnswers(inputs.part, 'each start stops all members until the group has met'),
      ...processorScaleDownAnswers(inputs.part),
    ],
    figures: figuresOf(inputs, size),
  };
}

interface Size {
  readonly threshold: number;
  readonly min: number;
  readonly max: number;
  /** What the peak takes with room to catch up; may be more than there are partitions. */
  readonly wanted: number;
  readonly fallback: number;
}

function sizeOf(inputs: ProcessorInputs): Size {
  const { baseRate, peakRate, ratePerReplica, partitions, leastReplicas } = inputs;
  const planned = plannedShare * ratePerReplica;
  const threshold = Math.max(1, Math.round(ratePerReplica * inputs.delayBudgetSeconds));
  const min = Math.min(Math.max(leastReplicas, timesFitted(baseRate, planned)), partitions);
  const wanted = Math.max(timesFitted(peakRate, planned), min + 1);
  const max = divisorFrom(Math.min(wanted, partitions), partitions);
  const fallback = Math.min(Math.max(min, timesFitted(peakRate, ratePerReplica)), max);
  return { threshold, min, max, wanted, fallback };
}

function faultsOf(inputs: ProcessorInputs): readonly PlanFault<ProcessorInputs>[] {
  const { baseRate, peakRate, ratePerReplica, partitions, leastReplicas } = inputs;
  const faults: PlanFault<ProcessorInputs>[] = [];
  const reaction = 2 * reactionSeconds(inputs);
  if (inputs.delayBudgetSeconds <= reaction) {
    const { startSeconds, rebalanceSeconds } = inputs;
    const start = `${startSeconds} s start + ${rebalanceSeconds} s rebalance`;
    const wanted = `want more than ${shown(reaction)} s = 2 x (${hpaSyncSeconds} s HPA + ${start})`;
    const todo = `allow at least ${Math.floor(reaction) + 1} s, or start replicas faster`;
    const found = `found ${inputs.delayBudgetSeconds} s: a new replica would come too late`;
    faults.push({ input: 'delayBudgetSeconds', text: `${wanted}, ${found}; ${todo}` });
  }
  const most = partitions * ratePerReplica;
  if (peakRate > most) {
    const each = `a replica of ${shown(ratePerReplica)}/s for each of ${partitions} partitions`;
    const wanted = `want at most ${shown(most)}/s, ${each}`;
    const todo = 'more partitions, which is a new topic version, or a faster replica';
    faults.push({ input: 'peakRate', text: `${wanted}, found ${shown(peakRate)}/s; ${todo}` });
  }
  if (peakRate < baseRate) {
    faults.push({ input: 'peakRate', text: peakBelowBase(baseRate, peakRate) });
  }
  if (leastReplicas > partitions) {
    const wanted = `want at most the ${partitions} partitions, found ${leastReplicas}`;
    faults.push({ input: 'leastReplicas', text: `${wanted}; the others would be idle` });
  }
  return faults;
}

export function peakBelowBase(baseRate: number, peakRate: number): string {
  const wanted = `want at least the base rate, ${shown(baseRate)}/s, found ${shown(peakRate)}/s`;
  return `${wanted}; the peak is the highest rate that must be served`;
}

/** From a wave of records to the first one that a new replica applies. */
function reactionSeconds({ startSeconds, rebalanceSeconds }: ProcessorInputs): number {
  return hpaSyncSeconds + startSeconds + rebalanceSeconds;
}

function thresholdAnswers(inputs: ProcessorInputs, { threshold }: Size): readonly Answer[] {
  const { part, ratePerReplica, delayBudgetSeconds: delay } = inputs;
  const commitSeconds = Number(streamSettings.commitMs.default) / 1000;
  const share = ((100 * commitSeconds) / delay).toFixed(1);
  return [
    answer(`${part}.lagThreshold`, threshold, {
      reason:
        `${shown(ratePerReplica)} records/s of a replica x ${delay} s: ` +
        'as many as it works off in the delay budget',
      traps: [
        "KEDA's default of 10 goes from the least to the most replicas in one jump.",
        'Lag control does not aim at zero: while more than the least are needed, lag stands at ' +
          `arrival rate x budget, and each record waits about ${delay} s.`,
        `Commits come ${commitSeconds} s apart, so ${share} % of the threshold is lag that is ` +
          'none: STREAM_COMMIT_MS must stay far below the budget.',
        'Triggers are not added up: the HPA takes the one that asks for most.',
      ],
    }),
    answer(`${part}.backfillLagThreshold`, threshold * backfillFactor, {
      reason:
        `${backfillFactor} x the threshold: reports that were late already may wait ` +
        `${shown(delay * backfillFactor)} s`,
      traps: [
        'A trigger of its own: in one trigger with live records, a tunnel full of late reports ' +
          'would start replicas at once.',
        'While live records are older than STREAM_DELAY_BUDGET_MS backfill waits: ' +
          'the replicas that it asks for work off live records first.',
      ],
    }),
  ];
}

function minAnswer(inputs: ProcessorInputs, { min }: Size): Answer {
  const { part, baseRate, ratePerReplica, leastReplicas } = inputs;
  const planned = shown(plannedShare * ratePerReplica);
  const forBase = timesFitted(baseRate, plannedShare * ratePerReplica);
  const reason =
    `${shown(baseRate)}/s take ${forBase} at ${planned}/s each ` +
    `(${plannedShare} of the rate, the rest is for waves), at least ${leastReplicas}`;
  return answer(`${part}.minReplicas`, min, {
    reason,
    traps: [
      'KEDA adds replicas only by lag, so what the least cannot carry always waits.',
      'While Kafka is unreachable KEDA does not fall back: replicas stay as they are, ' +
        'and at zero none would come.',
      forBase > min ? `All partitions have a replica already: ${forBase} were wanted.` : null,
    ],
  });
}

function maxAnswer(inputs: ProcessorInputs, { max, min, wanted }: Size): Answer {
  const { part, peakRate, partitions } = inputs;
  const reason =
    `the peak of ${shown(peakRate)}/s with room to catch up takes ${wanted}` +
    `${wanted === min + 1 ? ' (one more than the least)' : ''}; ` +
    `${max} is the next divisor of ${partitions} partitions: ${partitions / max} for each`;
  return answer(`${part}.maxReplicas`, max, {
    reason,
    traps: [
      `KEDA's own bound at the partitions is off by one: without this number ${partitions + 1} ` +
        'may run, and one of them idles.',
      toleranceTrap({ max, partitions }),
      max > farFrom * wanted
        ? `${partitions} has no divisor nearer to ${wanted}: ` +
          'counts with many divisors (12, 24, 48, 60, 96) waste less.'
        : null,
      wanted > partitions
        ? 'No room to catch up: what has waited during the peak goes down slowly.'
        : null,
      'More replicas than the store behind can serve make it slower, not faster.',
    ],
  });
}

/** Whether the HPA's tolerance ever holds the last replicas back. */
function toleranceTrap({ max, partitions }: { max: number; partitions: number }): string | null {
  if (max === 1) return null;
  const percent = hpaTolerance * 100;
  const sticksFrom = timesFitted(partitions, 1 + hpaTolerance);
  if (max === partitions && sticksFrom < partitions) {
    return (
      `KEDA cuts the lag at ${partitions} x the threshold and the HPA ignores ${percent} %: ` +
      `at ${sticksFrom} replicas it may stay for good. behavior.scaleUp.tolerance 0 helps, ` +
      'where Kubernetes has it.'
    );
  }
  const from = max - 1;
  const factor = shown(1 + hpaTolerance);
  return (
    `The HPA ignores ${percent} %: from ${from} to ${max} only above ${factor} x ${from} x the ` +
    `threshold, when records wait ${factor} x the delay budget.`
  );
}

function fallbackAnswer(inputs: ProcessorInputs, { fallback }: Size): Answer {
  const { part, peakRate, ratePerReplica } = inputs;
  return answer(`${part}.fallbackReplicas`, fallback, {
    reason:
      `blind, KEDA must expect the peak: ${shown(peakRate)}/s at ${shown(ratePerReplica)}/s ` +
      'each; with currentReplicasIfHigher',
    traps: [
      'With behavior static, a scaler that fails during a peak takes replicas away.',
      'It does not fire when Kafka is down, since then there is no scaler that could fail.',
    ],
  });
}

function figuresOf(inputs: ProcessorInputs, { min, max }: Size): readonly Figure[] {
  const { part, peakRate, ratePerReplica, delayBudgetSeconds } = inputs;
  const step = Math.round(peakRate * reactionSeconds(inputs));
  const toMax = secondsToMax(min, max, inputs.startSeconds);
  return [
    { name: `${part}: least replicas carry at 70 % CPU`, value: min * ratePerReplica, unit: '/s' },
    { name: `${part}: most replicas carry at 70 % CPU`, value: max * ratePerReplica, unit: '/s' },
    {
      name: `${part}: records that may stand at the peak`,
      value: Math.round(peakRate * delayBudgetSeconds),
      unit: 'records',
    },
    { name: `${part}: records that come while a replica starts`, value: step, unit: 'records' },
    { name: `${part}: from the least to the most replicas`, value: toMax, unit: 's' },
  ];
}
