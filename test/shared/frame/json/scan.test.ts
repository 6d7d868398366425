// What the scan lets pass is what JSON.parse reads, and what it refuses has a name and a place.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { envelopeLimits, gatewayLimits } from '#shared/frame/json/limits.ts';
import { scanJson } from '#shared/frame/json/scan.ts';
import type { Reason } from '#shared/frame/outcome.ts';

const wide = { ...gatewayLimits, depthMax: 64 };

function faultOf(payload: Buffer | string, limits = envelopeLimits): Reason | null {
  const scanned = scanJson(Buffer.from(payload as string), limits);
  if (scanned.kind === 'fault') return scanned.reason;
  return scanned.documents.find(({ fault }) => fault !== null)?.fault ?? null;
}

test('reads all JSON that JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, stringUnit: 'grapheme' }), (text) => {
      const fault = faultOf(text, wide);
      // Random keys may be those that are refused.
      assert.ok(fault === null || fault.code === 'json_key' || fault.code === 'json_limit', text);
    }),
    { numRuns: 500 },
  );
});

test('refuses every text that JSON.parse refuses, wherever it is cut or changed', () => {
  const good = '{"a":[1,-2.5e+3,true,false,null,"x\\u00e9\\n\u{1f697}"],"b":{"c":0.1}}';
  const bytes = Buffer.from(good);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(bytes);
      changed[at] = byte;
      assert.equal(isJson(changed), isRead(changed), changed.toString('latin1'));
    }),
    { numRuns: 3000 },
  );
  for (let end = 0; end < bytes.length; end += 1) assert.ok(!isRead(bytes.subarray(0, end)));
});

/** As JSON.parse sees it, with UTF-8 and surrogates looked at. */
function isJson(bytes: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return JSON.stringify(JSON.parse(text)).isWellFormed() && !hasLoneEscape(text);
  } catch {
    return false;
  }
}

function hasLoneEscape(text: string): boolean {
  return /\\ud[89a-f]/i.test(text);
}

function isRead(bytes: Buffer): boolean {
  return scanJson(bytes, wide).kind === 'json';
}

test('names each fault and the byte where it lies', () => {
  const rows: readonly (readonly [string | Buffer, string, number])[] = [
    ['{"a":1,}', 'json_syntax', 7],
    ['{"a" 1}', 'json_syntax', 5],
    ['[1 2]', 'json_syntax', 3],
    ['01', 'json_syntax', 0],
    ['1.', 'json_syntax', 2],
    ['1e', 'json_syntax', 2],
    ['-', 'json_syntax', 1],
    ['NaN', 'json_syntax', 0],
    ['Infinity', 'json_syntax', 0],
    ['nul', 'json_syntax', 3],
    ['"a', 'json_syntax', 2],
    ['"\n"', 'json_syntax', 1],
    ['"\\x"', 'json_syntax', 1],
    ['"\\u12g4"', 'json_syntax', 5],
    ['{} {}', 'json_syntax', 3],
    ['{}\0', 'json_syntax', 2],
    ['\ufeff{}', 'json_syntax', 0],
    ['"\\ud83d"', 'json_unicode', 1],
    ['"\\ude97"', 'json_unicode', 1],
    ['"\\ud83d\\u0041"', 'json_unicode', 1],
    [Buffer.from('22c08022', 'hex'), 'json_unicode', 1],
    [Buffer.from('22eda08022', 'hex'), 'json_unicode', 1],
    [Buffer.from('22f490808022', 'hex'), 'json_unicode', 1],
    [Buffer.from('22e28222', 'hex'), 'json_unicode', 1],
    [Buffer.from('2280', 'hex'), 'json_unicode', 1],
    ['1e309', 'json_limit', 0],
    ['-1E+400', 'json_limit', 0],
    ['1'.repeat(129), 'json_limit', 0],
    ['[[[[[[[[[', 'json_limit', 8],
    [`"${'a'.repeat(8193)}"`, 'json_limit', 8193],
    [`{"${'a'.repeat(513)}":1}`, 'json_limit', 514],
    [`[${'{},'.repeat(257)}1]`, 'json_limit', 190],
    [`[${'1,'.repeat(257)}1]`, 'json_limit', 513],
    [`{"a":[${'1,'.repeat(32_768)}1]}`, 'json_limit', 65_542],
    ['{"a":1,"a":2}', 'json_key', 7],
    ['{"a":1,"\\u0061":2}', 'json_key', 7],
    ['{"\\u0061":1,"a":2}', 'json_key', 12],
    ['{"__proto__":1}', 'json_key', 1],
    ['{"x":{"constructor":1}}', 'json_key', 6],
    ['{"__pr\\u006fto__":1}', 'json_key', 1],
    ['{"prototype":1}', 'json_key', 1],
  ];
  for (const [payload, code, offset] of rows) {
    const fault = faultOf(payload);
    const found = { code: fault?.code, offset: fault?.offset };
    assert.deepEqual(found, { code, offset }, payload.slice(0, 40).toString());
  }
});

test('lets the same key stand in two objects', () => {
  assert.equal(faultOf('[{"a":{"a":1},"b":{"a":1}},{"a":2}]'), null);
});

test('finds one key that stands twice among thousands', () => {
  const keys = Array.from({ length: 4000 }, (_, at) => `"k${at}":0`);
  assert.equal(faultOf(`{${keys.join(',')}}`), null);
  assert.equal(faultOf(`{${[...keys, '"k1234":0'].join(',')}}`)?.code, 'json_key');
  assert.equal(faultOf(`{${[...keys, ...keys].join(',')}}`)?.code, 'json_limit');
  assert.equal(faultOf('{"k1":0}'), null, 'and forgets the keys of the payload before');
});

test('tells integers that a double would change, and no other', () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ['9007199254740991', false],
    ['-9007199254740991', false],
    ['9007199254740992', true],
    ['-9007199254740993', true],
    ['12345678901234567890', true],
    ['1234567890123456789.5', false],
    ['1e300', false],
    ['0', false],
  ];
  for (const [text, isWide] of rows) {
    const scanned = scanJson(Buffer.from(text), envelopeLimits);
    assert.ok(scanned.kind === 'json');
    const wanted = isWide ? [text.startsWith('-') ? 0 : 0, text.length] : [];
    assert.deepEqual(scanned.documents[0]?.wideIntegers, wanted, text);
  }
});
