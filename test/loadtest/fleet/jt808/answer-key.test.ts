// A JT/T 808 answer is read without the decoder that it is a test of.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerKey } from '#loadtest/fleet/answer-key.ts';
import { jt808KeyOf } from '#loadtest/fleet/jt808/answer-key.ts';
import { buildFrame } from '#shared/frame/jt808/encode-frame.ts';

const general = { answerSeq: 0x7d7e, answerId: 0x0102, result: 0 };

for (const [edition, digits] of [
  ['2013', 12],
  ['2019', 20],
] as const) {
  test(`tells phone, serial and body of an answer of ${edition}, escapes undone`, () => {
    const phone = '10000000007'.padStart(digits, '0');
    const body = { kind: 'generalAnswer', ...general } as const;
    const frame = buildFrame({ messageId: 0x8001, edition, phone, serial: 0x7e01, body });
    const content = Buffer.from('7d7e010200', 'hex');
    const key = { messageId: 0x8001, phone, serial: 0x7e01, body: content };
    assert.equal(answerKey(frame), jt808KeyOf(key));
  });
}

test('takes broken bytes for no answer', () => {
  const body = { kind: 'generalAnswer', ...general } as const;
  const frame = buildFrame({ messageId: 0x8001, phone: '1', serial: 2, body });
  const broken = Buffer.from(frame);
  broken[3] = (broken[3] as number) ^ 1;
  assert.equal(answerKey(broken), null);
  assert.equal(answerKey(frame.subarray(0, -1)), null);
  assert.equal(answerKey(Buffer.from('7e7d7e', 'hex')), null);
});
