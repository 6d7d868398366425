// Every golden payload and every vector of every codec has a screen and an object for tools, and
// conform comes to its end over all of them.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { explainedCodecNames, explainedCodecs } from '#services/cli/explain/codecs.ts';
import { paintFor } from '#services/cli/explain/paint.ts';
import { screenOf } from '#services/cli/explain/screen.ts';
import { storyOf } from '#services/cli/explain/story.ts';
import { storyJson } from '#services/cli/explain/story-json.ts';
import { codecs } from '#shared/topics.ts';
import { runCommand } from './run-command.ts';

const folders = [
  { codec: 'gb32960', path: 'test/golden/gb32960' },
  { codec: 'gb32960', path: 'test/golden/gb32960-2025' },
  { codec: 'jt808', path: 'test/golden/jt808' },
];
const files = [
  { codec: 'gb32960', path: '../shared/vectors/gb32960-2016.json' },
  { codec: 'gb32960', path: '../shared/vectors/gb32960-2025.json' },
  { codec: 'jt808', path: '../shared/vectors/jt808.json' },
];

interface Payload {
  readonly codec: string;
  readonly name: string;
  readonly hex: string;
}

const payloads: readonly Payload[] = [
  ...folders.flatMap(({ codec, path }) => {
    const names = readdirSync(join(repositoryRoot, path)).filter((name) => name.endsWith('.json'));
    return names.map((name) => ({ codec, path: join(path, name) }));
  }),
  ...files.filter(({ path }) => existsSync(join(repositoryRoot, path))),
].flatMap(({ codec, path }) => {
  const records = JSON.parse(readFileSync(join(repositoryRoot, path), 'utf8')) as Payload[];
  return records.map(({ name, hex }) => ({ codec, name, hex }));
});

test('explain knows every codec of the topics', () => {
  assert.deepEqual([...explainedCodecNames].sort(), [...codecs].sort());
});

test('every payload has a screen on which each line fits, and an object for tools', async () => {
  const paint = paintFor({ isColoured: false });
  for (const { codec, name, hex } of payloads) {
    const entry = explainedCodecs.find((one) => one.codec === codec) ?? null;
    const story = await storyOf({
      payload: Buffer.from(hex, 'hex'),
      entry,
      vehicleId: null,
      receivedAt: Date.UTC(2026, 5, 15),
      keysFolder: null,
    });
    const lines = screenOf(story, { paint, width: 100, isFull: false });
    assert.ok(lines.length > 2, name);
    assert.match(lines[0] ?? '', /(ACCEPTED|REFUSED)/, name);
    assert.doesNotThrow(() => JSON.stringify(storyJson(story)), name);
    assert.equal(story.isAccepted, story.becomes.refusals.length === 0, name);
  }
});

test('every payload is known by its first bytes', async () => {
  for (const { codec, name, hex } of payloads.filter(isWhole)) {
    const story = await runCommand(`explain auto ${hex} --json`);
    assert.equal(JSON.parse(story.out[0] ?? '{}').codec, codec, name);
  }
});

function isWhole({ codec, hex }: Payload): boolean {
  const entry = explainedCodecs.find((one) => one.codec === codec);
  return entry?.decode(Buffer.from(hex, 'hex'))[0]?.kind === 'accept';
}

test('conform comes to its end over all of them', async () => {
  const lines = payloads.map(({ codec, hex }) => `${codec} ${hex}`).join('\n');
  const { out } = await runCommand('conform - --json', {}, [Buffer.from(lines)]);
  const report = JSON.parse(out.join('')) as { readonly messageCount: number };
  assert.equal(report.messageCount, payloads.length);
});
