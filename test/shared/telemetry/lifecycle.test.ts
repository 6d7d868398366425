// Everything but reports becomes a Lifecycle: events, times and what is kept as bytes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import {
  commandFrame,
  eventAt,
  interpretPayload,
  lifecycleIn,
  receivedAt,
  vehicleId,
} from './sample-frames.ts';

const time = deviceTimeOf(eventAt);

test('tells a login with its time, serial and codes', () => {
  const login = lifecycleIn(
    commandFrame({
      command: 0x01,
      body: {
        kind: 'login',
        time,
        loginSeq: 7,
        iccid: '89860000000000000001',
        ressCount: 2,
        ressCodeLength: 3,
        ressCodes: ['AAA', 'BBB'],
      },
    }),
  );
  assert.equal(login.event, 'login');
  assert.equal(login.outcome, 'accept');
  assert.equal(login.serial, 7);
  assert.equal(login.eventTime, eventAt);
  assert.equal(login.clockState, 'ok');
  assert.equal(login.deviceTimeRaw?.toString('hex'), '1a060f0b3b3b');
  assert.deepEqual(login.login, {
    iccid: '89860000000000000001',
    ressCount: 2,
    ressCodeLength: 3,
    ressCodes: ['AAA', 'BBB'],
    bmsCount: null,
    packsPerBms: [],
    packCodes: [],
  });
  assert.deepEqual([login.command, login.response, login.encryption], [0x01, 0xfe, 0x01]);
});

test('tells a logout, and bytes that were left after its last field', () => {
  const trailing = Uint8Array.of(9, 8);
  const logout = lifecycleIn(
    commandFrame({ command: 0x04, body: { kind: 'logout', time, seq: 7, trailing } }),
  );
  assert.deepEqual([logout.event, logout.serial], ['logout', 7]);
  assert.equal(logout.trailing?.toString('hex'), '0908');
});

test('lets the receive time stand where a message has no time', () => {
  for (const [command, kind, event] of [
    [0x07, 'heartbeat', 'heartbeat'],
    [0x08, 'timeSync', 'time_sync'],
  ] as const) {
    const lifecycle = lifecycleIn(commandFrame({ command, body: { kind } }));
    assert.equal(lifecycle.event, event);
    assert.deepEqual([lifecycle.clockState, lifecycle.eventTime], ['absent', receivedAt]);
    assert.equal(lifecycle.deviceTimeRaw, null);
  }
});

test('keeps the identity of a platform beside that of the topic', () => {
  const login = lifecycleIn(
    commandFrame({
      command: 0x05,
      vin: 'PLATFORM7',
      body: {
        kind: 'platformLogin',
        time,
        seq: 3,
        username: 'fleet',
        password: 'secret',
        encryption: 1,
      },
    }),
  );
  assert.deepEqual(
    [login.event, login.vehicleId, login.terminalId],
    [...['platform_login', vehicleId, 'PLATFORM7']],
  );
  assert.deepEqual(login.platformLogin, {
    username: 'fleet',
    password: 'secret',
    encryptionRule: 1,
  });
  const logout = lifecycleIn(
    commandFrame({
      command: 0x06,
      vin: 'PLATFORM7',
      body: { kind: 'platformLogout', time, seq: 3 },
    }),
  );
  assert.deepEqual([logout.event, logout.serial], ['platform_logout', 3]);
});

test('keeps what an answer carries beside its time', () => {
  const rest = Uint8Array.of(1, 2, 3);
  const answer = lifecycleIn(
    commandFrame({ command: 0x81, response: 0x01, body: { kind: 'answer', time, rest } }),
  );
  assert.deepEqual([answer.event, answer.outcome, answer.response], ['answer', 'answer', 0x01]);
  assert.equal(answer.eventTime, eventAt);
  assert.equal(answer.body?.toString('hex'), '010203');
});

test('tells a query with the parameters that it asks for', () => {
  const query = lifecycleIn(
    commandFrame({
      command: 0x80,
      body: { kind: 'parameterQuery', time, count: 2, paramIds: [1, 9] },
    }),
  );
  assert.deepEqual(
    [query.event, query.outcome, query.eventTime],
    ['parameter_query', 'accept', eventAt],
  );
  assert.deepEqual([query.parameterCount, query.parameterIds], [2, [1, 9]]);
  assert.deepEqual([query.parameters, query.control, query.body], [[], null, null]);
});

