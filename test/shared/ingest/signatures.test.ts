// What a signature is worth to the record, and what the policy makes of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lifecycle, Telemetry } from '#shared/avro/types.generated.ts';
import { decodeMessage } from '#shared/frame/gb32960/decode-message.ts';
import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import { buildFrame } from '#shared/frame/gb32960/encode-frame.ts';
import { signedBytes } from '#shared/frame/gb32960/read-signature.ts';
import type { SignaturePolicies } from '#shared/ingest/signatures.ts';
import { createSignatureCheck } from '#shared/signature/check.ts';
import { readPublicKeys } from '#shared/signature/public-key.ts';
import { rsaSigner, type Signer, sm2Signer } from '#test/shared/signature/signers.ts';
import { eventAt, reportFrame, vehicle, vehicleId } from '#test/shared/telemetry/sample-frames.ts';
import { decodeRecord, messageOf, quarantinedIn, testIngest } from './ingest-bed.ts';

const [rsa, sm2, stranger] = [rsaSigner(), sm2Signer(), rsaSigner()];
const keys = [...readPublicKeys(rsa.pem), ...readPublicKeys(sm2.pem)];
const check = createSignatureCheck({ keysOf: (id) => (id === vehicleId ? keys : []) });

function ingestWith(policies: SignaturePolicies, withKeys = true) {
  return testIngest({
    signatures: { policies, check: withKeys ? check : null },
    answerRefusals: true,
  });
}

const report = { kind: 'report', time: deviceTimeOf(eventAt), items: [] } as const;
const unsigned = buildFrame({ codec: 'gb32960-2025', command: 2, vin: vehicleId, body: report });

/** Signed over what is decoded from it, as a terminal would. */
function signedBy({ sign }: Signer): Buffer {
  const [outcome] = decodeMessage(unsigned);
  const signature = sign(signedBytes(outcome!.frame!));
  const body = { ...report, signature };
  return buildFrame({ codec: 'gb32960-2025', command: 2, vin: vehicleId, body });
}

const forged = signedBy(stranger);
const empty = signedBy({ ...rsa, sign: (bytes) => ({ ...rsa.sign(bytes), r: new Uint8Array() }) });

type Verdict = readonly [state: string | null, reason: string | null];

async function verdicts(policies: SignaturePolicies, withKeys = true): Promise<Verdict[]> {
  const ingest = await ingestWith(policies, withKeys);
  return [signedBy(rsa), signedBy(sm2), forged, empty, unsigned].map((frame) => {
    const { records, quarantineReasons } = ingest(messageOf(frame));
    const { value } = decodeRecord(records[0]!);
    const state = (value as Telemetry | Lifecycle).signatureState ?? null;
    return [state, quarantineReasons[0] ?? null];
  });
}

test('check notes all four states and refuses none', async () => {
  assert.deepEqual(await verdicts({ 'gb32960-2025': 'check' }), [
    ['valid', null],
    ['valid', null],
    ['invalid', null],
    ['unchecked', null],
    ['absent', null],
  ]);
});

test('without keys, and where it is ignored, a signature is unchecked', async () => {
  const [one, other] = [await verdicts({ 'gb32960-2025': 'check' }, false), await verdicts({})];
  const unchecked = ['unchecked', null];
  const expected = [unchecked, unchecked, unchecked, unchecked, ['absent', null]];
  assert.deepEqual([one, other], [expected, expected]);
});

test('require lets only valid ones pass, and says of each other why not', async () => {
  assert.deepEqual(await verdicts({ 'gb32960-2025': 'require' }), [
    ['valid', null],
    ['valid', null],
    [null, 'signature_invalid'],
    [null, 'signature_unchecked'],
    [null, 'signature_missing'],
  ]);
});

test('a refused signature is told to the vehicle, by the flag that the edition has for it', async () => {
  const ingest = await ingestWith({ 'gb32960-2025': 'require' });
  const { records, answers } = ingest(messageOf(forged));
  assert.deepEqual(quarantinedIn(records)[0]?.payload, forged);
  assert.equal(answers[0]?.payload[3], 0x05);
});

test('a refused frame of 2025 is told why, one of 2016 that there is an error', async () => {
  const ingest = await ingestWith({});
  const short = { kind: 'opaque', bytes: Uint8Array.of(26, 6, 15, 11, 59, 58, 1) } as const;
  const flags = (['gb32960-2016', 'gb32960-2025'] as const).map((codec) => {
    const login = buildFrame({ codec, command: 1, vin: vehicleId, body: short });
    const foreign = buildFrame({ codec, command: 2, vin: 'LTESTVN0000000009', body: report });
    const [first, second] = [login, foreign].map((frame) => ingest(messageOf(frame)).answers[0]);
    return [first?.payload[3], second?.payload[3]];
  });
  assert.deepEqual(flags, [
    [0x02, 0x02],
    [0x06, 0x04],
  ]);
});

test('what has no room for a signature needs none', async () => {
  const ingest = await ingestWith({ 'gb32960-2025': 'require' });
  const codec = 'gb32960-2025';
  const beat = buildFrame({ codec, command: 7, vin: vehicleId, body: { kind: 'heartbeat' } });
  assert.equal(ingest(messageOf(beat)).quarantinedCount, 0);
  assert.equal(ingest(messageOf(reportFrame([vehicle]))).quarantinedCount, 0);
});

test('an older edition can be shut out, since it cannot sign', async () => {
  const ingest = await ingestWith({ 'gb32960-2016': 'require' });
  const { quarantineReasons } = ingest(messageOf(reportFrame([vehicle])));
  assert.deepEqual(quarantineReasons, ['signature_missing']);
});

test('a frameId does not depend on the signature', async () => {
  const ingest = await ingestWith({ 'gb32960-2025': 'check' });
  const ids = [signedBy(rsa), signedBy(sm2)].map((frame) => {
    return decodeRecord(ingest(messageOf(frame)).records[0]!).value.frameId?.toString('hex');
  });
  assert.equal(ids[0], ids[1]);
});

test('of a message with many signed frames the first are checked, so that none keeps the loop', async () => {
  const frame = signedBy(rsa);
  const message = messageOf(Buffer.concat(Array.from({ length: 12 }, () => frame)));
  const { records } = (await ingestWith({ 'gb32960-2025': 'check' }))(message);
  const states = records.map((record) => (decodeRecord(record).value as Telemetry).signatureState);
  const [checked, rest] = [Array(8).fill('valid'), Array(4).fill('unchecked')];
  assert.deepEqual(states, [...checked, ...rest]);
  const required = (await ingestWith({ 'gb32960-2025': 'require' }))(message);
  assert.deepEqual(required.quarantineReasons, Array(4).fill('signature_unchecked'));
});
