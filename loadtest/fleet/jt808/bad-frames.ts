// Frames of a JT/T 808 terminal that must be refused: each kind breaks one thing and knows the
// reason it must get. Neighbours in the same message must be stored all the same.

import { buildFrame } from '#shared/frame/jt808/encode-frame.ts';
import { escaped } from '#shared/frame/jt808/outer-frame.ts';
import type { RejectCode } from '#shared/frame/outcome.ts';
import type { Random } from '../random.ts';
import type { BadScene } from '../speaker.ts';
import { contentOf } from './answer-key.ts';
import { type Jt808BadKind, jt808BadKinds } from './kinds.ts';
import { collect, locationOf } from './location.ts';
import { buildLocation } from './messages.ts';
import { type Built, type Jt808Terminal, refused, send } from './terminal.ts';

/** One in forty of those drawn by chance is oversize: it weighs as much as hundreds. */
export function pickJt808Bad(terminal: Jt808Terminal, random: Random): Jt808BadKind {
  const kind = random.pick(jt808BadKinds);
  if (kind === 'oversize' && random.chance(0.7)) return 'checksum_wrong';
  // A phone is only compared with a vehicleId that is one.
  return kind === 'phone_of_another' && terminal.terminalId !== null ? 'checksum_wrong' : kind;
}

/** The frames of one message, bad and good, in the order of the bytes. */
export function buildJt808Bad(
  kind: Jt808BadKind,
  terminal: Jt808Terminal,
  scene: BadScene,
): readonly Built[] {
  return builders[kind](terminal, scene).map((part) =>
    'expected' in part ? part : refused(terminal, part.bytes, { kind, reason: part.reason }),
  );
}

interface Refused {
  readonly bytes: Buffer;
  readonly reason: RejectCode;
}

type Builder = (terminal: Jt808Terminal, scene: BadScene) => readonly (Refused | Built)[];

const builders: Readonly<Record<Jt808BadKind, Builder>> = {
  checksum_wrong: (terminal, scene) => [checksumWrong(terminal, scene)],
  length_wrong: (terminal, scene) => {
    const content = contentAt(terminal, scene);
    content.writeUInt16BE(content.readUInt16BE(2) + scene.random.integer(1, 9), 2);
    return [{ bytes: resealed(content), reason: 'frame_length' }];
  },
  header_short: (terminal, scene) => {
    const content = contentAt(terminal, scene).subarray(0, scene.random.integer(6, 12));
    return [{ bytes: resealed(content), reason: 'frame_header' }];
  },
  escape_wrong: (terminal, scene) => {
    const frame = frameAt(terminal, scene);
    const wrong = Buffer.of(0x7d, scene.random.integer(3, 0x7c));
    const bytes = Buffer.concat([frame.subarray(0, 3), wrong, frame.subarray(3)]);
    return [{ bytes, reason: 'frame_escape' }];
  },
  cut_in_frame: (terminal, scene) => {
    const frame = frameAt(terminal, scene);
    const bytes = frame.subarray(0, scene.random.integer(2, frame.length - 1));
    return [{ bytes, reason: 'frame_truncated' }];
  },
  garbage: (_terminal, { random }) => {
    // Without a flag, so that nothing in it can look like a frame.
    const bytes = random.bytes(random.integer(1, 300)).map((byte) => byte & 0x1f) as Buffer;
    return [{ bytes, reason: 'frame_start' }];
  },
  empty: () => [{ bytes: Buffer.alloc(0), reason: 'frame_empty' }],
  phone_of_another: (terminal, { at, stranger }) => {
    const { edition } = terminal;
    // Digits that no car of the fleet has.
    const phone = `199${stranger.car.iccid.slice(-8)}`;
    const location = locationOf(terminal, collect(terminal, at));
    const serial = terminal.nextSerial();
    const body = { kind: 'location', ...location } as const;
    const bytes = buildFrame({ messageId: 0x0200, edition, phone, serial, body });
    return [{ bytes, reason: 'identity_mismatch' }];
  },
  location_short: (terminal, { random }) => {
    const body = { kind: 'opaque', bytes: random.bytes(random.integer(1, 27)) } as const;
    return [{ bytes: send(terminal, 0x0200, body).bytes, reason: 'body_truncated' }];
  },
  oversize: (terminal, scene) => {
    const frame = frameAt(terminal, scene);
    const copies = Math.ceil((scene.payloadBytesMax + 1) / frame.length);
    const bytes = Buffer.concat(Array.from({ length: copies }, () => frame));
    return [{ bytes, reason: 'payload_oversize' }];
  },
  good_then_bad: (terminal, scene) => [
    buildLocation(terminal, collect(terminal, scene.at)),
    checksumWrong(terminal, scene),
  ],
  bad_then_good: (terminal, scene) => [
    checksumWrong(terminal, scene),
    buildLocation(terminal, collect(terminal, scene.at)),
  ],
};

function checksumWrong(terminal: Jt808Terminal, scene: BadScene): Refused {
  const content = contentAt(terminal, scene);
  const last = content.length - 1;
  content[last] = (content[last] as number) ^ scene.random.integer(1, 255);
  return { bytes: escaped(content), reason: 'frame_checksum' };
}

function frameAt(terminal: Jt808Terminal, { at }: BadScene): Buffer {
  return buildLocation(terminal, collect(terminal, at)).bytes;
}

function contentAt(terminal: Jt808Terminal, scene: BadScene): Buffer {
  const content = contentOf(frameAt(terminal, scene));
  if (content === null) throw new Error('a frame of ours has a wrong escape');
  return content;
}

/** With a right check byte at its end. */
function resealed(content: Buffer): Buffer {
  const last = content.length - 1;
  content[last] = content.subarray(0, last).reduce((xor, byte) => xor ^ byte, 0);
  return escaped(content);
}
