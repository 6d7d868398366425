// Retrying: how long, how loud, and when it ends. The clock and the dice are the test's.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, delay, FatalError, retryForever } from '#shared/runtime/retry.ts';
import { captureLog } from './captured-log.ts';

function fixture() {
  const { log, lines } = captureLog();
  const stop = new AbortController();
  const waits: number[] = [];
  let clock = 1_000;
  const wait = async (ms: number, signal: AbortSignal) => {
    waits.push(ms);
    clock += ms;
    signal.throwIfAborted();
  };
  const random = () => 0.5;
  const now = () => clock;
  const options = { what: 'Kafka', log, signal: stop.signal, wait, random, now };
  return { options, lines, waits, stop };
}

const failing = (times: number) => {
  let left = times;
  return async () => {
    if (left-- > 0) throw new Error('refused');
    return 'connected';
  };
};

test('says nothing when the first attempt succeeds', async () => {
  const { options, lines, waits } = fixture();
  assert.equal(await retryForever(options, failing(0)), 'connected');
  assert.deepEqual([lines.length, waits.length], [0, 0]);
});

test('warns once when trouble starts and informs once when it ends', async () => {
  const { options, lines, waits } = fixture();
  assert.equal(await retryForever(options, failing(8)), 'connected');
  assert.deepEqual(waits, [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  assert.deepEqual(
    lines.map(({ level, msg, what, cause, attempts, awayMs }) => ({
      level,
      msg,
      what,
      cause,
      attempts,
      awayMs,
    })),
    [
      {
        level: 'warn',
        msg: 'A neighbour is away; trying until it is back.',
        what: 'Kafka',
        cause: 'refused',
        attempts: undefined,
        awayMs: undefined,
      },
      {
        level: 'info',
        msg: 'A neighbour is back.',
        what: 'Kafka',
        cause: undefined,
        attempts: 9,
        awayMs: 45_750,
      },
    ],
  );
});

test('rejects with the reason of the abort while it waits', async () => {
  const { options, stop } = fixture();
  const reason = new Error('told to stop');
  const wait = async (_ms: number, signal: AbortSignal) => {
    stop.abort(reason);
    signal.throwIfAborted();
  };
  await assert.rejects(retryForever({ ...options, wait }, failing(1)), reason);
});

test('rejects with the reason of the abort when it cuts an attempt short', async () => {
  const { options, stop, lines } = fixture();
  const reason = new Error('told to stop');
  const attempt = async () => {
    stop.abort(reason);
    throw new Error('socket closed');
  };
  await assert.rejects(retryForever(options, attempt), reason);
  assert.equal(lines.length, 0);
});

test('makes no attempt once the signal has aborted', async () => {
  const { options, stop } = fixture();
  stop.abort(new Error('told to stop'));
  const attempt = () => assert.fail('attempted');
  await assert.rejects(retryForever(options, attempt), /told to stop/);
});

test('gives up on a fatal error', async () => {
  const { options, waits } = fixture();
  const fatal = new FatalError('SASL_REFUSED', 'the broker refuses our credentials');
  const attempt = async () => {
    throw fatal;
  };
  await assert.rejects(retryForever(options, attempt), fatal);
  assert.equal(waits.length, 0);
});

test('waits between nothing and a bound that doubles up to the maximum', () => {
  const bounds = { minMs: 500, maxMs: 30_000 };
  const longest = [1, 2, 3, 7, 8, 5_000].map((attempt) => backoffMs(attempt, () => 1, bounds));
  assert.deepEqual(longest, [500, 1_000, 2_000, 30_000, 30_000, 30_000]);
  assert.equal(
    backoffMs(9, () => 0, bounds),
    0,
  );
  assert.equal(
    backoffMs(1, () => 0.999, bounds),
    499,
  );
});

test('delay ends by itself, and with the reason of an abort before that', async () => {
  const stop = new AbortController();
  await delay(1, stop.signal);
  const waiting = delay(60_000, stop.signal);
  const reason = new Error('told to stop');
  stop.abort(reason);
  await assert.rejects(waiting, reason);
  await assert.rejects(delay(1, stop.signal), reason);
});
