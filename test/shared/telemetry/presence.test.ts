// What the broker says of a connection becomes a lifecycle record, under the vehicle's own id only.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/presence/decode-message.ts';
import { buildEvent } from '#shared/frame/presence/encode-event.ts';
import type { FrameContext, IdentityPolicy } from '#shared/telemetry/interpretation.ts';
import { interpret } from '#shared/telemetry/presence.ts';
import { eventAt, receivedAt, vehicleId } from './sample-frames.ts';

function interpreted(payload: Buffer, identity: IdentityPolicy = 'strict') {
  const context: FrameContext = {
    vehicleId,
    receivedAt,
    origin: { bridge: 'test', epoch: 1, sequence: 1 },
    identity,
    signatureState: 'absent',
    hash: () => Buffer.alloc(8),
  };
  const [outcome] = decodeMessage(payload);
  assert.ok(outcome?.kind === 'accept');
  return interpret(outcome.frame, null, context);
}

test('keeps when, why and how, by the clock of the broker', () => {
  const event = { event: 'disconnected', clientId: vehicleId, at: eventAt } as const;
  const said = interpreted(buildEvent({ ...event, connectedAt: eventAt - 9, reason: 'kicked' }));
  assert.partialDeepStrictEqual(said, {
    kind: 'lifecycle',
    value: {
      event: 'disconnected',
      codec: 'presence',
      outcome: 'accept',
      eventTime: eventAt,
      clockState: 'ok',
      terminalId: null,
      presence: { clientId: vehicleId, reason: 'kicked', keepaliveS: null },
      fields: [
        { path: 'connectedAt', number: eventAt - 9, text: null, bytes: null },
        { path: 'disconnectedAt', number: eventAt, text: null, bytes: null },
        { path: 'saidAt', number: eventAt, text: null, bytes: null },
      ],
    },
  });
});

test('says so where the broker told no time, and keeps what it told beside', () => {
  const text = `{"event":"client.connected","clientid":"${vehicleId}","zone":"cars","x":[1]}`;
  assert.partialDeepStrictEqual(interpreted(Buffer.from(text)), {
    value: {
      eventTime: receivedAt,
      clockState: 'absent',
      deviceTimeRaw: null,
      fields: [
        { path: 'zone', number: null, text: 'cars', bytes: null },
        { path: 'x', number: null, text: '[1]', bytes: null },
      ],
    },
  });
});

test('refuses the event of another client', () => {
  const payload = buildEvent({ event: 'connected', clientId: 'LTESTVN0000000002', at: eventAt });
  const refused = interpreted(payload);
  assert.ok(refused.kind === 'rejection');
  assert.deepEqual([refused.reason.code, refused.reason.offset], ['identity_mismatch', 12]);
  const noted = interpreted(payload, 'record');
  assert.ok(noted.kind === 'lifecycle');
  assert.equal(noted.value.terminalId, 'LTESTVN0000000002');
});

test('loses no field on the way', () => {
  const base = { event: 'client.connected', clientid: vehicleId };
  const changes: Readonly<Record<string, readonly unknown[]>> = {
    event: ['client.connected', 'client.disconnected'],
    username: ['a', 'b'],
    peername: ['10.0.0.1:1', '10.0.0.1:2'],
    ipaddress: ['10.0.0.1', '10.0.0.2'],
    proto_name: ['MQTT', 'MQTT-SN'],
    proto_ver: [4, 5, '1.2', '1.3'],
    keepalive: [0, 65_535],
    clean_start: [true, false],
    expiry_interval: [0, 0xffff_ffff],
    connected_at: [1, eventAt, 8.64e15],
    disconnected_at: [1, eventAt, 8.64e15],
    timestamp: [1, eventAt, 8.64e15],
    reason: ['normal', 'kicked'],
    node: ['a@b', 'c@d'],
    others: [1, 2, 1.5, 'x', true, { y: 1 }, [1], 2 ** 53 - 1],
  };
  for (const [name, values] of Object.entries(changes)) {
    const records = values.map((value) =>
      JSON.stringify(interpreted(Buffer.from(JSON.stringify({ ...base, [name]: value })))),
    );
    assert.equal(new Set(records).size, values.length, name);
  }
});
