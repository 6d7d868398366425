// How a JT/T 808 terminal recognises its answers: by message id, phone, serial and body. The frame
// is read here once more, so that a fault of the encoder cannot hide.

/** Header, body and check byte between two flags, without escapes; null for a wrong escape. */
export function contentOf(frame: Buffer): Buffer | null {
  const content: number[] = [];
  for (let at = 1; at < frame.length - 1; at += 1) {
    const byte = frame[at] as number;
    if (byte !== 0x7d) {
      content.push(byte);
      continue;
    }
    at += 1;
    const escaped = { 1: 0x7d, 2: 0x7e }[frame[at] as number];
    if (escaped === undefined) return null;
    content.push(escaped);
  }
  return Buffer.from(content);
}

export interface AnswerKeyParts {
  readonly messageId: number;
  /** Digits as in the header. */
  readonly phone: string;
  readonly serial: number;
  readonly body: Buffer;
}

const serverTime = 0x8004;

export function jt808KeyOf({ messageId, phone, serial, body }: AnswerKeyParts): string {
  // Nobody can foretell the platform's time.
  const text = messageId === serverTime ? `${body.length} bytes` : body.toString('hex');
  return `${messageId.toString(16)} ${phone} ${serial} ${text}`;
}

/** Null for bytes that are no intact frame. */
export function jt808AnswerKey(payload: Buffer): string | null {
  if (payload.length < 15 || payload.at(-1) !== 0x7e) return null;
  const content = contentOf(payload);
  if (content === null || content.reduce((xor, byte) => xor ^ byte, 0) !== 0) return null;
  const properties = content.readUInt16BE(2);
  const is2019 = (properties & 0x4000) !== 0;
  const phoneAt = is2019 ? 5 : 4;
  const serialAt = phoneAt + (is2019 ? 10 : 6);
  const body = content.subarray(serialAt + 2, -1);
  if (body.length !== (properties & 0x03ff)) return null;
  return jt808KeyOf({
    messageId: content.readUInt16BE(0),
    phone: content.toString('hex', phoneAt, serialAt),
    serial: content.readUInt16BE(serialAt),
    body,
  });
}
