// No payload costs more than in proportion to its length. Payloads here are 16 times the limit or
// more, so that the bound can be generous: far above one look at each byte, and far below a look
// at every byte of every candidate for a start. CPU time, since a busy machine stretches the clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { buildFrame } from '#shared/frame/gb32960/encode-frame.ts';
import type { Gb32960Codec } from '#shared/frame/gb32960/frame.ts';

const payloadBytes = 1024 * 1024;
const boundMs = 1000;

const vin = 'FWTEST00000000001';
const heartbeat = buildFrame({ command: 0x07, vin, body: { kind: 'heartbeat' } });

/** A header that claims 28 KiB. */
const claim = Buffer.concat([heartbeat.subarray(0, 22), Buffer.from('7000', 'hex')]);

const hostile: Readonly<Record<string, Buffer>> = {
  'the start byte alone': Buffer.alloc(payloadBytes, 0x23),
  // The check byte never fits: the whole payload is one search.
  'starts of frames of 32 KiB': Buffer.alloc(4 * payloadBytes, Buffer.from('23237f00', 'hex')),
  'headers that claim 28 KiB': repeated(claim),
  'good frames between such headers': repeated(Buffer.concat([heartbeat, claim])),
  'good frames with a stray byte between': repeated(Buffer.concat([heartbeat, Buffer.of(0x23)])),
  'the shortest frames': repeated(heartbeat),
  'empty motor items': reportOf('0200'),
  'empty custom items': reportOf('800000'),
  'subsystems without probes': reportOf(`09fa${'010000'.repeat(250)}`),
  'levels of general alarms': reportOf(
    `06${'00'.repeat(9)}fd${'1704'.repeat(253)}`,
    'gb32960-2025',
  ),
  'packs without cells': reportOf(`0732${'01000000000000'.repeat(50)}`, 'gb32960-2025'),
  'stacks without probes': reportOf(`30fd${'0'.repeat(24).repeat(253)}`, 'gb32960-2025'),
  'signatures that lie about their length': repeated(
    buildFrame({
      codec: 'gb32960-2025',
      command: 0x02,
      vin,
      body: { kind: 'opaque', bytes: Buffer.from('1a05010c0000ff01ffff', 'hex') },
    }),
  ),
  'logins that announce packs for each byte': repeated(
    buildFrame({
      codec: 'gb32960-2025',
      command: 0x01,
      vin,
      body: {
        kind: 'opaque',
        bytes: Buffer.from(`${'00'.repeat(28)}fd${'fd'.repeat(253)}`, 'hex'),
      },
    }),
  ),
  'reports that end at a count of 250': repeated(
    buildFrame({
      command: 0x02,
      vin,
      body: { kind: 'opaque', bytes: Buffer.from('1a05010c000008fa', 'hex') },
    }),
  ),
};

for (const [name, payload] of Object.entries(hostile)) {
  test(`decodes a payload of ${name} in time that grows with the length`, () => {
    const before = process.cpuUsage();
    const outcomes = decodeMessage(payload);
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1000;
    assert.ok(tookMs < boundMs, `less than ${boundMs} ms wanted, took ${tookMs} ms`);
    const byteCount = outcomes.reduce((sum, { bytes }) => sum + bytes.length, 0);
    assert.equal(byteCount, payload.length);
  });
}

function repeated(part: Buffer): Buffer {
  return Buffer.alloc(payloadBytes, part);
}

function reportOf(itemHex: string, codec: Gb32960Codec = 'gb32960-2016'): Buffer {
  const item = Buffer.from(itemHex, 'hex');
  const items = Buffer.alloc(Math.floor(65_000 / item.length) * item.length, item);
  const bytes = Buffer.concat([Buffer.from('1a05010c0000', 'hex'), items]);
  return repeated(buildFrame({ codec, command: 0x02, vin, body: { kind: 'opaque', bytes } }));
}
