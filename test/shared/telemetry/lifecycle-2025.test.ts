// What logins, activations and key exchanges of the 2025 edition mean.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandFrame, lifecycleIn, vehicleId } from './sample-frames.ts';
import { signature } from './sample-frames-2025.ts';

const codec = 'gb32960-2025';
const time = { raw: Uint8Array.of(26, 6, 15, 11, 59, 58), epochMs: null };
const expireTime = { raw: Uint8Array.of(27, 13, 15, 11, 59, 58), epochMs: null };

test('reads a login with its battery management systems', () => {
  const { event, serial, login } = lifecycleIn(
    commandFrame({
      codec,
      command: 0x01,
      body: {
        kind: 'login2025',
        time,
        loginSeq: 7,
        iccid: '89860000000000000001',
        bmsCount: 2,
        packsPerBms: [1, 2],
        packCodes: [['A'], ['B', 'C']],
      },
    }),
  );
  assert.deepEqual([event, serial], ['login', 7]);
  assert.partialDeepStrictEqual(login, {
    ressCount: 0,
    bmsCount: 2,
    packsPerBms: [1, 2],
    packCodes: ['A', 'B', 'C'],
  });
});

test('reads an activation, what answers it, and a key exchange', () => {
  const publicKey = Uint8Array.of(4, 5);
  const body = { kind: 'activation', time, chipId: 'CHIP', publicKey, vin: vehicleId } as const;
  const activation = lifecycleIn(
    commandFrame({ codec, command: 0x09, body: { ...body, signature } }),
  );
  assert.partialDeepStrictEqual(activation, {
    event: 'activation',
    clockState: 'ok',
    signatureState: 'unchecked',
    activation: { chipId: 'CHIP', vin: vehicleId, signature: { algorithm: 'SM2' } },
  });
  const answer = { kind: 'activationAnswer', activationStatus: 2, info: 1 } as const;
  for (const [response, outcome] of [
    [0xfe, 'accept'],
    [0x01, 'answer'],
  ] as const) {
    assert.partialDeepStrictEqual(
      lifecycleIn(commandFrame({ codec, command: 0x0a, response, body: answer })),
      {
        event: 'activation_answer',
        outcome,
        clockState: 'absent',
        activationAnswer: { status: 'failure', info: 'chip_already_activated' },
      },
    );
  }
  const key = { kind: 'keyExchange', keyType: 5, key: publicKey } as const;
  const exchange = { ...key, activeTime: time, expireTime };
  const { event, keyExchange } = lifecycleIn(
    commandFrame({ codec, command: 0x0b, body: exchange }),
  );
  assert.equal(event, 'key_exchange');
  assert.deepEqual(
    [keyExchange?.keyType, keyExchange?.activeTime, keyExchange?.expireTime],
    [5, Date.UTC(2026, 5, 15, 3, 59, 58), null],
  );
  assert.equal(keyExchange?.expireTimeRaw.toString('hex'), '1b0d0f0b3b3a');
});

test('names a parameter by its edition', () => {
  const params = [{ id: 3, value: 1 }];
  const body = { kind: 'parameterSetting', time, count: 1, params } as const;
  const [first] = lifecycleIn(commandFrame({ codec, command: 0x81, body })).parameters;
  assert.equal(first?.name, 'alarm_report_period_s');
});
