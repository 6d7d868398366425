// `fleetwire conform`: a capture held to each rule, and the place of what breaks it.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RuleId } from '#services/cli/conform/rules.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame, type ItemInput } from '#shared/frame/gb32960/encode-frame.ts';
import { alarm, vehicle, voltageSubsystem } from '#test/shared/telemetry/sample-frames.ts';
import { type CommandRun, runCommand } from './run-command.ts';

const vin = 'LTESTVN00T0000008';
const startAt = Date.UTC(2026, 4, 1, 4);
const folder = mkdtempSync(join(tmpdir(), 'conform-'));

function report(seconds: number, items: readonly ItemInput[] = [vehicle], command = 0x02): Buffer {
  const time = deviceTimeOf(startAt + 1000 * seconds);
  return buildFrame({ command, vin, body: { kind: 'report', time, items, remainder: null } });
}

function login(seconds: number, loginSeq: number): Buffer {
  const time = deviceTimeOf(startAt + 1000 * seconds);
  const none = { ressCount: 1, ressCodeLength: 0, ressCodes: [], trailing: null };
  const body = { kind: 'login', time, loginSeq, iccid: '8986', ...none } as const;
  return buildFrame({ command: 0x01, vin, body });
}

function logout(seconds: number, seq: number): Buffer {
  const time = deviceTimeOf(startAt + 1000 * seconds);
  const body = { kind: 'logout', time, seq, trailing: null } as const;
  return buildFrame({ command: 0x04, vin, body });
}

const drive = [login(0, 1), report(10), report(20), report(30), logout(35, 1)];

function lineOf(frame: Buffer, at: number): string {
  const time = new Date(startAt + 1000 * at).toISOString();
  return `${time} v1/up/${vin}/gb32960 ${frame.toString('hex')}`;
}

async function conform(lines: readonly string[], options = ''): Promise<CommandRun> {
  return runCommand(`conform - ${options}`, {}, [Buffer.from(`${lines.join('\n')}\n`)]);
}

interface ReportJson {
  readonly conforms: boolean;
  readonly messageCount: number;
  readonly rules: readonly {
    readonly id: RuleId;
    readonly level: string;
    readonly checkedCount: number;
    readonly foundCount: number;
    readonly subjects: readonly {
      readonly subject: string;
      readonly count: number;
      readonly findings: readonly { line: number | null; offset: number | null; detail: string }[];
    }[];
  }[];
}

async function rulesOf(lines: readonly string[]): Promise<ReportJson> {
  const { out } = await conform(lines, '--json');
  return JSON.parse(out.join('')) as ReportJson;
}

/** Rules that were broken, and the first place of each. */
async function broken(lines: readonly string[]): Promise<readonly string[]> {
  const { rules } = await rulesOf(lines);
  return rules
    .filter(({ level, foundCount }) => level === 'fault' && foundCount > 0)
    .map(({ id, subjects }) => `${id} ${subjects[0]?.findings[0]?.line}`);
}

function framesOf(frames: readonly Buffer[]): readonly string[] {
  return frames.map((frame, at) => lineOf(frame, 10 * at + 1));
}

test('a drive that is right conforms, with 0', async () => {
  const { code, out, err } = await conform(framesOf(drive));
  assert.deepEqual([code, err], [0, []]);
  assert.match(out[0] ?? '', /^5 messages, 5 frames \(gb32960 5\), /);
  assert.equal(out.at(-1), 'CONFORMS to every rule that applied');
  assert.ok(out.every((line) => !line.startsWith('FAULT')));
});

const flipped = Buffer.from(drive[2] as Buffer);
flipped[40] = (flipped[40] as number) ^ 1;

const twoCells = { ...voltageSubsystem, cellTotal: 2, frameStartCell: 1 };
const tooMany: ItemInput = { kind: 'voltages', subsystemCount: 1, subsystems: [twoCells] };
const others: readonly (readonly [string, readonly Buffer[], string])[] = [
  ['a check byte that is wrong', [drive[0]!, flipped], 'check_byte 2'],
  ['a frame that is cut off', [drive[0]!, drive[1]!.subarray(0, 30)], 'length 2'],
  ['bytes that are no frame', [drive[0]!, Buffer.from('nothing')], 'start 2'],
  ['a value out of range', [drive[0]!, report(10, [{ ...vehicle, speed: 2300 }])], 'values 2'],
  ['a report without a login', [report(10)], 'login_first 1'],
  ['reports too far apart', [drive[0]!, report(10), report(50)], 'period 3'],
  ['a time that stands still', [drive[0]!, report(10), report(10, [alarm])], 'time_advances 3'],
  ['an old report sent as a live one', [drive[0]!, report(90), report(10)], 'reissued 3'],
  ['the same frame twice', [drive[0]!, report(10), report(20), report(20)], 'duplicates 4'],
  ['a login serial that leaps', [login(0, 1), logout(1, 1), login(2, 4)], 'serials 3'],
  ['a logout of another login', [login(0, 1), logout(1, 2)], 'serials 2'],
  ['more cells than there are', [drive[0]!, report(10, [tooMany])], 'counts 2'],
  ['an alarm without level', [drive[0]!, report(10, [{ ...alarm, maxLevel: 0 }])], 'alarms 2'],
];

