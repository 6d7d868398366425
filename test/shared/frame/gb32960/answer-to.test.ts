// Answers by the rule of the main text: flag changed, time kept, the rest dropped.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerTo, answerToRefused } from '#shared/frame/gb32960/answer-to.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame, type FrameInput } from '#shared/frame/gb32960/encode-frame.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';

const vin = 'FWTEST00000000001';
const time = deviceTimeOf(Date.UTC(2026, 4, 1, 4, 0, 0));
const nowAt = Date.UTC(2026, 4, 1, 16, 30, 59, 999);

test('keeps the time of a login and drops the rest', () => {
  const answer = answerTo(decoded(login), { nowAt });
  assert.equal(answer?.toString('hex', 0, 4), '23230101');
  assert.equal(answer?.toString('hex', 22, 30), `0006${Buffer.from(time.raw).toString('hex')}`);
  assert.equal(decodeMessage(answer as Buffer)[0]?.kind, 'answer');
});

test('answers logout, platform login, platform logout and reports with their time', () => {
  const serial = { time, seq: 3 } as const;
  const platform = { ...serial, username: 'plant', password: 'none', encryption: 1 } as const;
  for (const input of [
    { command: 0x02, body: { kind: 'report', time, items: [] } },
    { command: 0x03, body: { kind: 'report', time, items: [] } },
    { command: 0x04, body: { kind: 'logout', ...serial } },
    { command: 0x05, body: { kind: 'platformLogin', ...platform } },
    { command: 0x06, body: { kind: 'platformLogout', ...serial } },
  ] as const) {
    const answer = answerTo(decoded(input), { nowAt });
    const [outcome] = decodeMessage(answer as Buffer);
    assert.equal(outcome?.frame?.command, input.command);
    const body = { kind: 'answer', time: { epochMs: time.epochMs }, rest: null };
    assert.partialDeepStrictEqual(outcome?.frame?.body, body);
  }
});

test('answers a frame of 2025 by the same rule, with its own start', () => {
  const codec = 'gb32960-2025';
  const signature = { algorithm: 1, r: Uint8Array.of(1), s: Uint8Array.of(2) };
  const report = { kind: 'report', time, items: [], signature } as const;
  const answer = answerTo(decoded({ codec, command: 0x02, body: report }), { nowAt });
  assert.equal(answer?.toString('hex', 0, 4), '24240201');
  assert.equal(answer?.toString('hex', 22, 30), `0006${Buffer.from(time.raw).toString('hex')}`);
  const sync = answerTo(decoded({ codec, command: 0x08, body: { kind: 'timeSync' } }), { nowAt });
  assert.equal(sync?.toString('hex', 0, 4), '24240801');
});

test('answers a refused frame of 2025 with its own start, and the flag that is given', () => {
  const short = { kind: 'opaque', bytes: Uint8Array.of(26, 5, 1, 12, 0, 0, 9) } as const;
  const bytes = buildFrame({ codec: 'gb32960-2025', command: 0x01, vin, body: short });
  const answer = answerToRefused(bytes, { flag: 0x06, nowAt });
  assert.equal(answer?.toString('hex', 0, 4), '24240106');
});

test('leaves the answer to an activation to those who know the chip, and builds it', () => {
  const chip = { chipId: 'CHIP', publicKey: new Uint8Array(), vin };
  const signature = { algorithm: 2, r: new Uint8Array(), s: new Uint8Array() };
  const body = { kind: 'activation', time, ...chip, signature } as const;
  const codec = 'gb32960-2025';
  assert.equal(answerTo(decoded({ codec, command: 0x09, body }), { nowAt }), null);
  const done = { kind: 'activationAnswer', activationStatus: 1, info: 0 } as const;
  const answer = buildFrame({ codec, command: 0x0a, vin, body: done });
  assert.equal(answer.toString('hex', 22, 26), '00020100');
});

test('answers a heartbeat with an empty data unit', () => {
  const answer = answerTo(decoded(heartbeat), { nowAt });
  assert.equal(answer?.length, 25);
  assert.equal(answer?.[3], 0x01);
});

test('answers a time sync with the Beijing time of now, in whole seconds', () => {
  const answer = answerTo(decoded({ command: 0x08, body: { kind: 'timeSync' } }), { nowAt });
  // 16:30:59 UTC on 1 May is 00:30:59 on 2 May in Beijing.
  assert.equal(answer?.toString('hex', 24, 30), '1a0502001e3b');
});

test('carries the flag it is given', () => {
  assert.equal(answerTo(decoded(login), { flag: 0x02, nowAt })?.[3], 0x02);
});

test('answers no answer, no encrypted frame and no command without an answer', () => {
  const opaque = { kind: 'opaque', bytes: new Uint8Array(8) } as const;
  for (const input of [
    { command: 0x01, response: 0x01, body: { kind: 'answer', time, rest: null } },
    { command: 0x01, encryption: 0x02, body: opaque },
    { command: 0x09, body: opaque },
    { command: 0x80, body: opaque },
  ] as const) {
    assert.equal(answerTo(decoded(input), { nowAt }), null);
  }
});

test('answers a refused frame by its bytes where they are an intact frame', () => {
  const short = { kind: 'opaque', bytes: Uint8Array.of(26, 5, 1, 12, 0, 0, 9) } as const;
  const bytes = buildFrame({ command: 0x01, vin, body: short });
  const answer = answerToRefused(bytes, { flag: 0x02, nowAt });
  assert.equal(answer?.toString('hex', 0, 4), '23230102');
  assert.equal(answer?.toString('hex', 24, 30), '1a05010c0000');
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  assert.equal(answerToRefused(bytes, { flag: 0x02, nowAt }), null);
  assert.equal(answerToRefused(new Uint8Array(), { flag: 0x02, nowAt }), null);
});

const heartbeat = { command: 0x07, body: { kind: 'heartbeat' } } as const;

const login = {
  command: 0x01,
  body: {
    kind: 'login',
    time,
    loginSeq: 1,
    iccid: '89860000000000000001',
    ressCount: 1,
    ressCodeLength: 8,
    ressCodes: ['PACK0001'],
  },
} as const;

function decoded(input: Omit<FrameInput, 'vin'>): Gb32960Frame {
  const [outcome] = decodeMessage(buildFrame({ vin, ...input }));
  return outcome?.frame as Gb32960Frame;
}
