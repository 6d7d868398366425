// `fleetwire explain`: what a person at a T-Box reads, and what a tool reads.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '#deploy/generate/files.ts';
import { explainedCodecs } from '#services/cli/explain/codecs.ts';
import { findFlips } from '#services/cli/explain/flipped-bit.ts';
import { checkByteOf } from '#shared/frame/gb32960/outer-frame.ts';
import { type CommandRun, runCommand } from './run-command.ts';

const golden = join('test', 'golden', 'explain');
const good = bytesIn('good-frame');
const received = '--received 2026-05-01T12:05:07+08:00';
const folder = mkdtempSync(join(tmpdir(), 'explain-'));

function bytesIn(name: string): Buffer {
  const text = readFileSync(join(repositoryRoot, golden, `${name}.hex`), 'utf8');
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
}

function explainHex(bytes: Uint8Array, options = ''): Promise<CommandRun> {
  const hex = Buffer.from(bytes).toString('hex');
  return runCommand(`explain gb32960 ${hex} ${received} ${options}`);
}

function changed(at: number, value: number): Buffer {
  const bytes = Buffer.from(good);
  bytes[at] = value;
  return bytes;
}

test('tells each field of a good frame with its bytes, raw value, value, unit and clause', async () => {
  const { code, out, err } = await explainHex(good);
  assert.deepEqual([code, err], [0, []]);
  assert.match(out[0] ?? '', /^gb32960, 279 bytes: ACCEPTED$/);
  const text = out.join('\n');
  assert.match(text, /34\.\.35 +02 d3 +speed +723 +72\.3 km\/h/);
  assert.match(text, /30\.\.50 +item 0x01 vehicle +GB\/T 32960\.3-2016 tables 9 and B\.4/);
  assert.match(text, /becomes a record of vehicle\.telemetry\.v1/);
  assert.match(text, /speedKmh 72\.3/);
});

test('folds a long list to one row, and shows each entry when asked to', async () => {
  const folded = await explainHex(good);
  assert.equal(folded.out.filter((line) => line.includes('cellVoltages[')).length, 1);
  const full = await explainHex(good, '--full');
  assert.equal(full.out.filter((line) => line.includes('cellVoltages[')).length, 96);
});

test('a flipped bit is named on one screen, with the field that holds it', async () => {
  const { code, out, err } = await explainHex(bytesIn('flipped-bit'));
  assert.equal(code, 1);
  assert.deepEqual(err, ['fleetwire: refused: 1 of 1 frames (frame_checksum)']);
  const text = out.join('\n');
  assert.match(text, /bit 5 of byte 36, mileage was sent as 123456 \(12345\.6 km\)/);
  assert.match(text, /^X 278 .*\n +WANTED: 0xB1, the XOR of bytes 2 to 277$/m);
  assert.match(text, /What to do: compute the check byte/);
  assert.ok(out.length <= 40, `${out.length} lines`);
});

test('no flipped bit is blamed on another byte, and none is accepted', () => {
  const [codec] = explainedCodecs;
  assert.ok(codec !== undefined);
  for (let place = 0; place < 8 * good.length; place += 97) {
    const [at, bit] = [place >> 3, place & 7];
    const flipped = changed(at, (good[at] as number) ^ (1 << bit));
    const found = findFlips(codec, flipped);
    const isNamed = found?.flips.some((flip) => flip.at === at && flip.mask === 1 << bit);
    assert.ok(isNamed, `bit ${bit} of byte ${at}`);
  }
});

test('a wrong byte is named where more than one bit of it is wrong', async () => {
  const { code, out } = await explainHex(changed(44, 0xa9));
  assert.equal(code, 1);
  const text = out.join('\n');
  assert.match(
    text,
    /One wrong byte would explain it: byte 44, soc was sent as 67 %, found as 169 %/,
  );
});

test('a truncated item shows the count that wants too much, and the one that fits', async () => {
  const { code, out } = await explainHex(bytesIn('truncated-item'));
  assert.equal(code, 0);
  const text = out.join('\n');
  assert.match(text, /ACCEPTED IN PART, item_truncated/);
  assert.match(text, /frameCellCount \(byte 72\) says 112; with 96 all of the frame can be read/);
  assert.match(text, /WANTED: 224 bytes, since frameCellCount is 112, found 205 bytes/);
});

