// No rule sleeps: into a good installation a fault is planted, and the rule that is there for it
// finds it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultLine } from '#deploy/check/manifests/fault.ts';
import { rules } from '#deploy/check/manifests/rules.ts';
import { kafkaFaults } from './planted-kafka.ts';
import { messagingFaults } from './planted-messaging.ts';
import { objectFaults } from './planted-objects.ts';
import { podFaults } from './planted-pods.ts';
import { scalingFaults } from './planted-scaling.ts';
import { breakableCopy, kustomizeOrSkip, overlay } from './rendered.ts';

const planted = [
  ...objectFaults,
  ...podFaults,
  ...scalingFaults,
  ...kafkaFaults,
  ...messagingFaults,
];

test('every rule has a fault planted for it', () => {
  const named = planted.map(({ rule }) => rule);
  assert.deepEqual(named.toSorted(), rules.map(({ promise }) => promise).toSorted());
});

for (const { rule: promise, faults } of planted) {
  for (const [name, plant] of Object.entries(faults)) {
    test(`${promise}: found where ${name} is planted`, async (t) => {
      const kustomize = kustomizeOrSkip(t);
      if (kustomize === undefined) return;
      const good = await overlay(kustomize, 'prod');
      const rule = rules.find((one) => one.promise === promise)!;
      const before = new Set(rule.check(good).map(faultLine));
      const broken = breakableCopy(good);
      plant(broken);
      const found = rule.check(broken).map(faultLine);
      assert.ok(
        found.some((line) => !before.has(line)),
        'nothing was found',
      );
    });
  }
}
