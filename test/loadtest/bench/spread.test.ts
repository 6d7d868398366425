// Medians, percentiles and ranges of the benches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile, showSpread, spreadOf } from '#loadtest/bench/spread.ts';

test('takes the middle round, not the mean, so that one bad round changes little', () => {
  assert.deepEqual(spreadOf([900, 11, 10]), { median: 11, min: 10, max: 900 });
});

test('finds the value that 99 of 100 do not exceed', () => {
  const ages = Array.from({ length: 100 }, (_, at) => at + 1);
  assert.equal(quantile(ages, 0.99), 99);
  assert.equal(quantile(ages, 1), 100);
  assert.equal(quantile([7], 0.5), 7);
  assert.throws(() => quantile([], 0.5), RangeError);
});

test('shows the range beside the median', () => {
  assert.equal(showSpread({ median: 12.34, min: 9, max: 1500 }, 1), '12.3 [9.0–1,500.0]');
});
