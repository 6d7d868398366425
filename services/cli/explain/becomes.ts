// What a payload becomes: the records and answers that the bridge would make of it, by the same
// ingest, read again as a consumer reads them.

import { createEncoders, headerBytes, type SchemaIds } from '#shared/avro/encoder.ts';
import { ownSchemas } from '#shared/avro/schemas.ts';
import type { Ingested } from '#shared/ingest/contract.ts';
import { createIngest } from '#shared/ingest/ingest.ts';
import type { SignatureOptions } from '#shared/ingest/signatures.ts';
import { createSignatureCheck } from '#shared/signature/check.ts';
import { KeyFolder } from '#shared/signature/key-folder.ts';
import {
  type Codec,
  defaultRoutes,
  type KafkaTopic,
  kafkaTopics,
  type SchemaName,
  topicSpecs,
} from '#shared/topics.ts';
import { CommandFailed } from '../context.ts';

export interface Becomes {
  readonly mqttTopic: string;
  readonly records: readonly BecomeRecord[];
  readonly answers: readonly { readonly mqttTopic: string; readonly payload: Buffer }[];
  readonly refusals: readonly Refusal[];
}

export interface BecomeRecord {
  readonly topic: KafkaTopic;
  readonly schema: SchemaName;
  readonly value: object;
}

export interface Refusal {
  readonly code: string;
  /** In the refused stretch. */
  readonly offset: number;
  readonly detail: string;
}

export interface Circumstances {
  readonly codec: Codec;
  readonly vehicleId: string;
  /** Epoch ms. */
  readonly receivedAt: number;
}

// A registry gives the ids; nobody outside this file sees these.
const schemaIds = Object.fromEntries(
  Object.values(kafkaTopics).map((topic, at) => [topic, at + 1]),
) as SchemaIds;

/** A vehicle of no name, where the payload names none that a topic can hold. */
export const nobody = 'unknown';

export type Become = (payload: Uint8Array, where: Circumstances) => Becomes;

export interface BecomeOptions {
  /** A folder of PEM files by which signatures are checked; null: none is. */
  readonly keysFolder: string | null;
}

export async function createBecome({ keysFolder }: BecomeOptions): Promise<Become> {
  const options = {
    encoders: createEncoders(schemaIds),
    payloadBytesMax: 64 * 1024,
    answerReports: false,
    answerRefusals: false,
    ...(keysFolder === null ? {} : { signatures: signaturesBy(keysFolder) }),
  };
  const strict = await createIngest({ ...options, routes: defaultRoutes });
  const routes = defaultRoutes.map((route) => ({ ...route, identity: 'record' as const }));
  const lenient = await createIngest({ ...options, routes });
  return (payload, { codec, vehicleId, receivedAt }) => {
    // Nobody's topic is no reason to refuse a frame.
    const ingest = vehicleId === nobody ? lenient : strict;
    const mqttTopic = `v1/up/${vehicleId}/${codec}`;
    const origin = { bridge: 'explain', epoch: 1, sequence: 1 };
    const { records, answers } = ingest({ mqttTopic, payload, receivedAt, origin });
    const read = records.map(readRecord);
    return { mqttTopic, records: read, answers, refusals: read.flatMap(refusalIn) };
  };
}

/** What does not verify is marked, as by a bridge that checks and refuses nothing. */
function signaturesBy(keysFolder: string): SignatureOptions {
  const folder = new KeyFolder(keysFolder);
  const [fault] = folder.load();
  if (fault !== undefined) throw new CommandFailed(`keys: ${fault.file}: ${fault.text}`);
  const policies = { 'gb32960-2016': 'check', 'gb32960-2025': 'check' } as const;
  return { policies, check: createSignatureCheck(folder) };
}

function readRecord({ kafkaTopic, value }: Ingested['records'][number]): BecomeRecord {
  const spec = topicSpecs.find(({ topic }) => topic === kafkaTopic);
  if (spec === undefined) throw new Error(`no schema for ${kafkaTopic}`);
  const { type } = ownSchemas[spec.schema];
  const decoded: object = type.fromBuffer(value.subarray(headerBytes));
  return { topic: kafkaTopic, schema: spec.schema, value: decoded };
}

function refusalIn({ topic, value }: BecomeRecord): readonly Refusal[] {
  if (topic !== kafkaTopics.quarantine) return [];
  const { reason, offset, detail } = value as { reason: string; offset: number; detail: string };
  return [{ code: reason, offset, detail }];
}
