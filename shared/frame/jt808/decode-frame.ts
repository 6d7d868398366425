// One un-escaped frame to what it is, by the order of checks that the standard implies: check byte,
// header, length, encryption, split, and only then the body.

import type { Outcome, RejectCode } from '../outcome.ts';
import { encryptionMask, encryptionOf, type Jt808Frame, splitMask } from './frame.ts';
import { hexId } from './integers.ts';
import type { Edition } from './layout.ts';
import { faultOf, type Header, readHeader, shapeOf } from './outer-frame.ts';
import { readBody } from './read-body.ts';

export type Decoded =
  | { readonly kind: 'accept'; readonly frame: Jt808Frame; readonly fault: null }
  | { readonly kind: 'opaque'; readonly frame: Jt808Frame; readonly fault: ContentFault<KeepCode> }
  | { readonly kind: 'reject'; readonly frame: null; readonly fault: ContentFault<RejectCode> };

type KeepCode = 'encrypted' | 'part' | 'command_unknown';

/** `at` lies in the un-escaped content. */
export interface ContentFault<C> {
  readonly code: C;
  readonly at: number;
  readonly detail: string;
}

/** `content`: header, body and check byte, un-escaped. */
export function decodeContent(content: Uint8Array): Decoded {
  const outer = faultOf(content);
  if (outer !== null) return { kind: 'reject', frame: null, fault: outer };
  const header = readHeader(content);
  const bodyAt = shapeOf(header.properties).size;
  const bodyBytes = content.subarray(bodyAt, content.length - 1);
  const { properties } = header;
  if ((properties & encryptionMask) !== 0) {
    const detail = `encryption bits 000 wanted, found ${bitsOf(header)}`;
    return opaque(header, bodyBytes, { code: 'encrypted', at: 2, detail });
  }
  if ((properties & splitMask) !== 0) {
    const { packetIndex, packetTotal } = header;
    const detail = `a whole message wanted, found part ${packetIndex} of ${packetTotal}`;
    const fault = { code: 'part', at: bodyAt, detail } as const;
    const frame = frameOf(header, bodyBytes, { kind: 'part', bytes: bodyBytes });
    return { kind: 'opaque', frame, fault };
  }
  return decodeClear(header, bodyBytes, bodyAt);
}

/**
 * The message of which `part` is the first part, from the bodies of all its parts in their order.
 * `bytes` stand for it where it is refused.
 */
export function decodeWhole(
  part: Jt808Frame,
  bodyBytes: Uint8Array,
  bytes: Uint8Array,
): Outcome<Jt808Frame> {
  const properties = part.properties & ~splitMask;
  const whole = { ...part, properties, packetTotal: null, packetIndex: null };
  const decoded = decodeClear({ ...whole, edition: editionOf(part) }, bodyBytes, 0);
  if (decoded.kind === 'accept') {
    return { kind: 'accept', frame: decoded.frame, reason: null, bytes };
  }
  const { code, at: offset, detail } = decoded.fault;
  const reason = { code, offset, detail };
  if (decoded.kind === 'reject') return { kind: 'reject', frame: null, reason, bytes };
  return { kind: 'opaque', frame: decoded.frame, reason, bytes };
}

/** By the name of the codec, which a gateway's frame has too. */
export function editionOf({ codec }: Pick<Jt808Frame, 'codec'>): Edition {
  return codec === 'jt808-2019' || codec === 'jt808-2019-gateway' ? '2019' : '2013';
}

function decodeClear(header: Header, bodyBytes: Uint8Array, bodyAt: number): Decoded {
  const { messageId, edition } = header;
  const read = readBody(messageId, edition, bodyBytes);
  switch (read.kind) {
    case 'read':
      return { kind: 'accept', frame: frameOf(header, bodyBytes, read.body), fault: null };
    case 'refused': {
      const { code, at, detail } = read.fault;
      const fault = { code, at: bodyAt + at, detail: `${hexId(messageId)}: ${detail}` };
      return { kind: 'reject', frame: null, fault };
    }
    case 'unknown': {
      const detail = `message with a layout wanted, found ${hexId(messageId)}`;
      return opaque(header, bodyBytes, { code: 'command_unknown', at: 0, detail });
    }
  }
}

function opaque(
  header: Header,
  bodyBytes: Uint8Array,
  fault: ContentFault<'encrypted' | 'command_unknown'>,
): Decoded {
  return {
    kind: 'opaque',
    frame: frameOf(header, bodyBytes, { kind: 'opaque', bytes: bodyBytes }),
    fault,
  };
}

function frameOf(header: Header, bodyBytes: Uint8Array, body: Jt808Frame['body']): Jt808Frame {
  return {
    codec: header.edition === '2019' ? 'jt808-2019' : 'jt808-2013',
    messageId: header.messageId,
    properties: header.properties,
    protocolVersion: header.protocolVersion,
    phone: header.phone,
    serial: header.serial,
    packetTotal: header.packetTotal,
    packetIndex: header.packetIndex,
    bodyBytes,
    body,
  };
}

function bitsOf(header: Header): string {
  return encryptionOf(header).toString(2).padStart(3, '0');
}
