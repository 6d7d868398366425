// JSON made to hurt: the scan stops it on its bytes, in time and memory of the payload's order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decodeMessage } from '#shared/frame/json/decode-message.ts';

const megabyte = 1024 * 1024;

function codeOf(payload: string): string | undefined {
  return decodeMessage(Buffer.from(payload))[0]?.reason?.code;
}

test('stops at the limit, whatever follows', () => {
  const rows: readonly (readonly [string, string])[] = [
    [`[${'['.repeat(megabyte)}`, 'json_limit'],
    [`{"v":${'{"v":'.repeat(megabyte)}`, 'json_limit'],
    [`{"v":1,"ts":${'9'.repeat(10 * megabyte)}}`, 'json_limit'],
    [`{"v":1,"ts":0.${'0'.repeat(10 * megabyte)}1}`, 'json_limit'],
    [`{"v":1,"id":"${'a'.repeat(megabyte)}"}`, 'json_limit'],
    [`{"${'k'.repeat(megabyte)}":1}`, 'json_limit'],
    [`{"v":1,"signals":[${'[],'.repeat(megabyte)}1]}`, 'json_limit'],
    [`[${'{},'.repeat(megabyte)}{}]`, 'json_limit'],
    [`{${Array.from({ length: 50_000 }, (_, at) => `"${at}":1`).join(',')}}`, 'json_limit'],
    [' '.repeat(megabyte), 'json_syntax'],
    [`{"v":1}${' '.repeat(megabyte)}x`, 'json_syntax'],
    ['{"v":1,"ts":0,"signals":{"__proto__":{"x":1}}}', 'json_key'],
    ['{"v":1,"ts":0,"constructor":{"prototype":{"x":1}}}', 'json_key'],
    ['\0'.repeat(megabyte), 'json_syntax'],
    ['"\\u0000"', 'json_schema'],
    [`{"v":1,"ts":"${'9'.repeat(5000)}"}`, 'json_schema'],
  ];
  for (const [payload, code] of rows) assert.equal(codeOf(payload), code, payload.slice(0, 40));
  assert.equal(({} as { readonly x?: number }).x, undefined);
});

test('is not slowed by keys chosen to meet', () => {
  // Keys whose plain FNV-1a ends in the same bits; the table's own hash is seeded.
  const keys: string[] = [];
  for (let at = 0; keys.length < 2000 && at < 4_000_000; at += 1) {
    if ((fnv(`${at}`) & 0x3ff) === 0) keys.push(`"${at}":0`);
  }
  const payload = Buffer.from(`{"v":1,"ts":0,"signals":{${keys.join(',')}}}`);
  decodeMessage(payload);
  const before = process.threadCpuUsage();
  for (let round = 0; round < 10; round += 1) decodeMessage(payload);
  const { user, system } = process.threadCpuUsage(before);
  assert.ok(user + system < 10 * 20_000, `${user + system} µs for 10 payloads`);
});

function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

test('builds at most 16 times the payload', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const size = 64 * 1024;
  const rows: Readonly<Record<string, (at: number) => string>> = {
    'short keys': (at) => `"${at.toString(36)}":1.5`,
    'short texts': (at) => `"${at.toString(36)}":"${at.toString(36)}x"`,
    'wide integers': (at) => `"${at.toString(36)}":${12345678901234567890n + BigInt(at)}`,
  };
  for (const [name, member] of Object.entries(rows)) {
    const members = fill(size, member, 4000);
    hold(Buffer.from(`{"v":1,"ts":0,"signals":{${members}}}`), name, collect);
  }
  const signals = fill(size, (at) => `{"name":"${at}","value":1.5}`, 2000);
  hold(Buffer.from(`{"v":1,"ts":0,"signals":[${signals}]}`), 'named signals', collect);
  const cells = fill(size, () => '3000', 30_000);
  hold(
    Buffer.from(`{"v":1,"ts":0,"packs":[{"no":1,"cellVoltagesMv":[${cells}]}]}`),
    'cells',
    collect,
  );
  hold(Buffer.from(`[${fill(size, () => '{"v":1,"ts":0}', 256)}]`), 'envelopes', collect);
});

function fill(bytes: number, part: (at: number) => string, most: number): string {
  const parts: string[] = [];
  for (let at = 0, length = 0; length < bytes - 100 && parts.length < most; at += 1) {
    const next = part(at);
    parts.push(next);
    length += next.length + 1;
  }
  return parts.join(',');
}

/** What a decoded payload keeps alive, many times over so that noise does not count. */
function hold(payload: Buffer, name: string, collect: () => void): void {
  const kept: unknown[] = [];
  decodeMessage(payload);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let round = 0; round < 20; round += 1) kept.push(decodeMessage(Buffer.from(payload)));
  collect();
  const grown = (process.memoryUsage().heapUsed - before) / kept.length;
  assert.ok(grown < payload.length * 16, `${name}: ${grown / payload.length} times the payload`);
}
