// A JSON answer is an id and a status, and nothing that nobody asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerKey } from '#loadtest/fleet/answer-key.ts';
import { jsonKeyOf } from '#loadtest/fleet/json/answer-key.ts';

test('tells id and status; the time of the platform cannot be foretold', () => {
  assert.equal(answerKey(Buffer.from('{"id":"m-1","status":"ok"}')), jsonKeyOf('m-1', 'ok'));
  const timed = Buffer.from('{"id":"m-2","status":"ok","ts":1764050000000}');
  assert.equal(answerKey(timed), jsonKeyOf('m-2', 'ok'));
});

test('takes anything else for no answer', () => {
  for (const text of ['{"id":1,"status":"ok"}', '{"id":"m-1"}', '{"id":', '{"a":1}', '']) {
    assert.equal(answerKey(Buffer.from(text)), null);
  }
  assert.equal(answerKey(Buffer.from('{"id":"m-1","status":"ok","more":1}')), null);
});
