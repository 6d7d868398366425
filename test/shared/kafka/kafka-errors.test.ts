// The table of Kafka's errors is whole: no number that kafkajs can answer with is left out.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import {
  failureClassOf,
  kafkaErrorOf,
  kafkaErrorOfNumber,
  kafkaErrors,
} from '#shared/kafka/kafka-errors.ts';

interface KafkajsCode {
  readonly code: number;
  readonly type: string;
}

const { errorCodes } = createRequire(import.meta.url)('kafkajs/src/protocol/error.js') as {
  readonly errorCodes: readonly KafkajsCode[];
};

test('every error that kafkajs knows has its class, under the same number and name', () => {
  assert.ok(errorCodes.length > 80);
  const found = errorCodes.map(({ code }) => ({ code, type: kafkaErrorOfNumber(code)?.name }));
  assert.deepEqual(
    found,
    errorCodes.map(({ code, type }) => ({ code, type })),
  );
});

test('no number and no name stands there twice, and each says what it means', () => {
  const unique = (values: readonly unknown[]) => new Set(values).size;
  assert.equal(unique(kafkaErrors.map(({ number }) => number)), kafkaErrors.length);
  assert.equal(unique(kafkaErrors.map(({ name }) => name)), kafkaErrors.length);
  assert.deepEqual(
    kafkaErrors.filter(({ doc }) => !/^[A-Z].*\.$/.test(doc)),
    [],
  );
});

test('only a record that cannot be stored is ever given up, and only for these', () => {
  const records = kafkaErrors.filter(({ failureClass }) => failureClass === 'record');
  assert.deepEqual(
    records.map(({ name }) => name),
    ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_TIMESTAMP', 'INVALID_RECORD'],
  );
});

test('everything about rights is a refusal', () => {
  const rights = kafkaErrors.filter(({ name }) => /AUTHORIZATION|AUTHENTICATION/.test(name));
  assert.ok(rights.length >= 6);
  assert.ok(rights.every(({ failureClass }) => failureClass === 'refusal'));
});

test('knows the names that Kafka has changed, and takes a strange one for retriable', () => {
  assert.equal(kafkaErrorOf('NOT_LEADER_OR_FOLLOWER')?.number, 6);
  assert.equal(kafkaErrorOf('UNKNOWN_SERVER_ERROR')?.number, -1);
  assert.equal(failureClassOf('KAFKA_ERROR_32960'), 'retriable');
});