for (const [what, frames, wanted] of others) {
  test(`finds ${what}, and where`, async () => {
    const found = await broken(framesOf(frames));
    assert.ok(found.includes(wanted), found.join(', '));
    assert.equal((await conform(framesOf(frames))).code, 1);
  });
}

test('a reissued report is no old live one', async () => {
  const frames = [drive[0]!, report(20), report(5, [vehicle], 0x03), report(30)];
  assert.deepEqual(await broken(framesOf(frames)), []);
});

test('names a VIN whose check digit is wrong, and an identity that is not of the topic', async () => {
  const other = buildFrame({ command: 0x07, vin: 'LTESTVN0000000001', body: emptyBeat });
  const found = await broken([lineOf(other, 0)]);
  assert.deepEqual(found, ['identity 1', 'vin 1']);
});

const emptyBeat = { kind: 'heartbeat', trailing: null } as const;

test('names a clock that is far from the time of the capture', async () => {
  assert.deepEqual(await broken([lineOf(login(900, 1), 0)]), ['clock 1']);
});

test('counts each kind of finding, with the first place', async () => {
  const fast = [10, 20, 30].map((at) => report(at, [{ ...vehicle, speed: 2300 }]));
  const { rules } = await rulesOf(framesOf([drive[0]!, ...fast]));
  const values = rules.find(({ id }) => id === 'values');
  assert.equal(values?.subjects[0]?.subject, 'vehicle.speed');
  assert.equal(values?.subjects[0]?.count, 3);
  assert.deepEqual(
    values?.subjects[0]?.findings.map(({ line, offset }) => [line, offset]),
    [2, 3, 4].map((line) => [line, 34]),
  );
  const { out } = await conform(framesOf([drive[0]!, ...fast]));
  assert.ok(out.some((line) => line.includes('vehicle.speed: 3 times, first at line 2 byte 34')));
});

test('reads comments, blank lines, and columns parted as people part them', async () => {
  const hex = (drive[0] as Buffer).toString('hex');
  const spaced = hex.replaceAll(/(..)/g, '$1 ');
  const lines = [
    ...['# a drive', '', hex, `gb32960 ${spaced}`, `gb32960;${hex} # a login`],
    ...[`1777608000 v1/up/${vin}/gb32960\t${hex}`, `2026-05-01 12:00:00, ${hex}`],
  ];
  const { messageCount, rules } = await rulesOf(lines);
  assert.equal(messageCount, 5);
  assert.equal(rules.find(({ id }) => id === 'line')?.foundCount, 0);
});

test('names a line that is no hex, and goes on', async () => {
  const lines = [...framesOf(drive), 'zz', '123'];
  assert.deepEqual(await broken(lines), ['line 6']);
});

test('reads a file of bytes, and says at which byte', async () => {
  const path = join(folder, 'drive.bin');
  writeFileSync(path, Buffer.concat([...drive.slice(0, 2), flipped]));
  const { out, code } = await runCommand(`conform ${path} --json`);
  const { rules, messageCount } = JSON.parse(out.join('')) as ReportJson;
  assert.deepEqual([code, messageCount], [1, 3]);
  const [finding] = rules.find(({ id }) => id === 'check_byte')?.subjects[0]?.findings ?? [];
  const at = Buffer.concat(drive.slice(0, 2)).length + flipped.length - 1;
  assert.deepEqual([finding?.line, finding?.offset], [null, at]);
});

function heartbeat808(serial: number): string {
  const header = Buffer.from('000200000120000000680000', 'hex');
  header.writeUInt16BE(serial, 10);
  const check = header.reduce((xor, byte) => xor ^ byte, 0);
  return `7e${header.toString('hex')}${check.toString(16).padStart(2, '0')}7e`;
}

test('a JT/T 808 terminal counts its frames, with gaps and over the end', async () => {
  const good = [1, 2, 5, 65_534, 65_535, 0, 1].map(heartbeat808);
  assert.deepEqual(await broken(good.slice(0, 3)), []);
  assert.deepEqual(await broken(good.slice(3)), []);
  assert.deepEqual(await broken([7, 7].map(heartbeat808)), ['serials 2']);
  assert.deepEqual(await broken([7, 9, 8].map(heartbeat808)), ['serials 3']);
});

test('JSON is held to its schema, and not to logins or periods of other codecs', async () => {
  const envelope = (ts: string) => `{"v":1,"ts":"${ts}","vehicle":{"speedKmh":1}}`;
  const lines = ['2026-05-01T12:05:06Z', '2026-05-01T13:05:06Z'].map((ts) => {
    return `${ts} v1/up/V1/json ${envelope(ts)}`;
  });
  assert.deepEqual(await broken(lines), []);
  assert.deepEqual(await broken([...lines, 'v1/up/V1/json {"v":1}']), ['json 3']);
});

test('wrong usage ends with 2, a capture without payloads with 1', async () => {
  assert.equal((await runCommand('conform nofile.hex')).code, 2);
  assert.equal((await runCommand('conform')).code, 2);
  assert.equal((await conform(['# nothing'])).code, 1);
});
