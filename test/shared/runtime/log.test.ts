// What a log line holds, and what it never holds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '#shared/runtime/config.ts';
import { logSettings } from '#shared/runtime/log.ts';
import { captureLog } from './captured-log.ts';

test('writes a constant sentence, its fields, the level by name and an ISO time', () => {
  const { log, lines } = captureLog();
  log.warn({ broker: 'kafka-1', attempt: 3 }, 'Kafka is unreachable; holding acknowledgements.');
  const { time, pid, hostname, ...rest } = lines[0]!;
  assert.deepEqual(rest, {
    level: 'warn',
    name: 'test',
    broker: 'kafka-1',
    attempt: 3,
    msg: 'Kafka is unreachable; holding acknowledgements.',
  });
  assert.equal(new Date(String(time)).toISOString(), time);
  assert.ok(Number.isInteger(pid) && typeof hostname === 'string');
});

test('masks secrets, also two levels down', () => {
  const { log, lines } = captureLog();
  const sasl = { username: 'u', password: 'hunter2' };
  log.info({ token: 'hunter2', sasl, kafka: { sasl } }, 'Connecting.');
  assert.doesNotMatch(JSON.stringify(lines), /hunter2/);
  assert.deepEqual(lines[0]!['sasl'], { username: 'u', password: '***' });
});

test('keeps the cause of an error and the fields of a child', () => {
  const { log, lines } = captureLog();
  const err = new Error('no answer', { cause: new Error('reset') });
  log.child({ lane: 2 }).error({ err }, 'A batch failed.');
  assert.equal(lines[0]!['lane'], 2);
  assert.match(JSON.stringify(lines[0]!['err']), /no answer.*reset/);
});

test('writes nothing below the level that LOG_LEVEL names', () => {
  const { logLevel } = loadConfig(logSettings, { env: { LOG_LEVEL: 'error' } });
  const { log, lines } = captureLog(logLevel);
  log.warn('Not this.');
  log.error('But this.');
  assert.deepEqual(
    lines.map((line) => line.msg),
    ['But this.'],
  );
  assert.equal(loadConfig(logSettings, { env: {} }).logLevel, 'info');
});
