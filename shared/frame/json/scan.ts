// RFC 8259 checked byte by byte, before anything is built: syntax, limits, Unicode and keys, in one
// pass whose cost is the payload's length.
//
//   value = object | array | string | number | true | false | null

import type { Reason } from '../outcome.ts';
import { keyTable } from './key-table.ts';
import { containerBytesMin, containersFree, type JsonLimits } from './limits.ts';
import { scanNumber, scanString } from './scan-scalars.ts';
import { byteName, fail, type Scan } from './scan-state.ts';

/** One value of the payload that stands for itself: the payload's own, or one of its array. */
export interface ScannedDocument {
  readonly at: number;
  readonly end: number;
  /** A key that is forbidden or stands twice; its offset is from the payload's start. */
  readonly fault: Reason | null;
  /** Begin and end of each integer beyond ±(2^53 - 1), one after the other. */
  readonly wideIntegers: readonly number[];
}

export type Scanned =
  | {
      readonly kind: 'json';
      readonly documents: readonly ScannedDocument[];
      /** They are the values of an array. */
      readonly isArray: boolean;
    }
  | { readonly kind: 'fault'; readonly reason: Reason };

/** Total: any bytes are an answer. Reads as far as the first fault that is not a key's. */
export function scanJson(bytes: Uint8Array, limits: JsonLimits): Scanned {
  const scan: Scan = {
    bytes,
    limits,
    containersMax: containersFree + Math.floor(bytes.length / containerBytesMin),
    isArray: false,
    at: 0,
    hasEscape: false,
    depth: 0,
    containerCount: 0,
    memberCount: 0,
    elementCount: 0,
    reason: null,
    keyFault: null,
    wideIntegers: [],
  };
  const documents: ScannedDocument[] = [];
  const isRead = scanPayload(scan, documents);
  keyTable.clear();
  if (isRead) return { kind: 'json', documents, isArray: scan.isArray };
  return { kind: 'fault', reason: scan.reason as Reason };
}

function scanPayload(scan: Scan, documents: ScannedDocument[]): boolean {
  const { bytes } = scan;
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return fail(scan, 'json_syntax', 0, 'JSON without a byte order mark wanted, found one');
  }
  skipSpace(scan);
  scan.isArray = bytes[scan.at] === openBracket && scan.limits.documentsMax > 0;
  const isRead = scan.isArray ? scanDocuments(scan, documents) : scanDocument(scan, documents);
  if (!isRead) return false;
  skipSpace(scan);
  if (scan.at === bytes.length) return true;
  const found = byteName(bytes[scan.at]);
  return fail(scan, 'json_syntax', scan.at, `the end of the payload wanted, found ${found}`);
}

function scanDocument(scan: Scan, documents: ScannedDocument[]): boolean {
  scan.keyFault = null;
  scan.wideIntegers = [];
  const at = scan.at;
  if (!scanValue(scan)) return false;
  documents.push({ at, end: scan.at, fault: scan.keyFault, wideIntegers: scan.wideIntegers });
  return true;
}

function scanDocuments(scan: Scan, documents: ScannedDocument[]): boolean {
  const { bytes, limits } = scan;
  if (!enter(scan)) return false;
  if (bytes[scan.at] === closeBracket) return leave(scan);
  for (;;) {
    if (documents.length === limits.documentsMax) {
      const detail = `an array of at most ${limits.documentsMax} envelopes wanted, found more`;
      return fail(scan, 'json_limit', scan.at, detail);
    }
    if (!scanDocument(scan, documents)) return false;
    skipSpace(scan);
    if (bytes[scan.at] === closeBracket) return leave(scan);
    if (!expect(scan, comma, '"," or "]"')) return false;
  }
}

function scanValue(scan: Scan): boolean {
  switch (scan.bytes[scan.at]) {
    case openBrace:
      return scanObject(scan);
    case openBracket:
      return scanArray(scan);
    case 0x22:
      return scanString(scan, scan.limits.stringBytesMax);
    case 0x66:
      return scanWord(scan, falseWord);
    case 0x6e:
      return scanWord(scan, nullWord);
    case 0x74:
      return scanWord(scan, trueWord);
    default:
      return scanNumber(scan);
  }
}

