// Each kind of value: what it takes, what it refuses, what it says it wants.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { SettingSchema } from '#shared/runtime/config.ts';
import {
  choice,
  filePath,
  flag,
  integer,
  json,
  list,
  matching,
  text,
  url,
} from '#shared/runtime/config-schemas.ts';

interface Case {
  readonly kind: string;
  readonly schema: SettingSchema<unknown>;
  readonly wanted: string;
  readonly taken: readonly (readonly [string, unknown])[];
  readonly refused: readonly string[];
}

const here = fileURLToPath(import.meta.url);
const routes = z.array(z.object({ filter: z.string() }));

const cases: readonly Case[] = [
  {
    kind: 'integer',
    schema: integer({ min: -5, max: 10, unit: 'ms' }),
    wanted: 'an integer -5..10 (ms)',
    taken: [
      ['-5', -5],
      ['10', 10],
      ['007', 7],
    ],
    refused: ['', '11', '-6', '1.5', '1e1', ' 1', '0x1', 'NaN', '9999999999999999'],
  },
  {
    kind: 'flag',
    schema: flag(),
    wanted: 'true or false',
    taken: [
      ['true', true],
      ['false', false],
    ],
    refused: ['', '1', 'yes', 'TRUE', 'off'],
  },
  { kind: 'text', schema: text('a name'), wanted: 'a name', taken: [['x', 'x']], refused: [''] },
  {
    kind: 'matching',
    schema: matching(/^[a-z]+$/, 'small letters'),
    wanted: 'small letters',
    taken: [['abc', 'abc']],
    refused: ['', 'aBc'],
  },
  {
    kind: 'choice',
    schema: choice(['zstd', 'none']),
    wanted: 'one of zstd, none',
    taken: [['zstd', 'zstd']],
    refused: ['', 'ZSTD', 'gzip'],
  },
  {
    kind: 'url',
    schema: url(['mqtt', 'mqtts']),
    wanted: 'a URL that starts with mqtt:// or mqtts://',
    taken: [
      ['mqtt://broker:1883', 'mqtt://broker:1883'],
      ['mqtts://u:p@[::1]:8883', 'mqtts://u:p@[::1]:8883'],
    ],
    refused: ['', 'broker:1883', 'http://broker', 'mqtt://', 'mqtt:broker'],
  },
  {
    kind: 'list',
    schema: list(),
    wanted: 'a list separated by commas',
    taken: [
      ['a', ['a']],
      ['a:1 , b:2', ['a:1', 'b:2']],
    ],
    refused: ['', 'a,', ',', 'a,,b'],
  },
  {
    kind: 'json',
    schema: json(routes, 'a JSON list of routes'),
    wanted: 'a JSON list of routes',
    taken: [['[{"filter":"a/+"}]', [{ filter: 'a/+' }]]],
    refused: ['', '[', '{}', '[{"filter":1}]'],
  },
  {
    kind: 'filePath',
    schema: filePath(),
    wanted: 'the path of a readable file',
    taken: [[here, here]],
    refused: ['', '/nowhere/at/all', '/'],
  },
];

for (const { kind, schema, wanted, taken, refused } of cases) {
  test(`${kind} says what it wants, takes that and nothing else`, () => {
    assert.equal(schema.description, wanted);
    for (const [given, value] of taken) assert.deepEqual(schema.parse(given), value, given);
    for (const given of refused) assert.equal(schema.safeParse(given).success, false, given);
  });
}
