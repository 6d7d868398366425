// Frames that must be refused: each kind breaks one thing and knows the reason it must get.
// Neighbours in the same message must be stored all the same.

import type { RejectCode } from '#shared/frame/outcome.ts';
import type { Random } from './random.ts';
import {
  type Built,
  buildReport,
  collect,
  commands,
  frameOf,
  reportBody,
  type Terminal,
} from './terminal.ts';

export type BadKind = keyof typeof builders;

export interface BadScene {
  readonly at: number;
  readonly random: Random;
  /** VIN of another car. */
  readonly foreignVin: string;
  /** Of the bridge: a longer payload is refused unread. */
  readonly payloadBytesMax: number;
}

/** The frames of one message, bad and good, in the order of the bytes. */
export function buildBad(kind: BadKind, terminal: Terminal, scene: BadScene): readonly Built[] {
  const parts = builders[kind](terminal, scene);
  return parts.map((part) => ('expected' in part ? part : refusedOf(terminal, kind, part)));
}

interface Refused {
  readonly bytes: Buffer;
  readonly reason: RejectCode;
}

type Builder = (terminal: Terminal, scene: BadScene) => readonly (Refused | Built)[];

const headerSize = 24;
const lengthAt = 22;
const smallestFrame = 25;

const builders = {
  checksum_wrong: (terminal, scene) => [checksumWrong(terminal, scene)],
  length_too_small: (terminal, { at, random }) => {
    const bytes = reportBytes(terminal, at);
    let length = bytes.readUInt16BE(lengthAt);
    // One shorter length in 256 has a right check byte by chance.
    do length -= random.integer(1, 9);
    while (isCheckByteRight(bytes, length));
    bytes.writeUInt16BE(length, lengthAt);
    return [{ bytes, reason: 'frame_checksum' }];
  },
  length_too_large: (terminal, { at, random }) => {
    const bytes = reportBytes(terminal, at);
    bytes.writeUInt16BE(bytes.readUInt16BE(lengthAt) + random.integer(1, 200), lengthAt);
    return [{ bytes, reason: 'frame_truncated' }];
  },
  length_reserved: (terminal, { at, random }) => {
    const bytes = reportBytes(terminal, at);
    bytes.writeUInt16BE(random.integer(65_532, 65_535), lengthAt);
    return [{ bytes, reason: 'frame_length' }];
  },
  cut_in_body: (terminal, { at, random }) => {
    const bytes = reportBytes(terminal, at);
    const left = random.integer(smallestFrame, bytes.length - 1);
    return [{ bytes: bytes.subarray(0, left), reason: 'frame_truncated' }];
  },
  cut_in_header: (terminal, { at, random }) => {
    const bytes = reportBytes(terminal, at).subarray(0, random.integer(2, headerSize));
    return [{ bytes, reason: 'frame_truncated' }];
  },
  start_wrong: (terminal, { at, random }) => {
    const bytes = reportBytes(terminal, at);
    bytes[random.integer(0, 1)] = 0x7e;
    return [{ bytes, reason: 'frame_start' }];
  },
  vin_of_another: (terminal, { at, foreignVin: vin }) => {
    const body = reportBody(terminal, collect(terminal, at));
    const bytes = frameOf(terminal, { command: commands.report, vin, body });
    return [{ bytes, reason: 'identity_mismatch' }];
  },
  garbage: (_terminal, { random }) => [garbage(random)],
  empty: () => [{ bytes: Buffer.alloc(0), reason: 'frame_empty' }],
  login_too_short: (terminal, { random }) => {
    const unit = Buffer.concat([random.bytes(random.integer(6, 28)), Buffer.of(1)]);
    const body = { kind: 'opaque', bytes: unit } as const;
    const bytes = frameOf(terminal, { command: commands.login, vin: terminal.vehicleId, body });
    return [{ bytes, reason: 'body_truncated' }];
  },
  report_without_time: (terminal, { random }) => {
    const body = { kind: 'opaque', bytes: random.bytes(random.integer(0, 5)) } as const;
    const bytes = frameOf(terminal, { command: commands.report, vin: terminal.vehicleId, body });
    return [{ bytes, reason: 'body_truncated' }];
  },
  oversize: (terminal, { at, payloadBytesMax }) => {
    const report = reportBytes(terminal, at);
    const copies = Math.ceil((payloadBytesMax + 1) / report.length);
    const bytes = Buffer.concat(Array.from({ length: copies }, () => report));
    return [{ bytes, reason: 'payload_oversize' }];
  },
  good_then_bad: (terminal, scene) => [good(terminal, scene), checksumWrong(terminal, scene)],
  bad_then_good: (terminal, scene) => [checksumWrong(terminal, scene), good(terminal, scene)],
  garbage_between: (terminal, scene) => [
    good(terminal, scene),
    garbage(scene.random),
    good(terminal, scene),
  ],
} satisfies Readonly<Record<string, Builder>>;

export const badKinds = Object.keys(builders) as BadKind[];

/**
 * One bad frame in forty of those drawn by chance is oversize: it weighs as much as 200 reports.
 */
export function pickBadKind(random: Random): BadKind {
  const kind = random.pick(badKinds);
  return kind === 'oversize' && random.chance(0.6) ? 'checksum_wrong' : kind;
}

function refusedOf(terminal: Terminal, kind: BadKind, { bytes, reason }: Refused): Built {
  const { vehicleId, mqttTopic, expectations } = terminal;
  return { bytes, expected: expectations.refused(vehicleId, bytes, { kind, reason, mqttTopic }) };
}

function good(terminal: Terminal, { at }: BadScene): Built {
  return buildReport(terminal, collect(terminal, at), 'report');
}

function reportBytes(terminal: Terminal, at: number): Buffer {
  return buildReport(terminal, collect(terminal, at), 'report').bytes;
}

function checksumWrong(terminal: Terminal, { at, random }: BadScene): Refused {
  const bytes = reportBytes(terminal, at);
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] as number) ^ random.integer(1, 255);
  return { bytes, reason: 'frame_checksum' };
}

/** Without any byte of a start, so that nothing in it can look like a frame. */
function garbage(random: Random): Refused {
  const bytes = random.bytes(random.integer(1, 300));
  return { bytes: bytes.map((byte) => byte & 0x1f) as Buffer, reason: 'frame_start' };
}

function isCheckByteRight(bytes: Buffer, length: number): boolean {
  const checkAt = headerSize + length;
  let xor = 0;
  for (let at = 2; at < checkAt; at += 1) {
    // The two bytes of the length are not written yet.
    const byte = at === lengthAt ? length >> 8 : at === lengthAt + 1 ? length & 0xff : bytes[at];
    xor ^= byte as number;
  }
  return xor === bytes[checkAt];
}
