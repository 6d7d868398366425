// What a platform answers to a terminal: the general answer, and to three messages one of their
// own. Everything follows from the message itself, its serial too, so that the same message gets
// the same answer again whoever gives it.

import type { Reason } from '../outcome.ts';
import { authCodeOf } from './auth-code.ts';
import { digitsOfInstant } from './bcd.ts';
import { editionOf } from './decode-frame.ts';
import type { BodyInput } from './encode-body.ts';
import { buildFrame } from './encode-frame.ts';
import type { Jt808Frame } from './frame.ts';
import { messageName } from './message-ids.ts';
import { faultOf, findFlags, type Header, readHeader, unescaped } from './outer-frame.ts';

/**
 * Which code of 0x0102 is good: `any`, or only the `own` one that this platform gives on
 * registration. A terminal that was registered elsewhere has another.
 */
export type AuthPolicy = 'any' | 'own';

export interface AnswerOptions {
  /** Epoch ms: the time that a terminal is told which asks for it. */
  readonly nowAt: number;
  /** `any` where it is left out: the broker knows already who is connected. */
  readonly auth?: AuthPolicy;
}

/** Table of 0x8001: what became of a message. */
const results = { ok: 0, failed: 1, wrong: 2, notSupported: 3 } as const;

/**
 * Null for what is not answered: an answer of the terminal, a message of a platform, and an
 * encrypted registration or authentication, of which nobody here can say whether it is good.
 */
export function answerTo(frame: Jt808Frame, { nowAt, auth = 'any' }: AnswerOptions): Buffer | null {
  const head = { ...frame, edition: editionOf(frame) };
  if (!wantsAnswer(head.messageId)) return null;
  const { body, messageId } = frame;
  if (messageId === 0x0100) return body.kind === 'register' ? registered(head) : null;
  if (messageId === 0x0102) {
    if (body.kind !== 'auth') return null;
    const isGood = auth === 'any' || body.authCode === authCodeOf(frame.phone);
    return general(head, isGood ? results.ok : results.failed);
  }
  if (messageId === 0x0004) {
    return send(head, 0x8004, { kind: 'serverTime', serverTimeBcd: digitsOfInstant(nowAt) });
  }
  // Its key would be answered by a key of ours, which we do not have.
  if (messageId === 0x0a00) return general(head, results.notSupported);
  return general(head, results.ok);
}

/**
 * The same for the bytes of a refused frame: `wrong message` for a body that is no body, `failed`
 * for what could not be kept; null when the frame itself is broken, since then nobody knows whose
 * it is.
 */
export function answerToRefused(bytes: Uint8Array, reason: Reason | null = null): Buffer | null {
  const head = headOf(bytes);
  if (head === null || !wantsAnswer(head.messageId)) return null;
  const isFailed = reason !== null && !reason.code.startsWith('body_');
  return general(head, isFailed ? results.failed : results.wrong);
}

/** Reports are answered only where a setting says so. */
export function isReport({ messageId }: Pick<Jt808Frame, 'messageId'>): boolean {
  return messageId === 0x0200 || messageId === 0x0704;
}

type Head = Pick<Header, 'edition' | 'messageId' | 'phone' | 'serial' | 'protocolVersion'>;

/** Uplink ids are below 0x8000; makers have 0xE000 to 0xEFFF. */
function wantsAnswer(messageId: number): boolean {
  if (messageId >= 0x8000 && (messageId < 0xe000 || messageId > 0xefff)) return false;
  return messageName(messageId)?.isAnswer !== true;
}

function general(head: Head, result: number): Buffer {
  return send(head, 0x8001, {
    kind: 'generalAnswer',
    answerSeq: head.serial,
    answerId: head.messageId,
    result,
    trailing: null,
  });
}

function registered(head: Head): Buffer {
  return send(head, 0x8100, {
    kind: 'registerAnswer',
    answerSeq: head.serial,
    result: results.ok,
    authCode: authCodeOf(head.phone),
    trailing: null,
  });
}

function send(head: Head, messageId: number, body: BodyInput): Buffer {
  const { edition, phone, serial, protocolVersion } = head;
  const version = protocolVersion === null ? {} : { protocolVersion };
  return buildFrame({ messageId, edition, phone, serial, ...version, body });
}

/** Null for bytes that are no intact frame. */
function headOf(bytes: Uint8Array): Header | null {
  const { open, close } = findFlags(bytes);
  if (close === -1) return null;
  const content = unescaped(bytes.subarray(open + 1, close), 0);
  if (!(content instanceof Uint8Array) || faultOf(content) !== null) return null;
  return readHeader(content);
}
