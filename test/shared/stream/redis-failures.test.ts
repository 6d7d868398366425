// What Redis answers is sorted: away is waited for, ours stops us and says what to do.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { FatalError } from '#shared/runtime/retry.ts';
import { failureOf, RedisAwayError } from '#shared/stream/redis-failures.ts';

function answer(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

const ours: Readonly<Record<string, string>> = {
  'NOAUTH Authentication required.': 'REDIS_NOAUTH',
  'WRONGPASS invalid username-password pair or user is disabled.': 'REDIS_WRONGPASS',
  "NOPERM this user has no permissions to run the 'hset' command": 'REDIS_NOPERM',
  'WRONGTYPE Operation against a key script: 1f, on @user_script:5.': 'REDIS_WRONGTYPE',
  'ERR Error running script (call to f_1): @user_script:1: WRONGTYPE Operation': 'REDIS_WRONGTYPE',
  "ERR The user executing the script can't run this command or subcommand": 'REDIS_NOPERM',
  'ERR user_script:5: attempt to index a nil value script: 1f': 'REDIS_SCRIPT',
  "ERR unknown command 'EVALSHA', with args beginning with: 'sesame' ": 'REDIS_SCRIPT',
  'ERR This instance has cluster support disabled': 'REDIS_NO_CLUSTER',
  'ERR DB index is out of range': 'REDIS_DATABASE',
  'MOVED 3999 127.0.0.1:6381': 'REDIS_MOVED',
};

for (const [message, code] of Object.entries(ours)) {
  test(`is ours, ${code}: ${message.slice(0, 60)}`, () => {
    const failure = failureOf(answer(message), 'redis:6379');
    assert.ok(failure instanceof FatalError);
    assert.equal(failure.code, code);
    assert.match(failure.message, /^Redis at redis:6379 refuses: .+; .+/);
    assert.ok(!failure.message.includes('undefined'));
  });
}

const away = [
  answer('LOADING Redis is loading the dataset in memory'),
  answer('BUSY Redis is busy running a script. You can only call SCRIPT KILL'),
  answer("OOM command not allowed when used memory > 'maxmemory'."),
  answer('ERR Error running script (call to f_1): @user_script:1: -OOM command not allowed'),
  answer("READONLY You can't write against a read only replica. script: 1f"),
  answer('MISCONF Redis is configured to save RDB snapshots'),
  answer('CLUSTERDOWN Hash slot not served'),
  answer('ERR max number of clients reached'),
  answer('SOMETHING that a later Redis says'),
  Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }),
  new Error('Connection is closed.'),
  new Error('a NOAUTH that Redis has not said'),
];

for (const error of away) {
  test(`is away: ${error.message.slice(0, 60) || error.name}`, () => {
    const failure = failureOf(error, 'redis:6379');
    assert.ok(failure instanceof RedisAwayError);
    assert.match(failure.message, /^Redis at redis:6379 is away: .+/);
  });
}

test('nothing of what was sent is in what is told', () => {
  const withCommand = Object.assign(answer('NOAUTH Authentication required.'), {
    command: { name: 'auth', args: ['fleetwire', 'sesame'] },
  });
  const unknown = answer("ERR unknown command 'AUTH', with args beginning with: 'sesame' ");
  for (const error of [withCommand, unknown]) {
    const told = inspect(failureOf(error, 'redis:6379'), { depth: 9, showHidden: true });
    assert.ok(!told.includes('sesame'), told);
  }
});

test('a failure that is sorted already stays what it is', () => {
  const failure = new FatalError('REDIS_NOAUTH', 'x');
  assert.equal(failureOf(failure, 'redis:6379'), failure);
});
