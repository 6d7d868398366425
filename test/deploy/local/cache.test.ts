// The cache holds whole folders only, whoever fills it at the same time.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { cached, cacheFolder } from '#deploy/local/cache.ts';

function useFreshCache(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleetwire-cache-'));
  process.env['FLEETWIRE_CACHE'] = folder;
  return folder;
}

test('FLEETWIRE_CACHE comes before XDG_CACHE_HOME, and that before the home folder', () => {
  assert.equal(cacheFolder({ FLEETWIRE_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/b' }), '/b/fleetwire');
  assert.match(cacheFolder({}), /\/\.cache\/fleetwire$/);
});

test('a folder is filled once and then found', async () => {
  useFreshCache();
  let fills = 0;
  const fill = async (folder: string) => {
    fills += 1;
    writeFileSync(join(folder, 'jar'), 'bytes');
  };
  const first = await cached('part-1', fill);
  assert.equal(await cached('part-1', fill), first);
  assert.equal(fills, 1);
  assert.equal(readFileSync(join(first, 'jar'), 'utf8'), 'bytes');
});

test('two that fill the same folder at once both get a whole one, and no draft is left', async () => {
  const home = useFreshCache();
  const fill = (word: string) => async (folder: string) => {
    writeFileSync(join(folder, 'a'), word);
    await new Promise(setImmediate);
    writeFileSync(join(folder, 'b'), word);
  };
  const [one, two] = await Promise.all([cached('p', fill('one')), cached('p', fill('two'))]);
  assert.equal(one, two);
  assert.equal(readFileSync(join(one, 'a'), 'utf8'), readFileSync(join(one, 'b'), 'utf8'));
  assert.deepEqual(readdirSync(home), ['p']);
});

test('what could not be filled is not there, and the next one tries again', async () => {
  const home = useFreshCache();
  const fail = async (folder: string) => {
    writeFileSync(join(folder, 'half'), '');
    throw new Error('the line is cut');
  };
  await assert.rejects(cached('p', fail), /the line is cut/);
  assert.deepEqual(readdirSync(home), []);
  await cached('p', async () => undefined);
  assert.deepEqual(readdirSync(home), ['p']);
});