function scanObject(scan: Scan): boolean {
  const { bytes, limits } = scan;
  if (!enter(scan)) return false;
  const owner = scan.containerCount;
  if (bytes[scan.at] === closeBrace) return leave(scan);
  for (;;) {
    if (scan.memberCount === limits.membersMax) {
      const detail = `at most ${limits.membersMax} keys wanted, found more`;
      return fail(scan, 'json_limit', scan.at, detail);
    }
    scan.memberCount += 1;
    if (!scanKey(scan, owner)) return false;
    skipSpace(scan);
    if (!expect(scan, 0x3a, '":"')) return false;
    if (!scanValue(scan)) return false;
    skipSpace(scan);
    if (bytes[scan.at] === closeBrace) return leave(scan);
    if (!expect(scan, comma, '"," or "}"')) return false;
  }
}

function scanKey(scan: Scan, owner: number): boolean {
  const at = scan.at;
  if (scan.bytes[at] !== 0x22) {
    return fail(scan, 'json_syntax', at, `a key wanted, found ${byteName(scan.bytes[at])}`);
  }
  if (!scanString(scan, scan.limits.keyBytesMax)) return false;
  // A wrong key is the fault of its document alone: the bytes around it are still JSON.
  const wrong = keyTable.add(scan.bytes, {
    at: at + 1,
    end: scan.at - 1,
    owner,
    isEscaped: scan.hasEscape,
  });
  if (wrong !== null) scan.keyFault ??= { code: 'json_key', offset: at, detail: wrong };
  return true;
}

function scanArray(scan: Scan): boolean {
  const { bytes, limits } = scan;
  if (!enter(scan)) return false;
  if (bytes[scan.at] === closeBracket) return leave(scan);
  for (;;) {
    if (scan.elementCount === limits.elementsMax) {
      const detail = `at most ${limits.elementsMax} values in arrays wanted, found more`;
      return fail(scan, 'json_limit', scan.at, detail);
    }
    scan.elementCount += 1;
    if (!scanValue(scan)) return false;
    skipSpace(scan);
    if (bytes[scan.at] === closeBracket) return leave(scan);
    if (!expect(scan, comma, '"," or "]"')) return false;
  }
}

/** Steps over the opening bracket and the space behind it. */
function enter(scan: Scan): boolean {
  if (scan.depth === scan.limits.depthMax) {
    const detail = `at most ${scan.depth} objects and arrays inside each other wanted, found more`;
    return fail(scan, 'json_limit', scan.at, detail);
  }
  if (scan.containerCount === scan.containersMax) {
    const detail = `at most ${scan.containersMax} objects and arrays wanted, found more`;
    return fail(scan, 'json_limit', scan.at, detail);
  }
  scan.depth += 1;
  scan.containerCount += 1;
  scan.at += 1;
  skipSpace(scan);
  return true;
}

function leave(scan: Scan): true {
  scan.depth -= 1;
  scan.at += 1;
  return true;
}

/** Steps over one byte and the space behind it. */
function expect(scan: Scan, byte: number, wanted: string): boolean {
  const found = scan.bytes[scan.at];
  if (found !== byte) {
    return fail(scan, 'json_syntax', scan.at, `${wanted} wanted, found ${byteName(found)}`);
  }
  scan.at += 1;
  skipSpace(scan);
  return true;
}

function scanWord(scan: Scan, word: Uint8Array): boolean {
  for (const byte of word) {
    const found = scan.bytes[scan.at];
    if (found !== byte) {
      const detail = `${String.fromCharCode(...word)} wanted, found ${byteName(found)}`;
      return fail(scan, 'json_syntax', scan.at, detail);
    }
    scan.at += 1;
  }
  return true;
}

function skipSpace(scan: Scan): void {
  const { bytes } = scan;
  for (;;) {
    const byte = bytes[scan.at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    scan.at += 1;
  }
}

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const trueWord = Uint8Array.of(0x74, 0x72, 0x75, 0x65);
const falseWord = Uint8Array.of(0x66, 0x61, 0x6c, 0x73, 0x65);
const nullWord = Uint8Array.of(0x6e, 0x75, 0x6c, 0x6c);
