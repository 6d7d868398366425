// What EMQX's JT/T 808 gateway publishes, back to the frame that the terminal sent: its raw numbers
// are written as the body that they were, and that is read as any other. What the gateway tells in
// another way than the standard is put right where its items are read (read-extras.ts).

import { faultOf } from '../json/faults.ts';
import { gatewayLimits } from '../json/limits.ts';
import { placeAt } from '../json/places.ts';
import { readDocument } from '../json/read-document.ts';
import type { SchemaFault } from '../json/schema.ts';
import { decodeWhole } from '../jt808/decode-frame.ts';
import { type BodyInput, encodeBody } from '../jt808/encode-body.ts';
import type { Jt808Frame } from '../jt808/frame.ts';
import { splitMask, versionMask } from '../jt808/frame.ts';
import type { Edition } from '../jt808/layout.ts';
import type { Outcome, Reason } from '../outcome.ts';
import {
  bytesIn,
  type Draft,
  digitsOf,
  integerIn,
  objectIn,
  refuse,
  type Source,
} from './draft.ts';
import { gatewayLayout } from './keys.ts';
import { locationIn, readFields } from './read-fields.ts';

/** Always one outcome. Total. */
export function decodeMessage(payload: Uint8Array): readonly Outcome<Jt808Frame>[] {
  const read = readDocument(payload, gatewayLimits);
  if (read.kind === 'fault') return [refused(payload, read.reason)];
  const draft: Draft = { fault: null };
  const root = objectIn(draft, { value: read.value, pointer: '' });
  const head = readHead(draft, { value: root['header'], pointer: '/header' });
  const body = { value: root['body'], pointer: '/body' };
  const bytes = draft.fault === null ? readBody(draft, head, body) : new Uint8Array(0);
  if (draft.fault !== null) return [wrong(payload, draft.fault)];
  return [asGateway(payload, head, bytes)];
}

interface Head {
  readonly messageId: number;
  readonly edition: Edition;
  readonly encryption: number;
  readonly length: number;
  readonly protocolVersion: number | null;
  readonly phone: string;
  readonly serial: number;
  readonly packetTotal: number | null;
  readonly packetIndex: number | null;
}

interface ObjectPlace {
  readonly value: unknown;
  readonly pointer: string;
}

function readHead(draft: Draft, place: ObjectPlace): Head {
  const header = objectIn(draft, place);
  const number = (name: string, size: 1 | 2) =>
    integerIn(draft, size, { value: header[name], pointer: `${place.pointer}/${name}` });
  const optional = (name: string, size: 1 | 2) =>
    header[name] === undefined ? null : number(name, size);
  const protocolVersion = optional('proto_ver', 1);
  const edition = protocolVersion === null ? '2013' : '2019';
  return {
    messageId: number('msg_id', 2),
    edition,
    encryption: number('encrypt', 1) & 0x07,
    length: number('len', 2) & 0x03ff,
    protocolVersion,
    phone: phoneIn(draft, header, edition),
    serial: number('msg_sn', 2),
    packetTotal: optional('frag_total', 2),
    packetIndex: optional('frag_sn', 2),
  };
}

function phoneIn(draft: Draft, header: Source, edition: Edition): string {
  const value = header['phone'];
  const most = edition === '2019' ? 20 : 12;
  const digits = digitsOf(value);
  if (digits !== null && digits.length <= most) return digits.padStart(most, '0');
  refuse(draft, { value, pointer: '/header/phone' }, `at most ${most} digits`);
  return '';
}

/** The body that was on the wire; of no meaning where the draft has a fault. */
function readBody(draft: Draft, { messageId, edition }: Head, place: ObjectPlace): Uint8Array {
  const source = objectIn(draft, place);
  if (source['unknown_id'] === true) {
    return bytesIn(draft, { value: source['data'], pointer: '/body/data' });
  }
  if (messageId === 0x0200) {
    const location = locationIn(draft, place, false);
    return encoded(draft, { messageId, edition }, { kind: 'location', ...location });
  }
  const layout = gatewayLayout(messageId, edition);
  if (layout === null) {
    return bytesIn(draft, { value: source['data'], pointer: '/body/data' });
  }
  const fields = readFields(draft, layout, { source, pointer: place.pointer });
  const form = layout.layout.kind === 'register' ? { form: edition } : {};
  return encoded(draft, { messageId, edition }, { kind: layout.layout.kind, ...form, ...fields });
}

function encoded(
  draft: Draft,
  { messageId, edition }: Pick<Head, 'messageId' | 'edition'>,
  body: BodyInput,
): Uint8Array {
  if (draft.fault !== null) return new Uint8Array(0);
  try {
    return encodeBody(messageId, edition, body);
  } catch (error) {
    // Each value is right by itself, and no body of the wire has room for it, such as a text of
    // 300 bytes whose length is one byte.
    if (!(error instanceof RangeError)) throw error;
    draft.fault = { pointer: '/body', detail: `a body of the wire wanted: ${error.message}` };
    return new Uint8Array(0);
  }
}

function asGateway(payload: Uint8Array, head: Head, bodyBytes: Uint8Array): Outcome<Jt808Frame> {
  const frame = frameOf(head, bodyBytes);
  if (frame.body.kind === 'part') {
    const detail = `a whole message wanted, found part ${head.packetIndex} of ${head.packetTotal}`;
    return kept(payload, frame, { code: 'part', offset: 0, detail });
  }
  if (head.encryption !== 0) {
    const detail = `encryption bits 000 wanted, found ${head.encryption.toString(2)}`;
    return kept(payload, frame, { code: 'encrypted', offset: 0, detail });
  }
  const outcome = decodeWhole(frame, bodyBytes, payload);
  const place = placeAt(payload, '/body', { at: 0, end: payload.length });
  const offset = place?.at ?? 0;
  switch (outcome.kind) {
    case 'accept':
    case 'answer':
      return { ...outcome, frame: { ...outcome.frame, codec: frame.codec } };
    case 'reject':
      return refused(payload, { ...outcome.reason, offset });
    default:
      return kept(payload, { ...outcome.frame, codec: frame.codec }, { ...outcome.reason, offset });
  }
}

function frameOf(head: Head, bodyBytes: Uint8Array): Jt808Frame {
  const { messageId, edition, encryption, length, packetTotal, packetIndex } = head;
  const isPart = packetTotal !== null && packetIndex !== null;
  const properties =
    length | (encryption << 10) | (isPart ? splitMask : 0) | (edition === '2019' ? versionMask : 0);
  return {
    codec: edition === '2019' ? 'jt808-2019-gateway' : 'jt808-2013-gateway',
    messageId,
    properties,
    protocolVersion: head.protocolVersion,
    phone: head.phone,
    serial: head.serial,
    packetTotal: isPart ? packetTotal : null,
    packetIndex: isPart ? packetIndex : null,
    bodyBytes,
    body: { kind: isPart && encryption === 0 ? 'part' : 'opaque', bytes: bodyBytes },
  };
}

function kept(payload: Uint8Array, frame: Jt808Frame, reason: Reason): Outcome<Jt808Frame> {
  return { kind: 'opaque', frame, reason, bytes: payload };
}

function wrong(payload: Uint8Array, fault: SchemaFault): Outcome<Jt808Frame> {
  return refused(payload, faultOf(payload, 'json_schema', fault));
}

function refused(bytes: Uint8Array, reason: Reason): Outcome<Jt808Frame> {
  return { kind: 'reject', frame: null, reason, bytes };
}
