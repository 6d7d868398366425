// The README's settings table says everything that the program knows about a setting.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setting } from '#shared/runtime/config.ts';
import { settingsMarkdown } from '#shared/runtime/config-markdown.ts';
import { choice, integer, text } from '#shared/runtime/config-schemas.ts';

test('renders name, default, meaning with unit and range, and an example', () => {
  const table = {
    ageMs: setting({
      name: 'BRIDGE_BATCH_AGE_MS',
      schema: integer({ min: 1, max: 5000, unit: 'ms' }),
      default: 20,
      example: 50,
      doc: 'Age at which a batch leaves.',
    }),
    codec: setting({
      name: 'KAFKA_COMPRESSION',
      schema: choice(['zstd', 'none']),
      example: 'none',
      doc: 'This | that.',
    }),
    password: setting({
      name: 'KAFKA_SASL_PASSWORD',
      schema: text('a password'),
      optional: true,
      secret: true,
      example: 'x',
      doc: 'Of the user.',
    }),
  };
  assert.equal(
    settingsMarkdown(table),
    [
      '| name | default | meaning | example |',
      '| --- | --- | --- | --- |',
      '| `BRIDGE_BATCH_AGE_MS` | `20` ' +
        '| Age at which a batch leaves. An integer 1..5000 (ms). | `50` |',
      '| `KAFKA_COMPRESSION` | **required** | This \\| that. One of zstd, none. | `none` |',
      '| `KAFKA_SASL_PASSWORD` | none | Of the user. A password. ' +
        'Secret: `KAFKA_SASL_PASSWORD_FILE` may name a file instead. | `x` |',
    ].join('\n'),
  );
});
