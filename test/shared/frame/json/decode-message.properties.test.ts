// What is built comes back as it was: every field of the schema, alone and in arrays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeMessage } from '#shared/frame/json/decode-message.ts';
import { buildEnvelope, buildEnvelopes } from '#shared/frame/json/encode-envelope.ts';
import { envelopeInputs, fixedSeed } from './arbitrary-envelopes.ts';

test('an envelope comes back as it was built', () => {
  fc.assert(
    fc.property(envelopeInputs, (input) => {
      const payload = buildEnvelope(input);
      const [outcome, ...more] = decodeMessage(payload);
      assert.ok(outcome?.kind === 'accept' && more.length === 0, outcome?.reason?.detail ?? '');
      assert.deepEqual(outcome.frame.envelope, { v: 1, ...input });
      assert.equal(outcome.bytes, payload);
    }),
    { ...fixedSeed, numRuns: 1000 },
  );
});

test('envelopes of one payload come back in their order, each from its own bytes', () => {
  fc.assert(
    fc.property(fc.array(envelopeInputs, { minLength: 1, maxLength: 5 }), (inputs) => {
      const outcomes = decodeMessage(buildEnvelopes(inputs));
      assert.deepEqual(
        outcomes.map(({ frame }) => frame?.envelope),
        inputs.map((input) => ({ v: 1, ...input })),
      );
      for (const [index, { bytes }] of outcomes.entries()) {
        const [again] = decodeMessage(bytes);
        assert.deepEqual(again?.frame?.envelope, outcomes[index]?.frame?.envelope);
      }
    }),
    { ...fixedSeed, numRuns: 300 },
  );
});

test('bytes that are cut or changed come to outcomes, and never throw', () => {
  fc.assert(
    fc.property(
      envelopeInputs,
      fc.nat(),
      fc.nat(255),
      fc.boolean(),
      (input, place, byte, isCut) => {
        const payload = buildEnvelope(input);
        const at = place % payload.length;
        payload[at] = byte;
        const changed = isCut ? payload.subarray(0, at) : payload;
        for (const { kind, reason } of decodeMessage(changed)) {
          assert.equal(kind === 'reject', reason !== null);
          assert.ok(reason === null || (reason.offset >= 0 && reason.offset <= changed.length));
        }
      },
    ),
    { ...fixedSeed, numRuns: 1500 },
  );
});