test('tells what senders often do wrong', async () => {
  const text = Buffer.from(good.toString('hex'));
  assert.match((await explainHex(text)).out.join('\n'), /The payload is hex text; send the 279/);
  const swapped = Buffer.from(good);
  swapped.writeUInt16LE(good.readUInt16BE(22), 22);
  assert.match((await explainHex(swapped)).out.join(' '), /its two bytes swapped/);
  const unitOnly = good.subarray(24, -1).reduce((xor, byte) => xor ^ byte, 0);
  const { out } = await explainHex(changed(good.length - 1, unitOnly));
  assert.match(out.join(' '), /the XOR of the data unit alone/);
  const whole = Buffer.from(good);
  whole.writeUInt16BE(good.length, 22);
  assert.match((await explainHex(whole)).out.join(' '), /counts the data unit alone/);
});

test('reads hex in any dress, from the command line, a file or stdin', async () => {
  const hex = good.toString('hex');
  const wanted = (await explainHex(good)).out;
  const spaced = hex.replaceAll(/(..)/g, '$1 ');
  const dressed = [spaced, hex.toUpperCase(), spaced.replaceAll(/(\w\w) /g, '0x$1, ')];
  for (const [at, text] of dressed.entries()) {
    assert.deepEqual((await runCommand(`explain gb32960 ${text} ${received}`)).out, wanted, text);
    const path = join(folder, `dressed-${at}.txt`);
    writeFileSync(path, `${text.slice(0, 60)}\n${text.slice(60)}\n`);
    assert.deepEqual((await runCommand(`explain gb32960 ${path} ${received}`)).out, wanted);
  }
  const path = join(folder, 'frame.bin');
  writeFileSync(path, good);
  assert.deepEqual((await runCommand(`explain gb32960 ${path} ${received}`)).out, wanted);
  for (const piped of [good, Buffer.from(spaced)]) {
    const run = await runCommand(`explain gb32960 - ${received}`, {}, [piped]);
    assert.deepEqual(run.out, wanted);
  }
});

test('guesses the codec and says why', async () => {
  const { code, out } = await runCommand(`explain auto ${good.toString('hex')} ${received}`);
  assert.equal(code, 0);
  assert.match(out[0] ?? '', /^gb32960, 279 bytes \(guessed: it starts with 23 23\): ACCEPTED$/);
  const named = await runCommand(`explain --codec auto ${good.toString('hex')} ${received}`);
  assert.deepEqual(named.out, out);
});

test('tells a JSON envelope value by value, with the text in place of hex', async () => {
  const envelope = '{"v":1,"ts":"2026-05-01T12:05:06+08:00","vehicle":{"socPercent":670}}';
  const { code, out } = await runCommand(`explain auto ${envelope} ${received}`);
  assert.equal(code, 0);
  const text = out.join('\n');
  assert.match(
    text,
    /^! 4\d\.\.68 +"vehicle":\{"soc.* socPercent +670 % +out of range; wanted 0\.\.100/m,
  );
  const misspelt = envelope.replace('socPercent', 'socPercnt');
  const refused = await runCommand(`explain json ${misspelt} ${received}`);
  assert.equal(refused.code, 1);
  assert.match(refused.out.join('\n'), /There is no socPercnt; socPercent is near\./);
});

const heartbeat808 = '7e00020000012000000068000146';

test('tells a JT/T 808 frame, and what is wrong with one that is refused', async () => {
  const whole = (hex: string) => runCommand(`explain auto ${hex} ${received}`);
  const check = checkOf(heartbeat808.slice(2, -2));
  const { out } = await whole(`7e${heartbeat808.slice(2, -2)}${check}7e`);
  assert.match(out[0] ?? '', /^jt808, 15 bytes \(guessed: it starts with 7e\)/);
  assert.match(out.join('\n'), /start/);
  const bare = await runCommand(`explain jt808 ${heartbeat808.slice(2, -2)}${check} ${received}`);
  assert.match(bare.out.join(' '), /The flags are missing/);
});

function checkOf(hex: string): string {
  const xor = Buffer.from(hex, 'hex').reduce((sum, byte) => sum ^ byte, 0);
  return xor.toString(16).padStart(2, '0');
}

test('wrong usage ends with 2 and says what was wanted', async () => {
  for (const [line, said] of [
    ['explain gb99999 00', /a codec wanted: gb32960, .* or auto; found "gb99999"/],
    ['explain gb32960 232', /an even number of hex digits wanted, found 3/],
    ['explain gb32960 nofile.hex', /hex, a file or - wanted, found "nofile.hex"/],
    ['explain', /a codec wanted/],
    ['explain gb32960 00 --received yesterday', /a time such as/],
  ] as const) {
    const { code, err, out } = await runCommand(line);
    assert.deepEqual([code, out], [2, []], line);
    assert.match(err.join('\n'), said);
  }
});

test('tells each frame of a payload, and refuses only the broken one', async () => {
  const both = Buffer.concat([good, changed(36, 0x20), good]);
  const { code, out } = await explainHex(both, '--json');
  assert.equal(code, 1);
  const story = JSON.parse(out.join(''));
  assert.deepEqual(
    story.outcomes.map(({ kind }: { kind: string }) => kind),
    ['accept', 'reject', 'accept'],
  );
  assert.equal(story.records.length, 3);
  assert.equal(story.flips[0].at, 279 + 36);
});

test('of many frames tells those that are right in a line each', async () => {
  const many = Buffer.concat([good, good, good, changed(36, 0x20), good]);
  const { out } = await explainHex(many);
  assert.ok(out.length < 80, `${out.length} lines`);
  const heads = out.filter((line) => / [1-5] of 5, bytes/.test(line));
  assert.equal(heads.length, 5);
  assert.match(out.join('\n'), /and 2 more records \(--full shows them\)/);
});

test('says who was expected on a topic', async () => {
  const { code, out } = await explainHex(good, '--vehicle LTESTVN00T0000008');
  assert.equal(code, 1);
  assert.match(out[0] ?? '', /REFUSED, identity_mismatch/);
});

test('checks a signature by the keys of a folder', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = mkdtempSync(join(tmpdir(), 'keys-'));
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  writeFileSync(join(keys, 'default.pem'), pem);
  const unit = Buffer.from('1a05010c0506040bb8', 'hex');
  const r = sign('sha256', unit, privateKey);
  const block = Buffer.concat([Buffer.from([0xff, 2, 1, 0]), r, Buffer.from([0, 0])]);
  const frame = Buffer.concat([good.subarray(0, 24), unit, block, Buffer.from([0])]);
  frame.fill(0x24, 0, 2).writeUInt16BE(unit.length + block.length, 22);
  frame[frame.length - 1] = checkByteOf(frame);
  const stateOf = async (bytes: Buffer, options: string) => {
    const { out } = await explainHex(bytes, `${options} --json`);
    return JSON.parse(out.join('')).records[0].value.signatureState;
  };
  assert.equal(await stateOf(frame, ''), 'unchecked');
  assert.equal(await stateOf(frame, `--keys ${keys}`), 'valid');
  frame[32] = (frame[32] as number) ^ 1;
  frame[frame.length - 1] = checkByteOf(frame);
  assert.equal(await stateOf(frame, `--keys ${keys}`), 'invalid');
});

