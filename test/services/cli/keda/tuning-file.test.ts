// The tuning file is read with its faults, and changed without touching anything else in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answer } from '#services/cli/keda/answer.ts';
import { parseTuning, withAnswers } from '#services/cli/keda/tuning-file.ts';
import { ConfigError } from '#shared/runtime/config.ts';

const sample = `# The first words.
kind: ConfigMap
data:

  # Inputs.
  fleet.baseRate:   '7'   # measured
  state.maxReplicas: "3" # an answer
  state.minReplicas: 2x

  # The end.
metadata: {name: x}
`;

const to = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, value]) => answer(key, value, { reason: 'r' }));

test('reads values however they are quoted', () => {
  assert.deepEqual(parseTuning('t', sample).values, {
    'fleet.baseRate': '7',
    'state.maxReplicas': '3',
    'state.minReplicas': '2x',
  });
});

test('changes only what differs, and leaves comments, order and blanks as they are', () => {
  const file = parseTuning('t', sample);
  const changed = withAnswers(file, to({ 'state.minReplicas': '4', 'state.maxReplicas': '12' }));
  assert.equal(
    changed,
    sample
      .replace('"3" # an answer', '"12" # an answer')
      .replace('state.minReplicas: 2x', 'state.minReplicas: "4"'),
  );
  assert.equal(withAnswers(file, to({ 'fleet.baseRate': '7' })), sample);
});

test('puts missing answers behind the last entry, in their order', () => {
  const changed = withAnswers(parseTuning('t', sample), to({ 'b.new': '1', 'a.new': '720MB' }));
  const last = '  state.minReplicas: 2x\n';
  assert.equal(changed, sample.replace(last, `${last}  b.new: "1"\n  a.new: "720MB"\n`));
});

test('a file without a line break at its end gets a new last line', () => {
  const text = 'kind: ConfigMap\ndata:\n  a.b: "1"';
  const changed = withAnswers(parseTuning('t', text), to({ 'a.b': '2', 'a.c': '3' }));
  assert.equal(changed, 'kind: ConfigMap\ndata:\n  a.b: "2"\n  a.c: "3"');
});

test('any answers are read again as they were written', () => {
  const key = fc.stringMatching(/^[a-z]{1,8}\.[a-z]{1,8}$/);
  fc.assert(
    fc.property(fc.dictionary(key, fc.string()), (values) => {
      const changed = withAnswers(parseTuning('t', sample), to(values));
      assert.deepEqual(parseTuning('t', changed).values, {
        ...parseTuning('t', sample).values,
        ...values,
      });
    }),
  );
});

test('refuses what is no tuning file, and says where', () => {
  const wrong: readonly [text: string, fault: RegExp][] = [
    ['kind: ConfigMap\ndata:\n  a.b: "1"\n  a.b: "2"\n', /t:4: Map keys must be unique/],
    ['kind: [', /t:1: /],
    ['kind: Secret\ndata: {a: "1"}\n', /t: want a ConfigMap with data, found kind Secret/],
    ['', /t: want a ConfigMap with data, found kind none/],
    ['kind: ConfigMap\ndata: {}\n', /want a ConfigMap with data, found kind ConfigMap/],
    ['kind: ConfigMap\ndata:\n  a.b: 12\n  c: [1]\n', /t:3: a\.b: want text in quotes.*found 12/],
    ['kind: ConfigMap\ndata:\n  a.b: 12\n  c: [1]\n', /t:4: c: .*found more than one value/],
    ['kind: ConfigMap\ndata:\n  a.b:\n', /t:3: a\.b: want text in quotes.*found null/],
  ];
  for (const [text, fault] of wrong) {
    assert.throws(
      () => parseTuning('t', text),
      (error: unknown) => error instanceof ConfigError && fault.test(error.message),
      text,
    );
  }
});
