// Frames as EMQX's gateway publishes them, slips included: for tests and the simulated fleet.
// Throws for what the gateway does not publish.

import { timeSize } from '../gb32960/device-time.ts';
import { editionOf } from '../gb32960/editions.ts';
import type { DeviceTime, Gb32960Frame, Item, Report, Signature } from '../gb32960/frame.ts';
import type { Parameters } from '../gb32960/frame-downlink.ts';
import { type Element, entriesOf } from '../gb32960/layout.ts';
import { signatureSize } from '../gb32960/read-signature.ts';
import { bodyLayouts, type GatewayLayout, type Key, type Keys, layouts } from './keys.ts';

type Json = Readonly<Record<string, unknown>>;

/** The payload of a frame that was read from bytes. */
export function buildGatewayMessage(frame: Gb32960Frame): Buffer {
  const { command, encryption, vin } = frame;
  const message = { Cmd: command, Encrypt: encryption, Vin: vin, Data: dataOf(frame) };
  return Buffer.from(JSON.stringify(message), 'utf8');
}

function dataOf(frame: Gb32960Frame): Json {
  const { body, command, codec } = frame;
  const { year } = editionOf(codec);
  switch (body.kind) {
    case 'report':
      return reportOf(body, frame);
    case 'parameterAnswer':
      return parametersOf(body);
    case 'opaque':
      return { Data: base64(body.bytes) };
    default: {
      const layout = bodyLayouts[year][command];
      if (layout === undefined) throw new RangeError(`no gateway message of a body ${body.kind}`);
      return fieldsOf(layout, body as unknown as Json);
    }
  }
}

function reportOf(report: Report, { dataUnit, codec }: Gb32960Frame): Json {
  const infos: Json[] = [];
  const known = Object.entries(layouts[editionOf(codec).year]);
  let at = timeSize;
  for (const item of report.items) {
    const entry = known.find(([, layout]) => layout.type === item.type);
    if (entry === undefined) break;
    infos.push({ Type: entry[0], ...fieldsOf(entry[1], item as Item & Json) });
    at += 1 + item.bytes.length;
  }
  const isAllKnown = infos.length === report.items.length;
  if (isAllKnown && report.signature !== null) {
    infos.push({ Type: 'Signature', ...signatureOf(report.signature) });
    at += 1 + signatureSize(report.signature);
  }
  if (at < dataUnit.length) infos.push({ Type: 'CustomData', Data: base64(dataUnit.subarray(at)) });
  return { Time: timeOf(report.time), Infos: infos };
}

function parametersOf({ time, count, params }: Parameters): Json {
  const told = params.map(({ id, value }) => ({ [`0x${hex(id, 2)}`]: value }));
  return { Time: timeOf(time), Total: count, Params: told };
}

function fieldsOf(
  { elements, keys }: Pick<GatewayLayout, 'elements' | 'keys'>,
  source: Json,
): Json {
  const told = elements.map((element, index) => {
    const key = keys[index] as Key;
    const name = typeof key === 'string' ? key : key.list;
    return [name, plainValue(element, source, typeof key === 'string' ? [] : key.entry)];
  });
  return Object.fromEntries(told);
}

function plainValue(element: Element, source: Json, entryKeys: Keys): unknown {
  const value = source[element.name];
  switch (element.kind) {
    case 'time':
      return timeOf(value as DeviceTime);
    case 'texts':
      return joined(value as readonly string[], source[element.sizeName] as number);
    case 'values': {
      if (element.element.role !== 'code') return value;
      const width = 'generalAlarmCount' in source ? 8 : 4;
      // What does not fit is asterisks: Erlang's way to print it.
      return (value as readonly number[]).map((code) =>
        code >= 16 ** width ? '*'.repeat(width) : hex(code, width),
      );
    }
    case 'records':
      return (value as readonly Json[]).map((entry) =>
        fieldsOf({ elements: element.entry, keys: entryKeys }, entry),
      );
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('hex');
    case 'signature':
      return signatureOf(value as Signature);
    default:
      return value;
  }
}

function timeOf({ raw }: DeviceTime): Json {
  const [Year, Month, Day, Hour, Minute, Second] = raw;
  return { Year, Month, Day, Hour, Minute, Second };
}

function signatureOf({ algorithm, r, s }: Signature): Json {
  return {
    SignatureType: algorithm,
    RLength: r.length,
    RValue: Buffer.from(r).toString('hex').toUpperCase(),
    SLength: s.length,
    SValue: Buffer.from(s).toString('hex').toUpperCase(),
  };
}

/** Padding stays between the codes, as it was on the wire. */
function joined(codes: readonly string[], size: number): string {
  return codes.map((code) => code.padEnd(entriesOf(size, 1), '\0')).join('');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function hex(value: number, width: number): string {
  return value.toString(16).toUpperCase().padStart(width, '0');
}
