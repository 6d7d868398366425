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
