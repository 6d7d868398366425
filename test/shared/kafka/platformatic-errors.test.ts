// The errors that @platformatic/kafka makes, in the words of the table of produce errors.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AuthenticationError,
  MultipleErrors,
  NetworkError,
  ResponseError,
  TimeoutError,
  UserError,
} from '@platformatic/kafka';
import { failureOf } from '#shared/kafka/failures.ts';
import { platformaticError } from '#shared/kafka/platformatic-errors.ts';

function ofNode(code: string): Error {
  return Object.assign(new Error(`socket: ${code}`), { code });
}

/** As the library wraps what happened while it connected, retried or asked for metadata. */
function wrapped(cause: Error): Error {
  const error = new NetworkError('Connection to kafka:9092 failed.', { cause });
  return new MultipleErrors('metadata failed 3 times.', [error, error, error]);
}

const answer = (number: number) => new ResponseError(3, 12, { '/topics/0': [number, null] }, {});

const cases: readonly (readonly [unknown, string, isRetriable: boolean])[] = [
  [new NetworkError('Connection closed'), 'NETWORK_EXCEPTION', true],
  [wrapped(ofNode('ECONNREFUSED')), 'NETWORK_EXCEPTION', true],
  [new TimeoutError('Request timed out', { canRetry: true }), 'REQUEST_TIMED_OUT', true],
  [new MultipleErrors('x', [new TimeoutError('Request timed out')]), 'REQUEST_TIMED_OUT', true],
  [wrapped(new AuthenticationError('SASL failed.')), 'SASL_AUTHENTICATION_FAILED', false],
  [wrapped(ofNode('DEPTH_ZERO_SELF_SIGNED_CERT')), 'TLS_REFUSED', false],
  [answer(6), 'NOT_LEADER_FOR_PARTITION', true],
  [answer(29), 'TOPIC_AUTHORIZATION_FAILED', false],
  [new UserError('Unknown topic vehicle.x.'), 'UNKNOWN_TOPIC_OR_PARTITION', true],
  [new TypeError('a bug'), 'CLIENT_ERROR', true],
];

for (const [error, code, isRetriable] of cases) {
  test(`${String(error)} is ${code}`, () => {
    const failure = failureOf(platformaticError(error));
    assert.deepEqual(
      { code: failure.code, isRetriable: failure.isRetriable },
      { code, isRetriable },
    );
  });
}
