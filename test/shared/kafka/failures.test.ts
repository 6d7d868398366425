// What a failed send means must not depend on how kafkajs wraps it.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { failureOf, isClientFault } from '#shared/kafka/failures.ts';

interface ProtocolErrors {
  createErrorFromCode(code: number): Error;
}

const require = createRequire(import.meta.url);
// Not all of them are in kafkajs's types.
type ErrorClass = new (...facts: unknown[]) => Error;
const errors = require('kafkajs/src/errors.js') as Record<string, ErrorClass>;
const { createErrorFromCode } = require('kafkajs/src/protocol/error.js') as ProtocolErrors;

function protocolError(code: number): Error {
  return createErrorFromCode(code);
}

function clientError(name: string, ...facts: unknown[]): Error {
  return new errors[name]!(...facts);
}

const connectionClosed = clientError('KafkaJSConnectionClosedError', 'Closed connection', {
  host: 'kafka-0',
  port: 9092,
});

const table: readonly { name: string; error: unknown; code: string; isRetriable: boolean }[] = [
  {
    name: 'leader moved',
    error: protocolError(6),
    code: 'NOT_LEADER_FOR_PARTITION',
    isRetriable: true,
  },
  {
    name: 'too few replicas',
    error: protocolError(19),
    code: 'NOT_ENOUGH_REPLICAS',
    isRetriable: true,
  },
  // kafkajs calls this one final.
  { name: 'broker away', error: protocolError(8), code: 'BROKER_NOT_AVAILABLE', isRetriable: true },
  { name: 'too large', error: protocolError(10), code: 'MESSAGE_TOO_LARGE', isRetriable: false },
  {
    name: 'no right',
    error: protocolError(29),
    code: 'TOPIC_AUTHORIZATION_FAILED',
    isRetriable: false,
  },
  { name: 'connection cut', error: connectionClosed, code: 'NETWORK_EXCEPTION', isRetriable: true },
  {
    name: 'no answer in time',
    error: clientError('KafkaJSRequestTimeoutError', 'Request Produce timed out'),
    code: 'REQUEST_TIMED_OUT',
    isRetriable: true,
  },
  {
    name: 'wrong password',
    error: clientError('KafkaJSSASLAuthenticationError', 'Authentication failed'),
    code: 'SASL_AUTHENTICATION_FAILED',
    isRetriable: false,
  },
  // kafkajs stumbles over its own state while brokers come and go.
  { name: 'a bug', error: new TypeError('of undefined'), code: 'CLIENT_ERROR', isRetriable: true },
  { name: 'no error at all', error: 'text', code: 'CLIENT_ERROR', isRetriable: true },
];

for (const { name, error, code, isRetriable } of table) {
  test(`sorts a failed send: ${name}`, () => {
    const failure = failureOf(error);
    assert.equal(failure.code, code);
    assert.equal(failure.isRetriable, isRetriable);
  });
}

test('finds the cause under every wrapping', () => {
  const inner = protocolError(10);
  const once = clientError('KafkaJSNonRetriableError', inner, { cause: inner });
  const twice = clientError('KafkaJSNumberOfRetriesExceeded', once, { retryCount: 3 });
  assert.equal(failureOf(twice).code, 'MESSAGE_TOO_LARGE');
});

test('takes the first of the errors that the admin gathers', () => {
  const gathered = clientError('KafkaJSAggregateError', 'Topic errors', [protocolError(29)]);
  assert.equal(failureOf(gathered).code, 'TOPIC_AUTHORIZATION_FAILED');
});

test('knows a certificate that one of the two sides does not take', () => {
  const facts = { broker: 'kafka-0:9092' };
  const codes = {
    CERT_HAS_EXPIRED: 'TLS_REFUSED',
    SELF_SIGNED_CERT_IN_CHAIN: 'TLS_REFUSED',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS_REFUSED',
    ERR_TLS_CERT_ALTNAME_INVALID: 'TLS_REFUSED',
    ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'TLS_REFUSED',
    ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'TLS_REFUSED',
    ECONNRESET: 'NETWORK_EXCEPTION',
    ECONNREFUSED: 'NETWORK_EXCEPTION',
    ENOTFOUND: 'NETWORK_EXCEPTION',
    ETIMEDOUT: 'NETWORK_EXCEPTION',
    EMFILE: 'NETWORK_EXCEPTION',
  };
  for (const [found, wanted] of Object.entries(codes)) {
    const error = clientError('KafkaJSConnectionError', 'Connection error', {
      ...facts,
      code: found,
    });
    const { code, isRetriable } = failureOf(error);
    assert.deepEqual({ found, code }, { found, code: wanted });
    assert.equal(isRetriable, wanted !== 'TLS_REFUSED');
  }
});

test('names by its number what kafkajs does not know, and holds on to what nobody knows', () => {
  assert.equal(failureOf(protocolError(89)).code, 'THROTTLING_QUOTA_EXCEEDED');
  const { code, isRetriable } = failureOf(protocolError(32_960));
  assert.deepEqual({ code, isRetriable }, { code: 'KAFKA_ERROR_32960', isRetriable: true });
});

test('tells a fault of this client from a fault of the record', () => {
  assert.equal(isClientFault('TOPIC_AUTHORIZATION_FAILED'), true);
  assert.equal(isClientFault('MESSAGE_TOO_LARGE'), false);
  assert.equal(isClientFault('NETWORK_EXCEPTION'), false);
});
