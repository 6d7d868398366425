// KEDA's Kafka scaler and the HPA, as far as a plan leans on them: what they would ask for.

import type { Answer } from '#services/cli/keda/answer.ts';

export interface ScalerNumbers {
  readonly threshold: number;
  readonly partitions: number;
  readonly min: number;
  readonly max: number;
}

export function numbersOf(answers: readonly Answer[], partitions: number): ScalerNumbers {
  const value = (name: string) =>
    Number(answers.find(({ key }) => key.endsWith(`.${name}`))!.value);
  const [min, max] = [value('minReplicas'), value('maxReplicas')];
  return { threshold: value('lagThreshold'), partitions, min, max };
}

/** KEDA cuts the lag at partitions x threshold, but not before it is a whole threshold above. */
export function metricOf(lag: number, { threshold, partitions }: ScalerNumbers): number {
  return Math.floor(lag / threshold) > partitions ? partitions * threshold : lag;
}

/** The HPA's answer at one look, before and after its bounds, without windows and policies. */
export function lookOf(lag: number, current: number, numbers: ScalerNumbers) {
  const metric = metricOf(lag, numbers);
  const ratio = metric / (numbers.threshold * current);
  const asked = Math.abs(ratio - 1) <= 0.1 ? current : Math.ceil(metric / numbers.threshold);
  return { asked, bounded: Math.min(Math.max(asked, numbers.min), numbers.max) };
}

export interface Load {
  readonly rate: number;
  readonly ratePerReplica: number;
  /** From the HPA's wish to the first record applied. */
  readonly startSeconds: number;
  readonly seconds: number;
}

export interface Moment {
  /** Wanted by the HPA. */
  readonly replicas: number;
  readonly lag: number;
}

/** Looks each 15 s; up: the least wish of 30 s, doubling a minute; down: the highest of 600 s. */
export function simulate(load: Load, numbers: ScalerNumbers): readonly Moment[] {
  const wishes: number[] = [];
  const steps: { readonly at: number; readonly to: number }[] = [{ at: -3600, to: numbers.min }];
  const moments: Moment[] = [];
  let lag = 0;
  for (let at = 0; at < load.seconds; at += 15) {
    const current = steps.at(-1)!.to;
    wishes.push(lookOf(lag, current, numbers).bounded);
    const up = Math.min(...wishes.slice(-3), 2 * replicasAt(steps, at - 60));
    const down = Math.max(...wishes.slice(-40));
    const next = up > current ? up : Math.min(current, down);
    if (next !== current) steps.push({ at, to: next });
    const working = replicasAt(steps, at - load.startSeconds);
    lag = Math.max(0, lag + 15 * (load.rate - working * load.ratePerReplica));
    moments.push({ replicas: next, lag });
  }
  return moments;
}

function replicasAt(steps: readonly { at: number; to: number }[], at: number): number {
  return steps.findLast((step) => step.at <= at)?.to ?? steps[0]!.to;
}
