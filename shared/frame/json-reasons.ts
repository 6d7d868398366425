// What the reason codes of JSON payloads mean, and what to do. Words only.

import type { RejectCode } from './outcome.ts';
import type { ReasonEntry } from './reasons.ts';

type JsonCode = Extract<RejectCode, `json_${string}`>;

export const jsonReasons: Readonly<Record<JsonCode, ReasonEntry>> = {
  json_syntax: {
    meaning:
      'The payload is no JSON as RFC 8259 has it. `offset` is the byte where it stops to be, ' +
      'and `detail` begins with the JSON pointer of the value there. A byte order mark, a ' +
      'comma before a closing bracket, NaN and anything behind the document end here too.',
    example: { text: '{"v":1,"ts":1777608306000,}', codec: 'json' },
    toDo: 'send what a JSON library writes, as UTF-8 and without a byte order mark.',
  },
  json_unicode: {
    meaning:
      'A text of the payload is no well-formed Unicode: bytes that are no UTF-8, or an escape ' +
      'that is half of a surrogate pair.',
    example: { text: '{"v":1,"ts":0,"id":"\\ud83d"}', codec: 'json' },
    toDo: 'encode texts as UTF-8; do not cut a text between the halves of a character.',
  },
  json_limit: {
    meaning:
      'The payload is more than a message of a vehicle can be: too deep, too many keys, values, ' +
      'objects or envelopes for its length, a key, text or number that is too long, or a number ' +
      'that no double can hold. `detail` names the limit. It was found on the bytes; nothing ' +
      'was built.',
    example: { text: '[[[[[[[[[1]]]]]]]]]', codec: 'json' },
    toDo: 'send less in one message. An integer of any size may be sent as text.',
  },
  json_key: {
    meaning:
      'An object names a key twice, so that nobody can say which value counts, or one of ' +
      '`__proto__`, `constructor` and `prototype`.',
    example: { text: '{"v":1,"ts":0,"ts":1}', codec: 'json' },
    toDo: 'name each key once; rename a signal that has one of these names.',
  },
  json_version: {
    meaning: 'The envelope has a version that this codec does not read.',
    example: { text: '{"v":2,"ts":1777608306000}', codec: 'json' },
    toDo: 'send version 1, or wait with this vehicle until its version is served.',
  },
  json_schema: {
    meaning:
      'The payload is JSON but not what its codec reads: a value of another type, a name that ' +
      'the schema does not know, one that is missing. `detail` begins with the JSON pointer, ' +
      '`offset` is the byte of the value. A measured number outside its range is no such fault: ' +
      'it is kept and marked.',
    example: { text: '{"v":1,"ts":1777608306000,"vehicle":{"speed":50}}', codec: 'json' },
    toDo:
      'validate what you send with the published schema of the envelope; for a gateway, compare ' +
      'with what its version writes.',
  },
};
