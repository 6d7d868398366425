// Where public decoders differ from the standards: one case each, on bytes that are written out, so
// that no encoder of ours can agree with a decoder of ours on the same mistake.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Telemetry } from '#shared/avro/types.generated.ts';
import { describeMessage as describeGb } from '#shared/frame/gb32960/describe-message.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import { decodeMessage as decodeJt } from '#shared/frame/jt808/decode-message.ts';
import type { Outcome } from '#shared/frame/outcome.ts';
import {
  bodyOf,
  bytesOf,
  gb,
  hexOf,
  interpretedGb,
  jt,
  jtContent,
  jtLifecycle,
  lifecycleOf,
  location,
  outcomeOf,
  report2016,
  time,
} from './written-out.ts';

const engine2016 = '04 01 0834 028f';
const engine2025 = '04 0834';

test('2016: the current of a pack begins at -1000 A (rtm_con: -3000), in 2025 at -3000 A', () => {
  const pack2016 = '08 01 01 0f00 2710 0001 0001 01 0e74';
  const pack2025 = '07 01 01 0f00 7530 0001 0e74';
  assert.equal(packCurrent('2323', pack2016, 0x2710), 0);
  assert.equal(packCurrent('2424', pack2025, 0x7530), 0);
  assert.equal(report2016(pack2016).packs[0]?.currentA, 0);
});

