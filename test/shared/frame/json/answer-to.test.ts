// Answers name what they answer, and say nothing where nothing was asked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerTo, answerToRefused } from '#shared/frame/json/answer-to.ts';
import { decodeMessage } from '#shared/frame/json/decode-message.ts';

const nowAt = Date.UTC(2026, 5, 15);

function answered(text: string): string | null {
  const [outcome] = decodeMessage(Buffer.from(text));
  assert.ok(outcome?.kind === 'accept');
  return answerTo(outcome.frame, { nowAt })?.toString() ?? null;
}

test('answers an envelope by its id, the same each time', () => {
  assert.equal(answered('{"v":1,"id":"a\\"b","ts":0}'), '{"id":"a\\"b","status":"ok"}');
  assert.equal(answered('{"v":1,"ts":0}'), null);
});

test('tells the time to whoever asks for it', () => {
  const text = '{"v":1,"id":"7","ts":0,"type":"time_sync"}';
  assert.equal(answered(text), `{"id":"7","status":"ok","ts":${nowAt}}`);
});

test('says of a refused frame only what is sure', () => {
  const rows = [
    ['{"v":2,"id":"7","ts":0}', '{"id":"7","status":"refused"}'],
    ['{"v":1,"id":"7"}', '{"id":"7","status":"refused"}'],
    ['{"v":1,"id":7}', null],
    [`{"v":1,"id":"${'7'.repeat(65)}"}`, null],
    ['{"v":1,"id":"7","id":"8"}', null],
    ['{"v":1,"id":"7"', null],
    ['[{"v":2,"id":"7"},{"v":2,"id":"8"}]', null],
    ['null', null],
    ['', null],
  ] as const;
  for (const [text, wanted] of rows) {
    assert.equal(answerToRefused(Buffer.from(text))?.toString() ?? null, wanted, text);
  }
});
