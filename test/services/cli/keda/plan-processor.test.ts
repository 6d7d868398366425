// The numbers of a processor: hand-computed, for any rates, and against KEDA's and the HPA's ways.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ProcessorInputs,
  type ProcessorPlan,
  planProcessor,
} from '#services/cli/keda/plan-processor.ts';
import { lookOf, numbersOf, simulate } from './hpa.ts';

const fleet: ProcessorInputs = {
  part: 'state',
  baseRate: 30_000,
  peakRate: 90_000,
  ratePerReplica: 13_300,
  delayBudgetSeconds: 90,
  startSeconds: 15,
  rebalanceSeconds: 1,
  partitions: 96,
  leastReplicas: 2,
};

function valuesOf(plan: ProcessorPlan): Readonly<Record<string, string>> {
  return Object.fromEntries(plan.answers.map(({ key, value }) => [key.split('.')[1]!, value]));
}

function trapsOf(plan: ProcessorPlan, name: string): string {
  return plan.answers.find(({ key }) => key.endsWith(`.${name}`))!.traps.join('\n');
}

const byHand: readonly [name: string, inputs: Partial<ProcessorInputs>, wanted: string][] = [
  // 13,300 x 90; 30,000 / 9,310 = 3.2; 90,000 / 9,310 = 9.7, 12 divides; 90,000 / 13,300 = 6.8.
  ['a large fleet', {}, '1197000 11970000 4 12 7'],
  // 1,500 x 30 = 45,000; 24,000 / 1,500 = 16 replicas, with room to catch up 22.9: all 24.
  [
    '1,500 a second and 30 s',
    {
      ...{ baseRate: 2000, peakRate: 24_000, ratePerReplica: 1500, partitions: 24 },
      ...{ delayBudgetSeconds: 30, startSeconds: 0, rebalanceSeconds: 0 },
    },
    '45000 450000 2 24 16',
  ],
  // Nearly nothing: the least, and one more for what nobody foresaw.
  ['a small fleet', { baseRate: 500, peakRate: 2000, partitions: 12 }, '1197000 11970000 2 3 2'],
  [
    'a small fleet that may have one replica',
    { baseRate: 500, peakRate: 2000, partitions: 12, leastReplicas: 1 },
    '1197000 11970000 1 2 1',
  ],
  // 13 has no divisor between 1 and 13.
  ['a prime number of partitions', { partitions: 13 }, '1197000 11970000 4 13 7'],
  // 11.0 x 70 % of a replica is 11 replicas, not 12 by a rounding error: 7.7 / 0.7.
  [
    'rates that divide evenly',
    { baseRate: 77, peakRate: 77, ratePerReplica: 10, partitions: 110 },
    '900 9000 11 22 11',
  ],
  // Peak of exactly all partitions: no room, but served.
  [
    'a peak that takes all partitions',
    { baseRate: 100, peakRate: 1200, ratePerReplica: 100, partitions: 12 },
    '9000 90000 2 12 12',
  ],
];

for (const [name, inputs, wanted] of byHand) {
  test(`plans ${name} as computed by hand`, () => {
    const value = valuesOf(planProcessor({ ...fleet, ...inputs }));
    const found = [
      ...[value.lagThreshold, value.backfillLagThreshold],
      ...[value.minReplicas, value.maxReplicas, value.fallbackReplicas],
    ];
    assert.equal(found.join(' '), wanted);
  });
}

test('scales up by doubling each minute and down by half each two minutes', () => {
  const value = valuesOf(planProcessor(fleet));
  assert.deepEqual(
    [value.scaleUpWindowSeconds, value.scaleUpPercent, value.scaleUpPeriodSeconds],
    ['30', '100', '60'],
  );
  assert.deepEqual(
    [value.scaleDownWindowSeconds, value.scaleDownPercent, value.scaleDownPeriodSeconds],
    ['600', '50', '120'],
  );
});

test('refuses a delay budget in which no replica could start, and says the least one', () => {
  // 2 x (15 + 10 + 5) = 60.
  const slow = { ...fleet, startSeconds: 10, rebalanceSeconds: 5 };
  assert.deepEqual(planProcessor({ ...slow, delayBudgetSeconds: 61 }).faults, []);
  const [fault, ...others] = planProcessor({ ...slow, delayBudgetSeconds: 60 }).faults;
  assert.deepEqual([fault?.input, others], ['delayBudgetSeconds', []]);
  assert.match(fault!.text, /want more than 60 s.*found 60 s.*at least 61 s/);
});

test('refuses a peak that all partitions cannot serve', () => {
  const most = { ...fleet, partitions: 12, peakRate: 12 * 13_300 };
  assert.deepEqual(planProcessor(most).faults, []);
  const { faults } = planProcessor({ ...most, peakRate: most.peakRate + 1 });
  assert.deepEqual(
    faults.map(({ input }) => input),
    ['peakRate'],
  );
  assert.match(faults[0]!.text, /want at most 159,600\/s.*found 159,601\/s; more partitions/);
});

