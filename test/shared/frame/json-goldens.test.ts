// Payloads of JSON with a known meaning, of every codec that reads JSON.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as gb32960Gateway from '#shared/frame/gb32960-gateway/describe-message.ts';
import * as json from '#shared/frame/json/describe-message.ts';
import * as jt808Gateway from '#shared/frame/jt808-gateway/describe-message.ts';
import type { Reason } from '#shared/frame/outcome.ts';
import * as presence from '#shared/frame/presence/describe-message.ts';

interface Golden {
  readonly name: string;
  readonly text: string;
  readonly outcomes: readonly unknown[];
}

interface Described {
  readonly outcome: string;
  readonly reason: Reason | null;
  readonly frame: unknown;
}

type Describe = (payload: Uint8Array) => { readonly frames: readonly Described[] };

const describers: Readonly<Record<string, Describe>> = {
  json: json.describeMessage,
  presence: presence.describeMessage,
  'gb32960-gateway': gb32960Gateway.describeMessage,
  'jt808-gateway': jt808Gateway.describeMessage,
};

for (const [codec, describe] of Object.entries(describers)) {
  const folder = new URL(`../../golden/${codec}/`, import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const records: readonly Golden[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    for (const { name, text, outcomes } of records) {
      test(`${codec}/${file}: ${name}`, () => {
        const found = describe(Buffer.from(text)).frames.map(told);
        // As plain JSON, like the file.
        assert.deepEqual(JSON.parse(JSON.stringify(found)), outcomes);
      });
    }
  }
}

function told({ outcome: kind, reason, frame }: Described): object {
  const { code = null, offset = null, detail = null } = reason ?? {};
  return { kind, code, offset, detail, frame };
}
