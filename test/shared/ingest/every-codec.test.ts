// Any bytes on the topic of any codec end as records: those of its own frames, bent ones, those of
// other codecs, and junk.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codecEntries } from '#shared/ingest/codecs.ts';
import { PartAssembly } from '#shared/ingest/part-assembly.ts';
import { codecs, kafkaTopics } from '#shared/topics.ts';
import { fuzzCodecs } from '#test/fuzz/codecs.ts';
import { vehicleId } from '#test/shared/telemetry/sample-frames.ts';
import { decodeRecord, messageOf, testIngest } from './ingest-bed.ts';

const limits = { ageMs: 60_000, partsMax: 8, vehicleBytesMax: 20_000, bytesMax: 50_000 };
const assembly = new PartAssembly(limits);
const options = { answerReports: true, answerRefusals: true };
const ingest = await testIngest({ ...options, assembly });
const tolerant = await testIngest({
  ...options,
  routes: codecs.map((codec) => ({ filter: `+/${codec}`, idLevel: 0, codec, identity: 'record' })),
});

const frames = fuzzCodecs.flatMap(({ corpus }) => corpus);

const bentFrame = fc
  .tuple(fc.constantFrom(...frames), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }))
  .map(([frame, changes]) => {
    const bent = Buffer.from(frame);
    for (const [at, byte] of changes) bent[at % bent.length] = byte;
    return bent;
  });

const payloads = fc
  .array(
    fc.oneof(
      fc.constantFrom(...frames),
      bentFrame,
      fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 4 },
  )
  .map((parts) => Buffer.concat(parts));

const runs = { seed: 20260615, numRuns: 300 };

for (const { name } of fuzzCodecs) {
  test(`any bytes on a topic of ${name} are accounted for, and told to the last byte`, () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        const before = Buffer.from(payload);
        const mqttTopics = [`v1/up/${vehicleId}/${name}`, `v1/up/13900000001/${name}`];
        const results = [
          ...mqttTopics.map((mqttTopic) => ingest(messageOf(payload, mqttTopic))),
          tolerant(messageOf(payload, `${vehicleId}/${name}`)),
        ];
        for (const { codec, frameCount, quarantinedCount, records, answers } of results) {
          assert.equal(codec, name);
          assert.equal(frameCount, codecEntries[codec].decode(payload).length);
          const refused = records.filter((each) => each.kafkaTopic === kafkaTopics.quarantine);
          assert.equal(refused.length, quarantinedCount);
          assert.ok(records.length >= frameCount && frameCount >= 1);
          for (const record of records) decodeRecord(record);
          for (const answer of answers) assert.match(answer.mqttTopic, /^v1\/dn\//);
        }
        assert.deepEqual(payload, before);
        assert.ok(assembly.heldBytes <= limits.bytesMax);
      }),
      runs,
    );
  });
}
