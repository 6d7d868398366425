// Which answer belongs to which frame.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerKey, answerKeyFor } from '#loadtest/fleet/answer-key.ts';
import { answerTo } from '#shared/frame/gb32960/answer-to.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { messagesOf, plan } from '../pure-run.ts';

test('knows the answer to each frame that wants one, by the rule of the main text', async () => {
  const wanting = (await messagesOf({ ...plan, badShare: 0 })).filter(
    ({ frames }) => frames[0]?.answer,
  );
  assert.ok(wanting.length > 100);
  for (const { payload, frames } of wanting) {
    const [outcome] = decodeMessage(payload);
    assert.ok(outcome?.frame);
    const answer = answerTo(outcome.frame, { nowAt: plan.startAt });
    assert.ok(answer);
    assert.equal(answerKey(answer), frames[0]?.answer);
    assert.equal(answerKeyFor(payload), frames[0]?.answer);
  }
});

test('takes an answer with another flag, time or check byte for another one', async () => {
  const login = (await messagesOf(plan)).find(({ frames }) => frames[0]?.kind === 'login');
  const [outcome] = decodeMessage(login?.payload ?? Buffer.alloc(0));
  assert.ok(outcome?.frame);
  const refusal = answerTo(outcome.frame, { flag: 0x02, nowAt: plan.startAt });
  assert.ok(refusal);
  assert.notEqual(answerKey(refusal), login?.frames[0]?.answer);
  const broken = Buffer.from(refusal);
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
  assert.equal(answerKey(broken), null);
  assert.equal(answerKey(Buffer.from('##')), null);
});
