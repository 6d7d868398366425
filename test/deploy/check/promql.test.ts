// What an expression asks Prometheus for, in every shape of PromQL that rules and dashboards have.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsOf, selectorsOf, withoutFilters } from '#deploy/check/promql.ts';

test('metrics are told from functions, aggregations, keywords, labels, numbers and strings', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['up', ['up']],
    ['sum by (pod, codec) (rate(a_total[5m])) / sum(b) by (pod)', ['a_total', 'b']],
    ['a - on (namespace, pod) group_left (x) b', ['a', 'b']],
    ['max without (pod) (a) unless on() b offset 5m', ['a', 'b']],
    [
      'histogram_quantile(0.99, sum by (le) (rate(a_bucket{x="y"}[$__rate_interval])))',
      ['a_bucket'],
    ],
    ['label_replace(absent(a{b="c"}), "d", "e $1", "f", "(.*)")', ['a']],
    [
      'namespace:a:ratio_rate5m > 14.4 * scalar(fleetwire:b:budget)',
      ['namespace:a:ratio_rate5m', 'fleetwire:b:budget'],
    ],
    ['a == bool 1 and time() - b > 0.5e3 # c is a comment', ['a', 'b']],
    ['sum by (by) (increase(a[1h30m]))', ['a']],
    ['{__name__="a", b="c"}', ['a']],
    ['a{b=~"c|}d", e!=\'f(\'} < 2 * count(g)', ['a', 'g']],
    ['vector(0) or a or a', ['a']],
  ];
  for (const [expr, metrics] of cases) assert.deepEqual(metricsOf(expr), metrics, expr);
});

test('matchers come with their operators and unescaped values', () => {
  assert.deepEqual(selectorsOf('a{b="c",d=~"1(\\\\.0)?", e != "f"}[5m]'), [
    {
      metric: 'a',
      matchers: [
        { label: 'b', operator: '=', value: 'c' },
        { label: 'd', operator: '=~', value: '1(\\.0)?' },
        { label: 'e', operator: '!=', value: 'f' },
      ],
    },
  ]);
});

test('comparisons answer 0 or 1 where they would leave samples out', () => {
  assert.equal(withoutFilters('a{b!="c"} > on (d) 0.5 * e'), 'a{b!="c"} > bool on (d) 0.5 * e');
  assert.equal(withoutFilters('(a >= 1) == bool 0'), '(a >= bool 1) == bool 0');
});
