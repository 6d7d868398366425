// What the benches of processors print, for people and for programs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessorRound } from '#loadtest/bench/processor-round.ts';
import { processorsLines, processorsSummary } from '#loadtest/bench/processors-table.ts';
import { rebalanceLines, rebalanceSummary } from '#loadtest/bench/rebalance-table.ts';

function measured(costs: readonly number[]) {
  const rounds = costs.map((cpuMicrosPerRecord): ProcessorRound => {
    return {
      cpuMicrosPerRecord,
      recordsPerCpuSecond: 1_000_000 / cpuMicrosPerRecord,
      recordsPerSecond: 1,
      redisCpuMicrosPerRecord: 2,
      kafkaCpuMicrosPerRecord: 3,
      statesPerRecord: 0.5,
    };
  });
  return { records: 1000, rounds, rssPeakMb: 100 };
}

const state = measured([20, 25, 100]);
const naive = measured([500, 400, 450]);

test('the ratio is that of the median rounds', () => {
  assert.deepEqual(processorsSummary({ vehicles: 5, state, naive }), {
    stateRecordsPerCpuSecond: 40_000,
    naiveRecordsPerCpuSecond: 2222,
    ratio: 18,
  });
});

test('without the naive processor there is one column and no ratio', () => {
  const result = { vehicles: 5, state, naive: undefined };
  assert.deepEqual(processorsSummary(result), { stateRecordsPerCpuSecond: 40_000 });
  assert.ok(!processorsLines(result).join('\n').includes('naive'));
});

test('shows cost, range and neighbours of both', () => {
  const lines = processorsLines({ vehicles: 5, state, naive });
  const find = (name: string) =>
    lines
      .find((line) => line.includes(name))
      ?.split(/ {2,}/)
      .slice(2);
  assert.deepEqual(find('records per CPU second'), [
    '40,000 [10,000–50,000]',
    '2,222 [2,000–2,500]',
  ]);
  assert.deepEqual(find('Redis, CPU'), ['2.0 [2.0–2.0]', '2.0 [2.0–2.0]']);
  assert.match(lines.at(-1)!, / 18 times the CPU/);
});

const pauses = { vehicles: 3, p50Ms: 100, p99Ms: 700 };
const result = {
  vehicles: 3,
  steps: [
    { name: 'steady', ...pauses, longestMs: 700, limitMs: undefined },
    { name: 'join', ...pauses, longestMs: 1499, limitMs: 1500 },
    { name: 'leave', ...pauses, longestMs: 1500, limitMs: 1500 },
    { name: 'kill', ...pauses, longestMs: Number.POSITIVE_INFINITY, limitMs: 15_000 },
  ],
};

test('says of each step whether its longest pause is within the limit', () => {
  const rows = rebalanceLines(result).slice(3);
  assert.deepEqual(
    rows.map((row) => row.trim().split(/ {2,}/)),
    [
      ['steady', '0.10', '0.70', '0.70'],
      ['join', '0.10', '0.70', '1.50', 'within 1.50'],
      ['leave', '0.10', '0.70', '1.50', 'beyond 1.50'],
      ['kill', '0.10', '0.70', 'never', 'beyond 15.00'],
    ],
  );
});

test('tells programs seconds, and null for a pause without an end', () => {
  const { steps } = rebalanceSummary(result) as { steps: readonly object[] };
  assert.deepEqual(steps[0], {
    name: 'steady',
    p50S: 0.1,
    p99S: 0.7,
    longestS: 0.7,
    limitS: null,
  });
  assert.deepEqual(steps[3], {
    name: 'kill',
    p50S: 0.1,
    p99S: 0.7,
    longestS: null,
    limitS: 15,
  });
});
