// Client events of the broker, as the rules in deploy/ republish them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Explained } from '#shared/frame/explained.ts';
import { decodeMessage } from '#shared/frame/presence/decode-message.ts';
import { describeMessage } from '#shared/frame/presence/describe-message.ts';
import { buildEvent } from '#shared/frame/presence/encode-event.ts';
import { explainMessage } from '#shared/frame/presence/explain-message.ts';

const at = Date.UTC(2026, 5, 15, 4);

test('reads what the rule sends when a vehicle connects and disconnects', () => {
  const [up] = decodeMessage(buildEvent({ event: 'connected', clientId: 'V1', at }));
  assert.partialDeepStrictEqual(up, {
    kind: 'accept',
    frame: { event: 'connected', clientId: 'V1', connectedAt: at, keepaliveS: 60, expiryS: 0 },
  });
  const event = { event: 'disconnected', clientId: 'V1', at, reason: 'keepalive_timeout' } as const;
  const [down] = decodeMessage(buildEvent({ ...event, connectedAt: at - 5 }));
  assert.partialDeepStrictEqual(down, {
    kind: 'accept',
    frame: {
      event: 'disconnected',
      connectedAt: at - 5,
      disconnectedAt: at,
      reason: 'keepalive_timeout',
      keepaliveS: null,
      others: [],
    },
  });
});

test('knows every field that the rule in deploy selects', () => {
  const conf = readFileSync(
    new URL('../../../../deploy/messaging/emqx/emqx.conf', import.meta.url),
  );
  const selected = /rules\.presence\.sql = "SELECT ([\w, ]+) FROM/.exec(conf.toString())?.[1];
  const built: object = JSON.parse(`${buildEvent({ event: 'connected', clientId: 'V1', at })}`);
  assert.deepEqual(selected?.split(', ').sort(), Object.keys(built).sort());
});

test('takes a field that is not there in every spelling of it', () => {
  const text = '{"event":"client_connected","clientid":"V1","reason":"undefined","keepalive":null}';
  assert.partialDeepStrictEqual(decodeMessage(Buffer.from(text))[0], {
    kind: 'accept',
    frame: { event: 'connected', reason: null, keepaliveS: null, connectedAt: null },
  });
});

test('keeps what other rules select beside', () => {
  const text =
    '{"event":"$events/client_connected","clientid":"V1","peername":"10.0.0.1:5",' +
    '"mountpoint":"m","proto_name":"MQTT","proto_ver":5,"conn_props":{"Receive-Maximum":9}}';
  assert.partialDeepStrictEqual(decodeMessage(Buffer.from(text))[0], {
    frame: {
      ipAddress: '10.0.0.1:5',
      protocol: 'MQTT',
      protocolVersion: 5,
      others: [
        ['mountpoint', 'm'],
        ['conn_props', { 'Receive-Maximum': 9 }],
      ],
    },
  });
});

test('refuses what is no client event, and says why', () => {
  const rows = [
    ['', 'frame_empty', /no bytes/],
    ['[]', 'json_schema', /an object wanted/],
    ['{"clientid":"V1"}', 'json_schema', /^\/event: client\.connected/],
    ['{"event":"message.acked","clientid":"V1"}', 'json_schema', /^\/event/],
    ['{"event":"client.connected"}', 'json_schema', /^\/clientid/],
    ['{"event":"client.connected","clientid":7}', 'json_schema', /^\/clientid/],
    ['{"event":"client.connected","clientid":"V","keepalive":-1}', 'json_schema', /^\/keepalive/],
    ['{"event":"client.connected","clientid":"V","timestamp":1.5}', 'json_schema', /^\/timestamp/],
    ['{"event":"client.connected","clientid":"V","clientid":"W"}', 'json_key', /again/],
    ['{"event":', 'json_syntax', /^\/event/],
  ] as const;
  for (const [text, code, detail] of rows) {
    const [outcome, ...more] = decodeMessage(Buffer.from(text));
    assert.ok(outcome?.kind === 'reject' && more.length === 0, text);
    assert.equal(outcome.reason.code, code, text);
    assert.match(outcome.reason.detail, detail);
  }
});

test('is described and explained', () => {
  const payload = buildEvent({ event: 'connected', clientId: 'V1', at });
  assert.partialDeepStrictEqual(describeMessage(payload).frames[0], {
    outcome: 'accept',
    frame: { protocol: 'presence', data: { clientId: 'V1', keepaliveS: 60 } },
  });
  const [entry] = explainMessage(payload) as readonly [Explained];
  const keepalive = entry.parts.find(({ name }) => name === 'keepalive');
  assert.partialDeepStrictEqual(keepalive, { raw: '60', unit: 's', verdict: 'ok' });
  assert.equal(entry.parts.at(-1)?.end, payload.length);
});