test('tells all that does not fit at once', () => {
  const wrong = { baseRate: 2, peakRate: 1, leastReplicas: 97, delayBudgetSeconds: 1 };
  assert.deepEqual(
    planProcessor({ ...fleet, ...wrong }).faults.map(({ input }) => input),
    ['delayBudgetSeconds', 'peakRate', 'leastReplicas'],
  );
});

test('names the traps that this plan is in', () => {
  const calm = planProcessor(fleet);
  assert.match(trapsOf(calm, 'maxReplicas'), /from 11 to 12 only above 1\.1 x 11 x the threshold/);
  assert.match(trapsOf(calm, 'maxReplicas'), /without this number 97 may run/);
  assert.doesNotMatch(trapsOf(calm, 'maxReplicas'), /No room/);
  const full = planProcessor({ ...fleet, partitions: 8 });
  assert.match(trapsOf(full, 'maxReplicas'), /No room to catch up/);
  const prime = planProcessor({ ...fleet, partitions: 97 });
  assert.match(trapsOf(prime, 'maxReplicas'), /97 has no divisor nearer to 10/);
  assert.doesNotMatch(trapsOf(calm, 'maxReplicas'), /no divisor/);
  const twelve = planProcessor({ ...fleet, partitions: 12, leastReplicas: 11 });
  assert.match(trapsOf(twelve, 'maxReplicas'), /at 11 replicas it may stay for good/);
  assert.match(trapsOf(calm, 'lagThreshold'), /Commits come 1\.5 s apart, so 1\.7 % of/);
});

const anyInputs: fc.Arbitrary<ProcessorInputs> = fc
  .record({
    baseRate: fc.integer({ min: 1, max: 1_000_000 }),
    peakFactor: fc.integer({ min: 1, max: 50 }),
    ratePerReplica: fc.integer({ min: 1, max: 100_000 }),
    delayBudgetSeconds: fc.integer({ min: 1, max: 3600 }),
    startSeconds: fc.integer({ min: 0, max: 300 }),
    rebalanceSeconds: fc.integer({ min: 0, max: 60 }),
    partitions: fc.integer({ min: 1, max: 1000 }),
    leastReplicas: fc.integer({ min: 1, max: 10 }),
  })
  .map(({ peakFactor, ...inputs }) => ({
    ...inputs,
    part: 'any',
    peakRate: inputs.baseRate * peakFactor,
  }));

test('for any inputs the numbers fit each other', () => {
  fc.assert(
    fc.property(anyInputs, (inputs) => {
      const plan = planProcessor(inputs);
      const { threshold, min, max } = numbersOf(plan.answers, inputs.partitions);
      const fallback = Number(valuesOf(plan).fallbackReplicas);
      assert.ok(threshold >= 1);
      assert.ok(1 <= min && min <= max && max <= inputs.partitions);
      assert.equal(inputs.partitions % max, 0);
      assert.ok(min <= fallback && fallback <= max);
      if (plan.faults.length > 0) return;
      assert.ok(min >= inputs.leastReplicas);
      assert.ok(max * inputs.ratePerReplica >= inputs.peakRate);
    }),
  );
});

test('whatever the lag, KEDA and the HPA want no more than the most, and find their way there', () => {
  fc.assert(
    fc.property(anyInputs, fc.nat(), (inputs, lag) => {
      const numbers = numbersOf(planProcessor(inputs).answers, inputs.partitions);
      assert.ok(lookOf(lag, numbers.min, numbers).bounded <= numbers.max);
      const flood = 10 * inputs.partitions * numbers.threshold;
      let current = numbers.min;
      for (let look = 0; look < 20; look += 1) {
        current = Math.min(lookOf(flood, current, numbers).bounded, 2 * current);
      }
      const sure = Math.min(numbers.max, Math.floor(inputs.partitions / 1.1));
      assert.ok(current >= sure && current <= numbers.max, `${current} of ${numbers.max}`);
    }),
  );
});

test('the simulated KEDA has the off-by-one and the tolerance that the plan guards against', () => {
  const numbers = { threshold: 300, partitions: 4, min: 1, max: 100 };
  assert.equal(lookOf(1450, 1, numbers).asked, 5);
  assert.equal(lookOf(20_000, 1, numbers).asked, 4);
  const wide = { threshold: 10, partitions: 64, min: 1, max: 64 };
  assert.equal(lookOf(1_000_000, 63, wide).asked, 63);
});

test('an hour of the peak ends with a group that carries it, within 1.1 x the delay budget', () => {
  for (const partitions of [12, 24, 48, 96]) {
    const inputs = { ...fleet, partitions };
    const plan = planProcessor(inputs);
    const numbers = numbersOf(plan.answers, partitions);
    const load = { rate: inputs.peakRate, ratePerReplica: inputs.ratePerReplica };
    const moments = simulate({ ...load, startSeconds: 16, seconds: 3600 }, numbers);
    assert.ok(moments.every(({ replicas }) => replicas <= numbers.max));
    const { replicas, lag } = moments.at(-1)!;
    assert.ok(replicas * inputs.ratePerReplica >= inputs.peakRate, `${replicas} replicas`);
    assert.ok(lag / inputs.peakRate <= 1.1 * inputs.delayBudgetSeconds, `${lag} records`);
  }
});
