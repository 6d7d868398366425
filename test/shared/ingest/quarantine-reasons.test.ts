// docs/quarantine-reasons.md names every code there is, and its examples come to what they say.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ReasonCode } from '#shared/frame/outcome.ts';
import type { StreamReason } from '#shared/stream/quarantine.ts';
import { alarm, reportFrame } from '#test/shared/telemetry/sample-frames.ts';
import { decodeRecord, messageOf, testIngest, upTopic } from './ingest-bed.ts';

// The compiler refuses this table when a code is missing or one too many.
const codes: Readonly<Record<ReasonCode | StreamReason, keyof typeof chapters>> = {
  frame_empty: 'refused',
  frame_start: 'refused',
  frame_edition: 'refused',
  frame_truncated: 'refused',
  frame_length: 'refused',
  frame_checksum: 'refused',
  body_truncated: 'refused',
  identity_mismatch: 'refused',
  payload_oversize: 'refused',
  topic_unknown: 'refused',
  codec_unknown: 'refused',
  record_refused: 'refused',
  encrypted: 'kept',
  command_unknown: 'kept',
  item_unknown: 'kept',
  item_truncated: 'kept',
  record_undecodable: 'record',
  record_poison: 'record',
  offset_jump: 'record',
};

const chapters = {
  refused: '## Refused frames',
  kept: '## Kept frames',
  record: '## Refused records',
};

const page = readFileSync(new URL('../../../docs/quarantine-reasons.md', import.meta.url), 'utf8');
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

for (const section of sections) {
  const code = codeOf(section);
  const hex = block(section, 'hex');
  const topic = block(section, 'topic');
  if (hex === null && topic === null) continue;
  test(`has an example for ${code} that comes to ${code}`, () => {
    assert.equal(reasonOf(hex === null ? heartbeat : bytesOf(hex), topic ?? upTopic), code);
  });
}

test('describes the examples that are too long to show', () => {
  assert.equal(reasonOf(Buffer.alloc(65_537)), 'payload_oversize');
  assert.equal(reasonOf(reportFrame(new Array(257).fill(alarm))), 'record_refused');
});
