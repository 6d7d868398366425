// What part of a fleet speaks what.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mixDefault, mixNames, mixText, parseMix, pickFromMix } from '#loadtest/fleet/mix.ts';

test('reads weights, and writes them as it reads them', () => {
  assert.deepEqual(parseMix('gb2016:60,gb2025:20,jt808:15,json:5'), mixDefault);
  assert.deepEqual(parseMix(' json:1 , jt808:0'), { json: 1, jt808: 0 });
  assert.equal(mixText(mixDefault), 'gb2016:60,gb2025:20,jt808:15,json:5');
});

test('says what is wrong with a mix', () => {
  for (const text of ['', 'gb2016', 'gb2016:', 'gb2017:5', 'json:-1', 'json:1.5', 'json:1,']) {
    assert.match(String(parseMix(text)), /^Wanted name:weight, names gb2016, .* found "/);
  }
  assert.equal(parseMix('json:0'), 'Wanted a weight above 0.');
});

test('gives any run of cars the weights very nearly', () => {
  for (const [from, count] of [
    [0, 20],
    [0, 100],
    [37, 100],
    [0, 500],
  ] as const) {
    const picked = Array.from({ length: count }, (_, at) => pickFromMix(mixDefault, from + at));
    for (const name of mixNames) {
      const share = picked.filter((one) => one === name).length / count;
      assert.ok(Math.abs(share - (mixDefault[name] ?? 0) / 100) <= 1.5 / count + 0.01, name);
    }
  }
});
