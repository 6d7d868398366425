// Values to Kafka records in the Confluent wire format: 0x00, schema id (int32, big-endian), Avro.
// Written in place into slabs; knows no registry: ids are given.

import type { KafkaTopic, SchemaName } from '../topics.ts';
import { ownSchemas } from './schemas.ts';
import type { Lifecycle, Quarantined, Telemetry, VehicleState } from './types.generated.ts';

/** Kafka topic → schema id of its subject in the registry. */
export type SchemaIds = Readonly<Record<KafkaTopic, number>>;

/**
 * The buffer is the caller's: its bytes are never written again, so a batch may be sent twice.
 * Values are literals with all fields in schema order: one shape keeps the writers fast.
 * Throws EncodeError when the value does not fit its schema, which is our own mistake.
 */
export interface Encoders {
  encodeTelemetry(kafkaTopic: KafkaTopic, value: Telemetry): Buffer;
  encodeLifecycle(kafkaTopic: KafkaTopic, value: Lifecycle): Buffer;
  encodeQuarantined(kafkaTopic: KafkaTopic, value: Quarantined): Buffer;
  encodeVehicleState(kafkaTopic: KafkaTopic, value: VehicleState): Buffer;
}

export interface EncoderOptions {
  readonly slabBytes?: number;
}

/** About 1,600 reports of 96 cells (656 bytes each): the cost of the allocation is spread thin. */
const defaultSlabBytes = 1024 * 1024;

export const headerBytes = 5;

export function createEncoders(ids: SchemaIds, options: EncoderOptions = {}): Encoders {
  const slabBytes = options.slabBytes ?? defaultSlabBytes;
  let slab = Buffer.allocUnsafeSlow(slabBytes);
  let start = 0;

  function encode(name: SchemaName, kafkaTopic: KafkaTopic, value: object): Buffer {
    const id = ids[kafkaTopic];
    const end = encodeAt(name, value, slab, start + headerBytes);
    if (end < 0) return encodeElsewhere(name, id, value, slab.length - start - end);
    writeHeader(slab, start, id);
    const record = slab.subarray(start, end);
    start = end;
    return record;
  }

  /** avsc answers a buffer that is too short with the missing bytes as a negative number. */
  function encodeElsewhere(name: SchemaName, id: number, value: object, length: number): Buffer {
    const isLarge = length > slabBytes;
    const target = isLarge ? Buffer.allocUnsafeSlow(length) : Buffer.allocUnsafeSlow(slabBytes);
    const end = encodeAt(name, value, target, headerBytes);
    if (end < 0) throw new EncodeError(name, `${-end} bytes short of the length it asked for`);
    writeHeader(target, 0, id);
    if (!isLarge) {
      slab = target;
      start = end;
    }
    return target.subarray(0, end);
  }

  return {
    encodeTelemetry: (kafkaTopic, value) => encode('telemetry.v1', kafkaTopic, value),
    encodeLifecycle: (kafkaTopic, value) => encode('lifecycle.v1', kafkaTopic, value),
    encodeQuarantined: (kafkaTopic, value) => encode('quarantine.v1', kafkaTopic, value),
    encodeVehicleState: (kafkaTopic, value) => encode('state.v1', kafkaTopic, value),
  };
}

/** A value of ours that does not fit our schema. */
export class EncodeError extends Error {
  readonly code = 'AVRO_VALUE_INVALID';
  readonly schema: SchemaName;

  constructor(schema: SchemaName, detail: string, options?: ErrorOptions) {
    super(`a value does not fit ${schema}: ${detail}`, options);
    this.name = 'EncodeError';
    this.schema = schema;
  }
}

/** Where the value ends, or the negative number of bytes that are missing. */
function encodeAt(name: SchemaName, value: object, target: Buffer, at: number): number {
  try {
    return ownSchemas[name].type.encode(value, target, at);
  } catch (error) {
    throw new EncodeError(name, faultOf(name, value), { cause: error });
  }
}

/** Only after a failure: a check beforehand would be paid for by all the good values. */
function faultOf(name: SchemaName, value: object): string {
  const faults: string[] = [];
  ownSchemas[name].type.isValid(value, {
    errorHook: (path, found) => {
      faults.push(`${path.join('.')} is ${describe(found)}`);
    },
  });
  return faults.slice(0, faultsShownMax).join('; ') || 'it cannot be read';
}

const faultsShownMax = 5;

/** Never the text of a string or bytes: it may be a password. */
function describe(value: unknown): string {
  if (typeof value === 'number') return `the number ${value}`;
  if (value === null || value === undefined) return String(value);
  if (Buffer.isBuffer(value)) return `${value.length} bytes`;
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function writeHeader(target: Buffer, at: number, id: number): void {
  target[at] = 0;
  target.writeInt32BE(id, at + 1);
}
