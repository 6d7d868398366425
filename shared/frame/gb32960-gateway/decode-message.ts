// What EMQX's GB/T 32960 gateway publishes, back to the frame that the vehicle sent: its raw
// numbers are written as the bytes that they were, and those are read as any other frame's. So
// units, ranges, broken items and fault codes are judged once, by the tables of the standard:
//
// - CustomData holds everything from the first type on that the gateway does not know; its bytes
//   are read on here, so custom items, later ones and the signature are found in it.
// - Fault codes come as 4 hex digits in 2016, and are 4 bytes.
// - The data unit of an encrypted frame was parsed as if it were clear. It is kept as bytes.
// - The response flag is not in the payload: what a car sends under 0x80 to 0x82 is an answer.

import { decodeMessage as decodeFrames } from '../gb32960/decode-message.ts';
import { buildFrame } from '../gb32960/encode-frame.ts';
import type { Gb32960Codec, Gb32960Frame } from '../gb32960/frame.ts';
import { faultOf } from '../json/faults.ts';
import { gatewayLimits } from '../json/limits.ts';
import { placeAt } from '../json/places.ts';
import { readDocument } from '../json/read-document.ts';
import { foundName, type SchemaFault } from '../json/schema.ts';
import type { Outcome, Reason } from '../outcome.ts';
import { editionOfShape, isObject, type Source } from './edition-of-shape.ts';
import type { Year } from './keys.ts';
import { writeUnit } from './write-unit.ts';

/** Always one outcome. Total. */
export function decodeMessage(payload: Uint8Array): readonly Outcome<Gb32960Frame>[] {
  const read = readDocument(payload, gatewayLimits);
  if (read.kind === 'fault') return [refused(payload, read.reason)];
  return [decodeValue(payload, read.value)];
}

function decodeValue(payload: Uint8Array, value: unknown): Outcome<Gb32960Frame> {
  const head = headOf(value);
  if ('detail' in head) return wrong(payload, head);
  const shape = editionOfShape(head.command, head.data);
  if (shape.kind === 'fault') return wrong(payload, shape.fault);
  const unit = writeUnit(head.command, head.data, shape.year);
  if ('detail' in unit) return wrong(payload, unit);
  const { command, vin, encryption } = head;
  const isAnswer = command >= 0x80 && command <= 0x82;
  const frame = buildFrame({
    codec: binaryCodecs[shape.year],
    command,
    response: isAnswer ? 0x01 : 0xfe,
    vin,
    encryption,
    body: { kind: 'opaque', bytes: unit.bytes },
  });
  const [outcome] = decodeFrames(frame) as readonly [Outcome<Gb32960Frame>];
  return asGateway(outcome, payload, { year: shape.year, restPointer: unit.restPointer });
}

const binaryCodecs: Readonly<Record<Year, Gb32960Codec>> = {
  2016: 'gb32960-2016',
  2025: 'gb32960-2025',
};
const gatewayCodecs: Readonly<Record<Year, Gb32960Codec>> = {
  2016: 'gb32960-2016-gateway',
  2025: 'gb32960-2025-gateway',
};

interface Head {
  readonly command: number;
  readonly encryption: number;
  readonly vin: string;
  readonly data: Source;
}

function headOf(value: unknown): Head | SchemaFault {
  if (!isObject(value))
    return { pointer: '', detail: `an object wanted, found ${foundName(value)}` };
  const { Cmd: command, Encrypt: encryption, Vin: vin, Data: data } = value;
  if (!isByte(command)) return missing('/Cmd', 'a number of 0 to 255', command);
  if (!isByte(encryption)) return missing('/Encrypt', 'a number of 0 to 255', encryption);
  if (typeof vin !== 'string' || !/^[\0-\xff]{0,17}$/.test(vin)) {
    return missing('/Vin', 'a text of at most 17 characters of one byte', vin);
  }
  if (!isObject(data)) return missing('/Data', 'an object', data);
  return { command, encryption, vin, data };
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}

function missing(pointer: string, wanted: string, found: unknown): SchemaFault {
  return { pointer, detail: `${wanted} wanted, found ${foundName(found)}` };
}

/** Offsets are those of the payload: of the frame that was written nobody has the bytes. */
function asGateway(
  outcome: Outcome<Gb32960Frame>,
  payload: Uint8Array,
  { year, restPointer }: { readonly year: Year; readonly restPointer: string | null },
): Outcome<Gb32960Frame> {
  const bytes = payload;
  const codec = gatewayCodecs[year];
  if (outcome.reason === null) return { ...outcome, frame: { ...outcome.frame, codec }, bytes };
  const place = placeAt(payload, restPointer ?? '/Data', { at: 0, end: payload.length });
  const reason: Reason = { ...outcome.reason, offset: place?.at ?? 0 };
  if (outcome.kind === 'reject') return { ...outcome, reason, bytes };
  return { ...outcome, frame: { ...outcome.frame, codec }, reason, bytes };
}

function wrong(payload: Uint8Array, fault: SchemaFault): Outcome<Gb32960Frame> {
  return refused(payload, faultOf(payload, 'json_schema', fault));
}

function refused(bytes: Uint8Array, reason: Reason): Outcome<Gb32960Frame> {
  return { kind: 'reject', frame: null, reason, bytes };
}
