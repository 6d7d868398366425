// The time of an envelope: epoch ms, or RFC 3339 text. A text without its zone tells no instant.

export interface EnvelopeTime {
  /** As sent: the digits, or the text without its quotes. */
  readonly raw: Buffer;
  /** Null for a time that cannot be used. */
  readonly epochMs: number | null;
}

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

export function readTime(ts: number | string): EnvelopeTime {
  const raw = Buffer.from(`${ts}`, 'utf8');
  return { raw, epochMs: typeof ts === 'number' ? usable(ts) : epochMsOf(ts) };
}

/** What Date can hold: 100 million days around 1970. */
function usable(epochMs: number): number | null {
  return Math.abs(epochMs) <= 8.64e15 ? epochMs : null;
}

function epochMsOf(text: string): number | null {
  const parts = rfc3339.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', zone = ''] = parts;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as Six;
  const offset = zoneOffsetMin(zone);
  if (offset === null || h > 23 || mi > 59 || s > 59) return null;
  const epochMs = Date.UTC(y, mo - 1, d, h, mi, s, Math.trunc(Number(`0${fraction}`) * 1000));
  // A day that its month does not have comes back as another date.
  const date = new Date(epochMs);
  if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d) return null;
  return epochMs - offset * 60_000;
}

type Six = [number, number, number, number, number, number];

function zoneOffsetMin(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
