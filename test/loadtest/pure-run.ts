// A whole run without brokers: the fleet's messages through the real ingest, encoded and decoded
// again, as two bridges would have stored them. For tests of the fleet and of the check.

import { answerKey } from '#loadtest/fleet/answer-key.ts';
import { type FleetPlan, planFleet } from '#loadtest/fleet/fleet.ts';
import { gb2016Only } from '#loadtest/fleet/mix.ts';
import type { PlannedMessage } from '#loadtest/fleet/planned.ts';
import type { Signer } from '#loadtest/fleet/signer.ts';
import { type Entry, type Ledger, ledgerOf } from '#loadtest/ledger/entries.ts';
import { type StoredRecord, storedRecordOf } from '#loadtest/ledger/record-fields.ts';
import { createDecoder } from '#shared/avro/decoder.ts';
import { createEncoders, type SchemaIds } from '#shared/avro/encoder.ts';
import type { Answer } from '#shared/ingest/contract.ts';
import { createIngest } from '#shared/ingest/ingest.ts';
import { PartAssembly } from '#shared/ingest/part-assembly.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import { createSignatureCheck } from '#shared/signature/check.ts';
import { readPublicKeys } from '#shared/signature/public-key.ts';
import { defaultRoutes, type KafkaTopic, kafkaTopics } from '#shared/topics.ts';

export interface PureRun {
  readonly messages: readonly PlannedMessage[];
  readonly ledger: Ledger;
  readonly records: readonly StoredRecord[];
}

export const plan: FleetPlan = {
  vehicles: 24,
  seed: 7,
  startAt: Date.UTC(2026, 10, 25, 4),
  seconds: 60,
  reportPeriodMs: 2000,
  badShare: 0.05,
  payloadBytesMax: 65_536,
  mix: gb2016Only,
};

/** From a message's send to its receipt, and from there to its append. */
const hopMs = 5;

export async function pureRun(change: Partial<FleetPlan> = {}): Promise<PureRun> {
  const messages = await messagesOf({ ...plan, ...change });
  const store = await createStore(change.signer);
  const entries: Entry[] = [];
  for (const [index, { vehicleId, frames, dueAt, ...message }] of messages.entries()) {
    const messageNo = index + 1;
    entries.push({ entry: 'sent', messageNo, vehicleId, at: dueAt, frames });
    entries.push({ entry: 'acked', messageNo, at: dueAt + 1, reasonCode: 0 });
    for (const { payload } of store.add({ ...message, at: dueAt + hopMs })) {
      const at = dueAt + 3 * hopMs;
      entries.push({ entry: 'answer', vehicleId, at, key: answerKey(payload) });
    }
  }
  return { messages, ledger: ledgerOf(entries), records: store.records };
}

/** All messages in the order in which they fall due. */
export async function messagesOf(fleet: FleetPlan): Promise<readonly PlannedMessage[]> {
  const journeys = await planFleet(fleet);
  return journeys.flatMap((journey) => [...journey]).sort((a, b) => a.dueAt - b.dueAt);
}

interface Delivery extends Pick<PlannedMessage, 'mqttTopic' | 'payload'> {
  readonly at: number;
}

/** `signer`: whose key the bridge has. */
export async function createStore(signer?: Signer) {
  const ids: SchemaIds = Object.fromEntries(
    Object.values(kafkaTopics).map((topic, at) => [topic, at + 1]),
  ) as Record<KafkaTopic, number>;
  const decoder = createDecoder({ ids, schemaById: async () => null });
  const ingest = await createIngest({
    routes: defaultRoutes,
    encoders: createEncoders(ids),
    payloadBytesMax: plan.payloadBytesMax,
    answerReports: false,
    answerRefusals: false,
    signatures: {
      policies: { 'gb32960-2025': 'check' },
      check: signer === undefined ? null : checkOf(signer),
    },
    assembly: new PartAssembly({
      ageMs: 120_000,
      partsMax: 1024,
      vehicleBytesMax: 2 ** 21,
      bytesMax: 2 ** 24,
    }),
  });
  const records: StoredRecord[] = [];
  const offsets = new Map<string, number>();
  let sequence = 0;
  return {
    records,
    add({ mqttTopic, payload, at }: Delivery): readonly Answer[] {
      const origin = { bridge: 'pure', epoch: 1, sequence: sequence + 1 };
      const ingested = ingest({ mqttTopic, payload, receivedAt: at, origin });
      sequence += ingested.frameCount;
      for (const { kafkaTopic, key, value } of ingested.records) {
        const partition = partitionOf(key, 12);
        const offset = offsets.get(`${kafkaTopic}/${partition}`) ?? 0;
        offsets.set(`${kafkaTopic}/${partition}`, offset + 1);
        const decoded = decoder.decode(value);
        if (decoded instanceof Promise || decoded.kind === 'fault') throw new Error('not decoded');
        const place = {
          kafkaTopic,
          partition,
          offset,
          appendedAt: at + hopMs,
          key: key.toString(),
        };
        records.push(storedRecordOf(place, decoded.value));
      }
      return ingested.answers;
    },
  };
}

function checkOf({ publicKeyPem }: Signer) {
  const keys = readPublicKeys(publicKeyPem);
  return createSignatureCheck({ keysOf: () => keys });
}