const params = [
  { id: 2, value: 30 },
  { id: 4, value: 3 },
  { id: 5, value: 'a.b' },
];

const named = [
  { id: 2, name: 'report_period_s', number: 30, text: null },
  { id: 4, name: 'platform_domain_length_bytes', number: 3, text: null },
  { id: 5, name: 'platform_domain', number: null, text: 'a.b' },
];

test('tells parameters by name, with a number or a text each', () => {
  const setting = lifecycleIn(
    commandFrame({ command: 0x81, body: { kind: 'parameterSetting', time, count: 3, params } }),
  );
  assert.deepEqual([setting.event, setting.outcome], ['parameter_setting', 'accept']);
  assert.deepEqual(setting.parameters, named);
  const answer = lifecycleIn(
    commandFrame({
      command: 0x80,
      response: 0x01,
      body: { kind: 'parameterAnswer', time, count: 3, params },
    }),
  );
  assert.deepEqual([answer.event, answer.outcome], ['parameter_answer', 'answer']);
  assert.deepEqual([answer.parameterCount, answer.parameters], [3, named]);
});

test('keeps what could not be read of a setting, and says why', () => {
  const remainder = Uint8Array.of(0x80, 1, 2);
  const body = { kind: 'parameterSetting', time, count: 4, params, remainder } as const;
  const setting = lifecycleIn(commandFrame({ command: 0x81, body }));
  assert.deepEqual([setting.outcome, setting.reason], ['partial', 'item_unknown']);
  assert.deepEqual(setting.parameters, named);
  assert.equal(setting.remainder?.toString('hex'), '800102');
  const answered = { ...body, kind: 'parameterAnswer' } as const;
  const answer = lifecycleIn(commandFrame({ command: 0x80, response: 0x01, body: answered }));
  assert.deepEqual([answer.outcome, answer.reason], ['answer', null]);
  assert.equal(answer.remainder?.toString('hex'), '800102');
});

test('tells a control command by name, with its arguments', () => {
  const args = Uint8Array.of(1, 0x41);
  const control = lifecycleIn(
    commandFrame({ command: 0x82, body: { kind: 'control', time, commandId: 6, args } }),
  );
  assert.deepEqual([control.event, control.trailing], ['control', null]);
  const told = { commandId: 6, name: 'alarm', args: Buffer.from(args) };
  assert.deepEqual(control.control, told);
  const custom = { kind: 'control', time, commandId: 0x90, args } as const;
  assert.equal(lifecycleIn(commandFrame({ command: 0x82, body: custom })).control?.name, '');
});

test('keeps an unknown command and an encrypted unit as bytes, and says why', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const unknown = lifecycleIn(commandFrame({ command: 0xc3, body: { kind: 'opaque', bytes } }));
  assert.deepEqual(
    [unknown.event, unknown.outcome, unknown.reason, unknown.command],
    ['opaque', 'opaque', 'command_unknown', 0xc3],
  );
  assert.equal(unknown.body?.toString('hex'), '010203');
  const encrypted = lifecycleIn(
    commandFrame({ command: 0x02, encryption: 3, body: { kind: 'opaque', bytes } }),
  );
  assert.deepEqual([encrypted.reason, encrypted.encryption], ['encrypted', 3]);
  assert.equal(encrypted.body?.toString('hex'), '010203');
});

test('refuses every frame of another vehicle, whatever it says', () => {
  const vin = 'LTESTVN0000000099';
  for (const frame of [
    commandFrame({ command: 0x07, vin, body: { kind: 'heartbeat' } }),
    commandFrame({ command: 0x04, vin, body: { kind: 'logout', time, seq: 1 } }),
    commandFrame({ command: 0xc3, vin, body: { kind: 'opaque', bytes: Uint8Array.of(1) } }),
    commandFrame({ command: 0x01, vin, response: 1, body: { kind: 'answer', time, rest: null } }),
  ]) {
    const interpreted = interpretPayload(frame);
    assert.ok(interpreted.kind === 'rejection');
    assert.equal(interpreted.reason.code, 'identity_mismatch');
  }
});
