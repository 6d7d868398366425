// docs/reasons.md names every code there is, and its examples come to what they say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { keptReasons } from '#shared/frame/kept-reasons.ts';
import type { ReasonEntry } from '#shared/frame/reasons.ts';
import { refusedReasons } from '#shared/frame/refused-reasons.ts';
import { streamReasons } from '#shared/stream/quarantine.ts';
import { alarm, reportFrame, vehicleId } from '#test/shared/telemetry/sample-frames.ts';
import { decodeRecord, messageOf, testIngest, upTopic } from './ingest-bed.ts';

const chapters = {
  refused: '## Refused frames',
  kept: '## Kept frames',
  record: '## Refused records',
};

// The compiler refuses a table that lacks a code or has one too many.
const codes: Readonly<Record<string, keyof typeof chapters>> = {
  ...Object.fromEntries(Object.keys(refusedReasons).map((code) => [code, 'refused' as const])),
  ...Object.fromEntries(Object.keys(keptReasons).map((code) => [code, 'kept' as const])),
  ...Object.fromEntries(streamReasons.map((code) => [code, 'record' as const])),
};

const page = readFileSync(new URL('../../../docs/reasons.md', import.meta.url), 'utf8');
const sections = page.split(/^### /m).slice(1);
const ingest = await testIngest();

function codeOf(section: string): string {
  return /^`(\w+)`/.exec(section)?.[1] ?? '';
}

function block(text: string, kind: string): string | null {
  return new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\`$`, 'm').exec(text)?.[1]?.trim() ?? null;
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
}

/** The code in the one record that a message becomes; null for a frame read whole. */
function reasonOf(payload: Buffer, mqttTopic = upTopic): string | null {
  const [record, ...more] = ingest(messageOf(payload, mqttTopic)).records.map(decodeRecord);
  assert.ok(record !== undefined && more.length === 0, 'one record');
  if (record.schema !== 'telemetry.v1') return record.value.reason;
  return record.value.partialReason?.split(':')[0] ?? null;
}

const heartbeat = bytesOf(block(page, 'hex good') ?? '');

test('has a section for every code, and for no other', () => {
  assert.deepEqual(sections.map(codeOf).sort(), Object.keys(codes).sort());
});

test('sorts the codes into refused and kept frames, and records that a processor refuses', () => {
  const titles = [...page.matchAll(/^##+ .*$/gm)].map(([title]) => title);
  for (const [code, kind] of Object.entries(codes)) {
    const before = titles.slice(0, titles.indexOf(`### \`${code}\``));
    const chapter = before.findLast((title) => title.startsWith('## '));
    assert.equal(chapter, chapters[kind], code);
  }
});

test('says in every section what to do', () => {
  for (const section of sections) assert.match(section, /^What to do: /m, codeOf(section));
});

test('shows a heartbeat that is good', () => {
  assert.equal(reasonOf(heartbeat), null);
});

const entries: Readonly<Record<string, ReasonEntry>> = { ...refusedReasons, ...keptReasons };

for (const [code, { example }] of Object.entries(entries)) {
  if (example === null || 'words' in example) continue;
  test(`has an example for ${code} that comes to ${code}`, () => {
    if ('topic' in example) {
      assert.equal(reasonOf(heartbeat, example.topic), code);
      return;
    }
    const topic = `v1/up/${vehicleId}/${example.codec ?? 'gb32960'}`;
    const payload = 'hex' in example ? bytesOf(example.hex) : Buffer.from(example.text);
    assert.equal(reasonOf(payload, topic), code);
  });
}

test('describes the examples that are too long to show', () => {
  assert.equal(reasonOf(Buffer.alloc(65_537)), 'payload_oversize');
  assert.equal(reasonOf(reportFrame(new Array(257).fill(alarm))), 'record_refused');
});