test('refuses no frame for an id that no topic can hold', async () => {
  const odd = Buffer.from(good);
  odd.fill(0x23, 4, 21);
  odd[odd.length - 1] = checkByteOf(odd);
  const { code, out } = await explainHex(odd);
  assert.equal(code, 0, out.join('\n'));
});

test('has one stable object for tools', async () => {
  const { code, out } = await explainHex(good, '--json');
  assert.equal(code, 0);
  const story = JSON.parse(out.join(''));
  assert.deepEqual(Object.keys(story), [
    ...['codec', 'guessedBecause', 'byteCount', 'vehicleId', 'mqttTopic', 'isAccepted'],
    ...['refusals', 'suspicions', 'flips', 'outcomes', 'frames', 'records', 'answers'],
  ]);
  assert.equal(story.frames[0].parts[0].name, 'start');
  assert.equal(story.records[0].value.vehicle.speedKmh, 72.3);
});

test('shows the answer of a frame that is answered', async () => {
  const login = bytesOfCommand(0x07);
  const { code, out } = await explainHex(login);
  assert.equal(code, 0);
  assert.match(out.at(-1) ?? '', /^answered on v1\/dn\/LFWDEMA06T1000001\/gb32960, once/);
});

function bytesOfCommand(command: number): Buffer {
  const frame = Buffer.concat([good.subarray(0, 22), Buffer.from([0, 0, 0])]);
  frame[2] = command;
  frame[24] = checkByteOf(frame);
  return frame;
}

test('colours on a terminal, plain in a pipe', async () => {
  const coloursOn = '\x1b[';
  const line = `explain gb32960 ${bytesIn('flipped-bit').toString('hex')}`;
  const plain = await runCommand(line);
  assert.ok(!plain.out.join('').includes(coloursOn));
  const coloured = await runCommand(line, { COLOURED: 'yes' });
  assert.ok(coloured.out.join('').includes(`${coloursOn}1;31m`));
});

test('is plain as a process in a pipe', () => {
  const main = join(repositoryRoot, 'services', 'cli', 'main.ts');
  const args = [main, 'explain', 'auto', join(golden, 'flipped-bit.hex')];
  const run = spawnSync(process.execPath, args, { cwd: repositoryRoot, encoding: 'utf8', env: {} });
  assert.equal(run.status, 1);
  assert.ok(!run.stdout.includes('\x1b'));
  assert.match(run.stdout, /^gb32960, 279 bytes \(guessed/);
});
