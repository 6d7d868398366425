// Kafka records to values: by the schema that wrote them, read as the schema that we know.
// For the reader, the ledger and the command line; bytes of any origin are survived.

import type avro from 'avsc';
import { type SchemaName, topicSpecs } from '../topics.ts';
import { compileSchema } from './compile.ts';
import { headerBytes, type SchemaIds } from './encoder.ts';
import { type OwnSchema, ownSchemas } from './schemas.ts';
import type { Lifecycle, Quarantined, Telemetry, VehicleState } from './types.generated.ts';

export type Decoded =
  | DecodedFrame
  | { readonly kind: 'state.v1'; readonly value: VehicleState }
  | DecodeFault;

/** What a bridge made of one frame. */
export type DecodedFrame =
  | { readonly kind: 'telemetry.v1'; readonly value: Telemetry }
  | { readonly kind: 'lifecycle.v1'; readonly value: Lifecycle }
  | { readonly kind: 'quarantine.v1'; readonly value: Quarantined };

export interface DecodeFault {
  readonly kind: 'fault';
  readonly code: DecodeFaultCode;
  /** What was wanted and what was found. */
  readonly detail: string;
  /** Null where the bytes name none. */
  readonly schemaId: number | null;
}

/**
 * not_framed: no Confluent header. schema_unknown: the registry has no such id. schema_foreign:
 * not a schema of ours, or one that ours cannot read. registry_away: could not be asked.
 * bytes_broken: the bytes are not what the schema says.
 */
export type DecodeFaultCode =
  | 'not_framed'
  | 'schema_unknown'
  | 'schema_foreign'
  | 'registry_away'
  | 'bytes_broken';

export interface Decoder {
  /**
   * Never throws for what the bytes are. Answers a promise only while a schema is being looked up;
   * it never rejects either.
   */
  decode(record: Buffer): Decoded | Promise<Decoded>;
}

export interface DecoderOptions {
  /** Ids of our own schemas: known without asking. */
  readonly ids?: SchemaIds;
  /** Schema text of an id, null where there is none; `schemaById` of the registry. */
  readonly schemaById: (id: number) => Promise<string | null>;
  /** Epoch ms. */
  readonly now?: () => number;
}

/** An unknown id in every record must not become a request for every record. */
const failureKeptMs = 60_000;

/** Ids out of broken bytes must not fill the memory. When full, all are forgotten, learnt anew. */
const writersMax = 1_000;

export function createDecoder(options: DecoderOptions): Decoder {
  const { now = Date.now } = options;
  const own = ownWriters(options.ids);
  const writers = new Map<number, Writer | Promise<Writer>>(own);

  async function learn(id: number): Promise<Writer> {
    const writer = await lookUp(id, options.schemaById, now);
    writers.set(id, writer);
    return writer;
  }

  function forget(): void {
    writers.clear();
    for (const [id, writer] of own) writers.set(id, writer);
  }

  return {
    decode(record) {
      if (record.length < headerBytes || record[0] !== 0) return notFramed(record);
      const id = record.readInt32BE(1);
      const known = writers.get(id);
      if (known instanceof Promise) return known.then((writer) => read(writer, id, record));
      const isStale = known?.kind === 'failed' && now() - known.at >= failureKeptMs;
      if (known !== undefined && !isStale) return read(known, id, record);
      if (writers.size >= writersMax) forget();
      const learning = learn(id);
      writers.set(id, learning);
      return learning.then((writer) => read(writer, id, record));
    },
  };
}

type Writer = KnownWriter | FailedWriter;

interface KnownWriter {
  readonly kind: 'known';
  readonly reader: OwnSchema;
  /** Undefined where the writer's schema is ours: nothing to resolve. */
  readonly resolver: avro.Resolver | undefined;
}

interface FailedWriter {
  readonly kind: 'failed';
  readonly at: number;
  readonly code: DecodeFaultCode;
  readonly detail: string;
}

function ownWriters(ids: SchemaIds | undefined): [number, Writer][] {
  if (ids === undefined) return [];
  return topicSpecs.map(({ topic, schema }) => [ids[topic], ownWriter(ownSchemas[schema])]);
}

function ownWriter(reader: OwnSchema): KnownWriter {
  return { kind: 'known', reader, resolver: undefined };
}

async function lookUp(
  id: number,
  schemaById: DecoderOptions['schemaById'],
  now: () => number,
): Promise<Writer> {
  const failed = (code: DecodeFaultCode, detail: string): FailedWriter => {
    return { kind: 'failed', at: now(), code, detail };
  };
  let text: string | null;
  try {
    text = await schemaById(id);
  } catch (error) {
    return failed('registry_away', messageOf(error));
  }
  if (text === null) return failed('schema_unknown', `the registry has no schema ${id}`);
  try {
    return writerOf(text);
  } catch (error) {
    return failed('schema_foreign', `schema ${id}: ${messageOf(error)}`);
  }
}

/** Compiled once for each id: avsc takes milliseconds for it. */
function writerOf(text: string): KnownWriter {
  const writer = compileSchema(text);
  const reader = Object.values(ownSchemas).find(({ recordName }) => recordName === writer.name);
  if (reader === undefined) throw new Error(`want a record of ours, found ${writer.name}`);
  if (writer.equals(reader.type)) return ownWriter(reader);
  return { kind: 'known', reader, resolver: reader.type.createResolver(writer) };
}

function read(writer: Writer, schemaId: number, record: Buffer): Decoded {
  if (writer.kind === 'failed') {
    return { kind: 'fault', code: writer.code, detail: writer.detail, schemaId };
  }
  const { name, type } = writer.reader;
  try {
    const { value, offset } = type.decode(record, headerBytes, writer.resolver);
    if (offset === record.length) return decodedValue(name, value);
    const found = offset < 0 ? 'it breaks off' : `it ends at byte ${offset}`;
    return broken(`${name}: want a value of ${record.length} bytes, ${found}`, schemaId);
  } catch (error) {
    return broken(`${name}: ${messageOf(error)}`, schemaId);
  }
}

/** avsc has just read the value by this schema, and the types are generated from it. */
function decodedValue(name: SchemaName, value: unknown): Decoded {
  return { kind: name, value } as Decoded;
}

function broken(detail: string, schemaId: number): DecodeFault {
  return { kind: 'fault', code: 'bytes_broken', detail, schemaId };
}

function notFramed(record: Buffer): DecodeFault {
  const start = record.subarray(0, headerBytes).toString('hex');
  const found = start === '' ? 'nothing' : start;
  const detail = `want 0x00 and a schema id of 4 bytes, found ${found}`;
  return { kind: 'fault', code: 'not_framed', detail, schemaId: null };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
