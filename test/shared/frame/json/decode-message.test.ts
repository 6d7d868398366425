// From the bytes of a payload to envelopes, and to reasons that an integrator can act on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/json/decode-message.ts';

function decode(text: string) {
  return decodeMessage(Buffer.from(text));
}

/** The one outcome of a payload, as it reads. */
function told(text: string): string {
  const [outcome, ...more] = decode(text);
  assert.ok(outcome !== undefined && more.length === 0);
  const { kind, reason } = outcome;
  return reason === null ? kind : `${reason.code} at ${reason.offset}: ${reason.detail}`;
}

test('reads an envelope as it was sent', () => {
  const text =
    '{"v":1,"id":"a","ts":1777608306000,"vehicle":{"speedKmh":50.5},"signals":{"x":true}}';
  const [outcome] = decode(text);
  assert.ok(outcome?.kind === 'accept');
  assert.deepEqual(outcome.frame.envelope, JSON.parse(text));
  assert.equal(outcome.frame.codec, 'json-1');
});

test('names the value that is wrong by pointer and byte, with what was wanted and found', () => {
  const rows = [
    ['{"v":2,"ts":0}', 'json_version at 5: /v: version 1 of the envelope wanted, found 2'],
    ['{"v":"1","ts":0}', 'json_version at 5: /v: version 1 of the envelope wanted, found "1"'],
    ['{"ts":0}', 'json_schema at 0: v wanted, found none'],
    ['{"v":1}', 'json_schema at 0: ts wanted, found none'],
    ['7', 'json_schema at 0: object wanted, found 7'],
    ['[]', 'json_schema at 0: at least one envelope wanted, found an empty array'],
    ['{"v":1,"ts":null}', 'json_schema at 12: /ts: integer or string wanted, found null'],
    [
      '{"v":1,"ts":0,"vehicle":{"speed":50}}',
      'json_schema at 33: /vehicle/speed: a name of the schema wanted, found another',
    ],
    [
      '{"v":1,"ts":0,"vehicle":{"socPercent":"5"}}',
      'json_schema at 38: /vehicle/socPercent: number or null wanted, found "5"',
    ],
    [
      '{"v":1,"ts":0,"position":{"longitudeDeg":1,"latitudeDeg":2}}',
      'json_schema at 25: /position: datum wanted, found none',
    ],
    [
      '{"v":1,"ts":0,"type":"login","vehicle":{}}',
      'json_schema at 39: /vehicle: nothing wanted in a message of this type, found an object',
    ],
    [
      '{"v":1,"ts":0,"motors":[{"no":0}]}',
      'json_schema at 30: /motors/0/no: must be >= 1, found 0',
    ],
    [
      '{"v":1,"ts":0,"signals":{"a/b~c":[]}}',
      'json_schema at 33: /signals/a~1b~0c: number or string or boolean or null wanted, ' +
        'found an array of 0',
    ],
    [
      '{"v":1,"id":12345678901234567890,"ts":0}',
      'json_schema at 12: /id: string wanted, found 12345678901234567000',
    ],
    ['{"v":1,"ts":0,"vehicle":{"a":1,}}', 'json_syntax at 31: /vehicle: a key wanted, found "}"'],
  ] as const;
  for (const [text, wanted] of rows) assert.equal(told(text), wanted);
});

test('keeps a measured number outside its range for the record to mark', () => {
  assert.equal(told('{"v":1,"ts":0,"vehicle":{"speedKmh":-1,"socPercent":300}}'), 'accept');
  assert.equal(told('{"v":1,"ts":0,"packs":[{"no":1,"cellVoltagesMv":[70000]}]}'), 'accept');
});

test('keeps integers beyond 2^53 digit by digit', () => {
  const [outcome] = decode(
    '[{"v":1,"ts":0},{"v":1,"ts":0,"signals":{"a":-12345678901234567890}}]',
  ).slice(1);
  assert.ok(outcome?.kind === 'accept');
  assert.deepEqual(outcome.frame.envelope.signals, { a: '-12345678901234567890' });
});

test('parts an array into frames, of which a wrong one leaves the others be', () => {
  const parts = ['{"v":1,"ts":1}', '{"v":1,"ts":{}}', '{"v":1,"v":1,"ts":2}', '{ "v":1,"ts":3 }'];
  const outcomes = decode(` [${parts.join(' , ')}]\n`);
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['accept', 'reject', 'reject', 'accept'],
  );
  assert.deepEqual(
    outcomes.map(({ bytes }) => Buffer.from(bytes).toString()),
    parts,
  );
  assert.deepEqual(
    outcomes.map(({ reason }) => reason?.offset ?? null),
    [null, 12, 7, null],
  );
});

test('gives a payload of one envelope back whole, the space around it included', () => {
  const [outcome] = decode(' {"v":1,"ts":1}\n');
  assert.equal(outcome?.bytes.length, 16);
});

test('refuses an empty payload as every codec does', () => {
  assert.match(told(''), /^frame_empty at 0/);
});

test('names the object whose key is wrong, and the value whose text is', () => {
  const rows = [
    ['{"v":1,"v":1}', 'json_key at 7: each key once wanted, found "v" again'],
    ['{"a":{"b":1,"b":2}}', 'json_key at 12: /a: each key once wanted, found "b" again'],
    ['{"a":["\\x"]}', 'json_syntax at 7: /a/0: an escape of JSON wanted, found \\ and "x"'],
    ['{"a/b":{"c":tru}}', 'json_syntax at 15: /a~1b/c: true wanted, found "}"'],
    ['{"a":1 "b":2}', 'json_syntax at 7: /a: "," or "}" wanted, found "\\""'],
  ] as const;
  for (const [text, wanted] of rows) assert.equal(told(text), wanted);
});
