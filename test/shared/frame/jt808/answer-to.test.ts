// What a terminal hears back, and what it does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerTo, answerToRefused } from '#shared/frame/jt808/answer-to.ts';
import { authCodeOf } from '#shared/frame/jt808/auth-code.ts';
import { decodeMessage } from '#shared/frame/jt808/decode-message.ts';
import { describeMessage } from '#shared/frame/jt808/describe-message.ts';
import { buildFrame, type FrameInput } from '#shared/frame/jt808/encode-frame.ts';
import type { Jt808Frame } from '#shared/frame/jt808/frame.ts';
import { messageNames } from '#shared/frame/jt808/message-ids.ts';

const nowAt = Date.UTC(2026, 4, 1, 4, 5, 6, 789);
const common = { phone: '13900000001', serial: 0xfffe };

function frameOf(input: Omit<FrameInput, 'phone' | 'serial'>): Jt808Frame {
  const [outcome] = decodeMessage(buildFrame({ ...common, ...input }));
  assert.ok(outcome !== undefined && outcome.frame !== null);
  return outcome.frame;
}

const opaque = (hex = '') => ({ kind: 'opaque', bytes: Buffer.from(hex, 'hex') }) as const;

function told(answer: Buffer | null): unknown {
  if (answer === null) return null;
  const [described] = describeMessage(answer).frames;
  return described?.frame;
}

test('answers a heartbeat with the general answer, in the header and under the serial it had', () => {
  const heartbeat = frameOf({ messageId: 0x0002, body: opaque() });
  assert.partialDeepStrictEqual(told(answerTo(heartbeat, { nowAt })), {
    messageId: 0x8001,
    protocol: 'jt808-2013',
    phone: '013900000001',
    serial: 0xfffe,
    body: { answerSeq: 0xfffe, answerId: 2, result: 0 },
  });
});

test('keeps the header and the version of 2019', () => {
  const heartbeat = frameOf({
    messageId: 0x0002,
    edition: '2019',
    protocolVersion: 2,
    body: opaque(),
  });
  assert.partialDeepStrictEqual(told(answerTo(heartbeat, { nowAt })), {
    protocol: 'jt808-2019',
    protocolVersion: 2,
    phone: '00000000013900000001',
  });
});

test('answers a registration with a code that follows from the phone', () => {
  const body = {
    kind: 'register',
    form: '2013',
    province: 31,
    city: 115,
    manufacturer: '70111',
    model: 'M',
    terminalId: '1',
    plateColor: 1,
    plate: '沪A00001',
    trailing: null,
  } as const;
  const answer = answerTo(frameOf({ messageId: 0x0100, body }), { nowAt });
  const authCode = authCodeOf('13900000001');
  assert.match(authCode, /^fw[0-9a-f]{16}$/);
  assert.partialDeepStrictEqual(told(answer), {
    messageId: 0x8100,
    body: { answerSeq: 0xfffe, result: 0, authCode },
  });
  assert.equal(authCodeOf('013900000001'), authCode);
  assert.notEqual(authCodeOf('13900000002'), authCode);
});

test('takes any code on authentication, or by policy only the one it gave', () => {
  const own = frameOf({
    messageId: 0x0102,
    body: { kind: 'auth', authCode: authCodeOf(common.phone), trailing: null },
  });
  const foreign = frameOf({
    messageId: 0x0102,
    body: { kind: 'auth', authCode: 'other', trailing: null },
  });
  const rows = [
    [own, 'any', 0],
    [foreign, 'any', 0],
    [own, 'own', 0],
    [foreign, 'own', 1],
  ] as const;
  for (const [frame, auth, result] of rows) {
    const answer = told(answerTo(frame, { nowAt, auth }));
    assert.partialDeepStrictEqual(answer, {
      messageId: 0x8001,
      body: { answerId: 0x0102, result },
    });
  }
});

test('tells the time in UTC to who asks', () => {
  const query = frameOf({ messageId: 0x0004, edition: '2019', body: opaque() });
  assert.partialDeepStrictEqual(told(answerTo(query, { nowAt })), {
    messageId: 0x8004,
    body: { serverTimeBcd: '260501040506' },
  });
});

test('answers no answer and no message of a platform', () => {
  const silent = messageNames.filter(({ isAnswer, direction }) => isAnswer || direction === 'down');
  for (const { id } of silent) {
    const frame = { ...frameOf({ messageId: 0x0002, body: opaque() }), messageId: id };
    assert.equal(answerTo(frame, { nowAt }), null, id.toString(16));
  }
});

test('answers makers, parts, encrypted reports and those who offer a key', () => {
  const rows = [
    [frameOf({ messageId: 0xe001, body: opaque('01') }), 0],
    [frameOf({ messageId: 0x0801, packet: { total: 2, index: 1 }, body: opaque('ff') }), 0],
    [frameOf({ messageId: 0x0200, encryption: 1, body: opaque('00') }), 0],
    [frameOf({ messageId: 0x0a00, body: opaque('00'.repeat(132)) }), 3],
  ] as const;
  for (const [frame, result] of rows) {
    const answer = told(answerTo(frame, { nowAt }));
    assert.partialDeepStrictEqual(answer, { body: { answerId: frame.messageId, result } });
  }
});

test('says nothing to an encrypted registration or authentication', () => {
  for (const messageId of [0x0100, 0x0102]) {
    const frame = frameOf({ messageId, encryption: 1, body: opaque('00') });
    assert.equal(answerTo(frame, { nowAt }), null);
  }
});

test('tells a refused frame what was wrong, where the frame itself is intact', () => {
  const short = buildFrame({ ...common, messageId: 0x0200, body: opaque('00') });
  const truncated = { code: 'body_truncated', offset: 14, detail: '' } as const;
  const foreign = { code: 'identity_mismatch', offset: 5, detail: '' } as const;
  assert.partialDeepStrictEqual(told(answerToRefused(short, truncated)), { body: { result: 2 } });
  assert.partialDeepStrictEqual(told(answerToRefused(short, foreign)), { body: { result: 1 } });
  const bent = Buffer.from(short);
  bent[5] = 0x55;
  assert.equal(answerToRefused(bent, truncated), null);
  assert.equal(answerToRefused(Buffer.of(0x7e), null), null);
  const answer = buildFrame({ ...common, messageId: 0x0001, body: opaque('00') });
  assert.equal(answerToRefused(answer, truncated), null);
});

test('gives the same answer again', () => {
  const frame = frameOf({ messageId: 0x0002, body: opaque() });
  assert.deepEqual(answerTo(frame, { nowAt }), answerTo(frame, { nowAt: nowAt + 9999 }));
});
