// Values to Kafka records in the Confluent wire format: 0x00, schema id (int32, big-endian), Avro.
// Written in place into slabs; knows no registry: ids are given.

import type { KafkaTopic, SchemaName } from '../topics.ts';
import { ownSchemas } from './schemas.ts';
import { declined, slabOf, type ValueWriter } from './straight.ts';
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
  /**
   * A Telemetry that `writer` writes itself, within `bytesMax`. Null where it declines, or where a
   * slab does not hold as much.
   */
  writeTelemetry(kafkaTopic: KafkaTopic, bytesMax: number, writer: ValueWriter): Buffer | null;
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
  let slab = slabOf(Buffer.allocUnsafeSlow(slabBytes));
  let start = 0;

  function encode(name: SchemaName, kafkaTopic: KafkaTopic, value: object): Buffer {
    const id = ids[kafkaTopic];
    const end = encodeAt(name, value, slab.bytes, start + headerBytes);
    if (end < 0) return encodeElsewhere(name, id, value, slab.bytes.length - start - end);
    return take(id, end);
  }

  function take(id: number, end: number): Buffer {
    slab.bytes[start] = 0;
    slab.view.setInt32(start + 1, id);
    const record = slab.bytes.subarray(start, end);
    start = end;
    return record;
  }

  function write(kafkaTopic: KafkaTopic, bytesMax: number, writer: ValueWriter): Buffer | null {
    if (slab.bytes.length - start < headerBytes + bytesMax) {
      if (slabBytes < headerBytes + bytesMax) return null;
      slab = slabOf(Buffer.allocUnsafeSlow(slabBytes));
      start = 0;
    }
    const end = writer.write(slab, start + headerBytes);
    return end === declined ? null : take(ids[kafkaTopic], end);
  }

  /** avsc answers a buffer that is too short with the missing bytes as a negative number. */
  function encodeElsewhere(name: SchemaName, id: number, value: object, length: number): Buffer {
    const isLarge = length > slabBytes;
    const target = isLarge ? Buffer.allocUnsafeSlow(length) : Buffer.allocUnsafeSlow(slabBytes);
    const end = encodeAt(name, value, target, headerBytes);
    if (end < 0) throw new EncodeError(name, `${-end} bytes short of the length it asked for`);
    writeHeader(target, 0, id);
    if (!isLarge) {
      slab = slabOf(target);
      start = end;
    }
    return target.subarray(0, end);
  }

  return {
    encodeTelemetry: (kafkaTopic, value) => encode('telemetry.v1', kafkaTopic, value),
    writeTelemetry: write,
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
