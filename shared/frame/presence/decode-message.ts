// EMQX's `client.connected` and `client.disconnected` as a rule republishes them: one flat object.
// A rule chooses its fields, so only who and what must be there. EMQX writes a field that an event
// does not have as null or as "undefined".

import { faultOf } from '../json/faults.ts';
import { presenceLimits } from '../json/limits.ts';
import { readDocument } from '../json/read-document.ts';
import { foundName } from '../json/schema.ts';
import type { Outcome, Reason } from '../outcome.ts';
import type { PresenceFrame } from './frame.ts';

/** Always one outcome. Total. */
export function decodeMessage(payload: Uint8Array): readonly Outcome<PresenceFrame>[] {
  const read = readDocument(payload, presenceLimits);
  if (read.kind === 'fault') return [refused(payload, read.reason)];
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [wrong(payload, '', `an object wanted, found ${foundName(value)}`)];
  }
  return [decodeEvent(payload, value as Source)];
}

type Source = Readonly<Record<string, unknown>>;

function decodeEvent(payload: Uint8Array, source: Source): Outcome<PresenceFrame> {
  const event = eventOf(source['event']);
  if (event === null) {
    const found = foundName(source['event']);
    const detail = `client.connected or client.disconnected wanted, found ${found}`;
    return wrong(payload, '/event', detail);
  }
  for (const [name, { isGood, wanted }] of Object.entries(presenceFields)) {
    const value = source[name];
    if (isAbsent(value) && name !== 'clientid') continue;
    if (isGood(value)) continue;
    return wrong(payload, `/${name}`, `${wanted} wanted, found ${foundName(value)}`);
  }
  const frame = frameOf(payload, event, source);
  return { kind: 'accept', frame, reason: null, bytes: payload };
}

function eventOf(value: unknown): PresenceFrame['event'] | null {
  if (typeof value !== 'string') return null;
  const name = /^(?:\$events\/)?client[._/](connected|disconnected)$/.exec(value)?.[1];
  return (name as PresenceFrame['event'] | undefined) ?? null;
}

export interface Kind {
  readonly wanted: string;
  isGood(value: unknown): boolean;
}

const text: Kind = {
  wanted: 'a text of 1 to 1024 characters',
  isGood: (value) => typeof value === 'string' && value.length > 0 && value.length <= 1024,
};
const flag: Kind = { wanted: 'true or false', isGood: (value) => typeof value === 'boolean' };
const instant = wholeUpTo(8.64e15);

function wholeUpTo(most: number): Kind {
  return {
    wanted: `a whole number of 0 to ${most}`,
    isGood: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most,
  };
}

const versionOrText: Kind = {
  wanted: 'a number of 0 to 255 or a text',
  isGood: (value) => text.isGood(value) || wholeUpTo(255).isGood(value),
};

/** By their names in EMQX. */
export const presenceFields: Readonly<Record<string, Kind>> = {
  clientid: text,
  username: text,
  peername: text,
  ipaddress: text,
  proto_name: text,
  // Other protocols than MQTT have a text here.
  proto_ver: versionOrText,
  keepalive: wholeUpTo(65_535),
  clean_start: flag,
  expiry_interval: wholeUpTo(0xffff_ffff),
  connected_at: instant,
  disconnected_at: instant,
  timestamp: instant,
  reason: text,
  node: text,
};

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === 'undefined' || value === '';
}

function frameOf(
  payload: Uint8Array,
  event: PresenceFrame['event'],
  source: Source,
): PresenceFrame {
  const known = <T>(name: string): T | null => {
    const value = source[name];
    return isAbsent(value) ? null : (value as T);
  };
  const version = known<number | string>('proto_ver');
  return {
    codec: 'presence',
    event,
    clientId: source['clientid'] as string,
    connectedAt: known('connected_at'),
    disconnectedAt: known('disconnected_at'),
    saidAt: known('timestamp'),
    username: known('username'),
    ipAddress: known('peername') ?? known('ipaddress'),
    protocol: known('proto_name'),
    protocolVersion: typeof version === 'number' ? version : null,
    keepaliveS: known('keepalive'),
    isCleanStart: known('clean_start'),
    expiryS: known('expiry_interval'),
    reason: known('reason'),
    node: known('node'),
    others: Object.entries(source).filter(([name, value]) => isOther(name, value, source)),
    bytes: payload,
  };
}

function isOther(name: string, value: unknown, source: Source): boolean {
  if (name === 'event' || isAbsent(value)) return false;
  if (name === 'proto_ver') return typeof value === 'string';
  // Of two addresses the one with the port is the frame's.
  if (name === 'ipaddress') return !isAbsent(source['peername']);
  return !Object.hasOwn(presenceFields, name);
}

function wrong(payload: Uint8Array, pointer: string, detail: string): Outcome<PresenceFrame> {
  return refused(payload, faultOf(payload, 'json_schema', { pointer, detail }));
}

function refused(bytes: Uint8Array, reason: Reason): Outcome<PresenceFrame> {
  return { kind: 'reject', frame: null, reason, bytes };
}