test('a fault code has 4 bytes in both editions (EMQX writes 4 hex digits of 2016)', () => {
  const lists = '01 00000102 01 deadbeef 00 01 00010000';
  const codes = [['00000102'], ['DEADBEEF'], [], ['00010000']];
  for (const payload of [
    gb('2323', '02', `${time} 07 02 00000010 ${lists}`),
    gb('2424', '02', `${time} 06 02 00000010 ${lists} 00`),
  ]) {
    const described = JSON.stringify(describeGb(payload));
    const found = [...described.matchAll(/Faults":(\[.*?\])/g)].map(([, list]) => list);
    assert.deepEqual(
      found,
      codes.map((list) => JSON.stringify(list)),
    );
  }
  const [alarm] = report2016(`07 02 00000010 ${lists}`).alarms;
  assert.deepEqual([alarm?.ressFaults, alarm?.motorFaults], [['00000102'], ['DEADBEEF']]);
});

test('a type without layout cannot be skipped, not by a length, not to the next 0xFF', () => {
  // A word that could be a length, then a whole item, then what could be a signature.
  const rest = `0002 abcd ${engine2016} ff 01 0000 0000`;
  for (const type of ['0a', '2f', '30', '7f', '00']) {
    assertBroken(outcomeOf(gb('2323', '02', `${time} ${engine2016} ${type} ${rest}`)), type, rest);
  }
  const rest2025 = `0002 abcd ${engine2025} ff 01 0000 0000`;
  for (const type of ['09', '2f', '33', '79', '7f', '00']) {
    const outcome = outcomeOf(gb('2424', '02', `${time} ${engine2025} ${type} ${rest2025}`));
    assertBroken(outcome, type, rest2025);
    assert.equal(bodyOf(outcome, 'report').signature, null);
  }
});

test('a custom item says its length: what follows is read, the signature too', () => {
  const unit = `${time} 82 0003 aabbcc ${engine2025} ff 02 0002 1234 0000`;
  const outcome = outcomeOf(gb('2424', '02', unit));
  const { items, signature, remainder } = bodyOf(outcome, 'report');
  assert.deepEqual([items.map(({ type }) => type), remainder], [[0x82, 0x04], null]);
  assert.equal(hexOf(signature?.r), '1234');
  const { custom } = report2016(`82 0003 aabbcc ${engine2016}`);
  assert.deepEqual(
    custom.map(({ type, bytes }) => [type, hexOf(bytes)]),
    [[0x82, 'aabbcc']],
  );
});

test('2025: a report without a signature is read (rtm_con fails)', () => {
  const outcome = outcomeOf(gb('2424', '02', `${time} ${engine2025}`));
  assert.equal(outcome.kind, 'accept');
  assert.equal(bodyOf(outcome, 'report').signature, null);
});

test('a count that is a sentinel means that none follows (rtm_con reads 255, EMQX fails)', () => {
  for (const sentinel of ['fe', 'ff']) {
    const wide = sentinel === 'fe' ? 'fffe' : 'ffff';
    const empty = `${sentinel} ${sentinel} ${sentinel} ${sentinel}`;
    const lists2016 = [
      ...[`02 ${sentinel}`, `08 ${sentinel}`, `09 ${sentinel}`, `09 01 01 ${wide}`],
      ...[`08 01 01 0f00 2710 0001 0001 ${sentinel}`, `07 02 00000000 ${empty}`],
      `03 0bb8 01c2 007b ${wide} 02bc 02 004d 01 015f 03 02`,
    ];
    const lists2025 = [
      ...[`02 ${sentinel}`, `07 ${sentinel}`, `08 ${sentinel}`, `30 ${sentinel}`],
      ...[`07 01 01 0f00 7530 ${wide}`, `08 01 01 ${wide}`, `06 02 00000000 ${empty} ${sentinel}`],
      ...[`30 01 01 0f00 0100 0064 0064 50 ${wide}`, `31 01 0f00 7530 ${wide} ${wide}`],
    ];
    for (const list of lists2016) assertRead('2323', list, engine2016);
    for (const list of lists2025) assertRead('2424', list, engine2025);
  }
});

test('an encryption byte other than 1 means that the unit is not clear, however it looks', () => {
  for (const start of ['2323', '2424']) {
    const engine = start === '2323' ? engine2016 : engine2025;
    for (const encryption of ['00', '02', '03', '04', '05', 'fe', 'ff']) {
      const outcome = outcomeOf(gb(start, '02', `${time} ${engine}`, { encryption }));
      assert.deepEqual([outcome.kind, outcome.reason?.code], ['opaque', 'encrypted']);
    }
  }
});

test('a response flag of 0xFE is a command, and no other is (DarkInno: a success)', () => {
  for (const start of ['2323', '2424']) {
    const engine = start === '2323' ? engine2016 : engine2025;
    assert.equal(outcomeOf(gb(start, '02', `${time} ${engine}`)).kind, 'accept');
    for (const response of ['00', '01', '02', '03', '04', '7f', 'ff']) {
      const outcome = outcomeOf(gb(start, '02', `${time} ${engine}`, { response }));
      assert.equal(outcome.kind, 'answer');
      assert.equal(interpretedGb(outcome).kind, 'lifecycle');
    }
  }
});

test('2016: a login of subsystems without codes has none (rtm_con: empty ones)', () => {
  const iccid = '3839383630303030303030303030303030303432';
  const { login } = lifecycleOf(gb('2323', '01', `${time} 0007 ${iccid} 03 00`));
  assert.deepEqual([login?.ressCount, login?.ressCodes], [3, []]);
});

test('2025: the info of an activation answer begins at 0 (rtm_con: at 1)', () => {
  const names = ['success', 'chip_already_activated', 'vin_duplicate'];
  names.forEach((name, info) => {
    const payload = gb('2424', '0a', `0${info === 0 ? 1 : 2} 0${info}`, { response: '01' });
    const described = JSON.stringify(describeGb(payload));
    assert.equal(lifecycleOf(payload).activationAnswer?.info, name);
    assert.match(described, new RegExp(`"info":\\{"raw":${info},"value":"${name}"\\}`));
  });
});

test('an answer may keep the time, keep all, or hold nothing', () => {
  const rows = [
    ['', null, null],
    [time, time, null],
    [`${time} 0007 aabb`, time, '0007aabb'],
  ] as const;
  for (const start of ['2323', '2424']) {
    for (const [unit, at, rest] of rows) {
      const outcome = outcomeOf(gb(start, '01', unit, { response: '01' }));
      const { time: read, rest: left } = bodyOf(outcome, 'answer');
      assert.deepEqual([outcome.kind, hexOf(read?.raw), hexOf(left)], ['answer', at, rest]);
    }
  }
});

test('JT/T 808: south and west are bits of the status (SmallChi: two’s complement)', () => {
  const degrees = ({ position }: Telemetry) => [position?.latitudeDeg, position?.longitudeDeg];
  const plain = { latitude: '02112cc0', longitude: '037a6580' };
  assert.deepEqual(degrees(location({ ...plain, status: '00000002' })), [34.68, 58.353024]);
  assert.deepEqual(degrees(location({ ...plain, status: '0000000e' })), [-34.68, -58.353024]);
  // What a reader of signed numbers would take for 1 degree south.
  const { position, fieldStates } = location({ ...plain, latitude: 'fff0bdc0' });
  assert.ok((position?.latitudeDeg ?? 0) > 90);
  assert.deepEqual(
    fieldStates.map(({ path, state }) => [path, state]),
    [['position.latitudeDeg', 'out_of_range']],
  );
});

test('JT/T 808: a carriage’s temperature is a sign and a magnitude (EMQX: two’s complement)', () => {
  const rows = [
    ['8014', -20],
    ['0014', 20],
    ['ffff', -32_767],
    ['7fff', 32_767],
    ['8000', 0],
  ];
  for (const [raw, degrees] of rows) {
    const { terminal } = location({ extras: `06 02 ${raw}` });
    assert.equal(terminal?.carriageTemperatureC, degrees);
  }
});

test('JT/T 808: bit 0 is the least significant in signals and IO (EMQX: the most)', () => {
  const { terminal } = location({ extras: '25 04 00000005 2a 02 0001' });
  assert.deepEqual(terminal?.signalBits, ['low_beam', 'right_turn']);
  assert.deepEqual(terminal?.ioBits, ['deep_sleep']);
});

test('JT/T 808: extra 0xE0 is one item, and what follows it is read once (EMQX: twice)', () => {
  // Its data look like an item of their own.
  const { terminal } = location({ extras: 'e0 04 30 02 aabb 31 01 09' });
  assert.equal(terminal?.satellites, 9);
  assert.equal(terminal?.signalStrength, null);
  assert.deepEqual(
    terminal?.extras.map(({ id, length, bytes }) => [id, length, hexOf(bytes)]),
    [[0xe0, 4, '3002aabb']],
  );
  assert.equal(terminal?.extrasError, null);
});

test('JT/T 808: the register of 2011 has a body of its own (EMQX: none)', () => {
  const head = '002c 012f 3730313131';
  const [model2011, model2013] = ['4253444d36202020', `4253444d36${'00'.repeat(15)}`];
  const rest = '30313233343536 02 d4c14231';
  const registerOf = (model: string) => jtLifecycle('0100', `${head} ${model} ${rest}`).register;
  const old = registerOf(model2011);
  assert.deepEqual(
    [old?.form, old?.model, old?.deviceId, old?.plate],
    ['2011', 'BSDM6', '0123456', '粤B1'],
  );
  const newer = registerOf(model2013);
  assert.deepEqual([newer?.form, newer?.model, newer?.plate], ['2013', 'BSDM6', '粤B1']);
  // No plate: as short as a body of 2011 can be.
  assert.equal(jtLifecycle('0100', `${head} ${model2011} 30313233343536 00`).register?.plate, '');
  const [short] = decodeJt(jt('0100', `${head} ${model2011} 30313233343536`));
  assert.deepEqual([short?.kind, short?.reason?.code], ['reject', 'body_truncated']);
});

test('JT/T 808: a check byte of 0x7D that is not escaped is an error (go-jt808: none)', () => {
  // The serial makes the check byte what it must be for this.
  const frame = jtContent('0002', '', '007b');
  const check = frame.reduce((sum, byte) => sum ^ byte, 0);
  const serial = Buffer.from([0, 0x7b ^ check ^ 0x7d]).toString('hex');
  const content = jtContent('0002', '', serial).toString('hex');
  assert.equal(decodeJt(bytesOf(`7e ${content} 7d01 7e`))[0]?.kind, 'accept');
  const [outcome] = decodeJt(bytesOf(`7e ${content} 7d 7e`));
  assert.deepEqual([outcome?.kind, outcome?.reason?.code], ['reject', 'frame_escape']);
});

function assertBroken(outcome: Outcome<Gb32960Frame>, type: string, rest: string): void {
  assert.deepEqual([outcome.kind, outcome.reason?.code], ['partial', 'item_unknown'], type);
  const { items, remainder } = bodyOf(outcome, 'report');
  assert.deepEqual(
    items.map((item) => item.type),
    [0x04],
  );
  assert.equal(hexOf(remainder), bytesOf(type + rest).toString('hex'));
}

/** A list with no entry, and the item after it. */
function assertRead(start: string, list: string, after: string): void {
  const outcome = outcomeOf(gb(start, '02', `${time} ${list} ${after}`));
  assert.equal(outcome.kind, 'accept', list);
  const types = bodyOf(outcome, 'report').items.map(({ type }) => type);
  assert.deepEqual(types, [bytesOf(list)[0], 0x04], list);
}

function packCurrent(start: string, pack: string, raw: number): number {
  const described = JSON.stringify(describeGb(gb(start, '02', `${time} ${pack}`)));
  const value = new RegExp(`"current":{"raw":${raw},"value":(-?\\d+)}`).exec(described)?.[1];
  return Number(value);
}
