// Envelopes that are out of the ordinary and must be kept all the same, and those that must be
// refused: each kind breaks one thing and knows the reason it must get.

import type { RejectCode } from '#shared/frame/outcome.ts';
import type { Random } from '../random.ts';
import type { BadScene, OddScene } from '../speaker.ts';
import { type JsonBadKind, type JsonOddKind, jsonBadKinds } from './kinds.ts';
import { type Built, buildReport, collect, type JsonTerminal, refused } from './terminal.ts';

/** The envelopes of one message. */
export function buildJsonOdd(
  kind: JsonOddKind,
  terminal: JsonTerminal,
  scene: OddScene,
): readonly Built[] {
  return oddBuilders[kind](terminal, scene);
}

type OddBuilder = (terminal: JsonTerminal, scene: OddScene) => readonly Built[];

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

const oddBuilders: Readonly<Record<JsonOddKind, OddBuilder>> = {
  two_envelopes: (terminal, { at }) => [
    buildReport(terminal, collect(terminal, at), { kind: 'two_envelopes' }),
    buildReport(terminal, collect(terminal, at), { kind: 'two_envelopes' }),
  ],
  id_missing: (terminal, { at }) => [
    buildReport(terminal, collect(terminal, at), { kind: 'id_missing', hasNoId: true }),
  ],
  integer_wide: (terminal, { at, random }) => {
    const wideInteger = `9007199254740993${random.integer(0, 999)}`;
    return [buildReport(terminal, collect(terminal, at), { kind: 'integer_wide', wideInteger })];
  },
  value_out_of_range: (terminal, { at, random }) => {
    const odds = { kind: 'value_out_of_range', speedKmh: random.integer(501, 900) } as const;
    return [buildReport(terminal, collect(terminal, at), odds)];
  },
  clock_unusable: (terminal, { at }) => {
    const clock = { eventTime: null, clockState: 'unusable' };
    const odds = { kind: 'clock_unusable', ts: '2026-02-30T00:00:00Z', clock } as const;
    return [buildReport(terminal, collect(terminal, at), odds)];
  },
  clock_future: (terminal, { at }) => {
    const clock = { eventTime: null, clockState: 'future' };
    const odds = { kind: 'clock_future', ts: at + hourMs, clock } as const;
    return [buildReport(terminal, collect(terminal, at), odds)];
  },
  clock_stale: (terminal, { at }) => {
    const stoppedAt = at - 30 * dayMs;
    const clock = { eventTime: stoppedAt, clockState: 'stale' };
    const odds = { kind: 'clock_stale', ts: stoppedAt, clock } as const;
    return [buildReport(terminal, collect(terminal, at), odds)];
  },
};

/** One in forty of those drawn by chance is oversize. */
export function pickJsonBad(random: Random): JsonBadKind {
  const kind = random.pick(jsonBadKinds);
  return kind === 'oversize' && random.chance(0.7) ? 'cut_in_text' : kind;
}

/** The envelopes of one message, bad and good, in the order of the bytes. */
export function buildJsonBad(
  kind: JsonBadKind,
  terminal: JsonTerminal,
  scene: BadScene,
): readonly Built[] {
  return badBuilders[kind](terminal, scene).map((part) =>
    'expected' in part ? part : refused(terminal, part.bytes, { kind, reason: part.reason }),
  );
}

interface Refused {
  readonly bytes: Buffer;
  readonly reason: RejectCode;
}

type BadBuilder = (terminal: JsonTerminal, scene: BadScene) => readonly (Refused | Built)[];

const badBuilders: Readonly<Record<JsonBadKind, BadBuilder>> = {
  cut_in_text: (terminal, scene) => {
    const { bytes } = buildReport(terminal, collect(terminal, scene.at));
    const left = scene.random.integer(1, bytes.length - 1);
    return [{ bytes: bytes.subarray(0, left), reason: 'json_syntax' }];
  },
  surrogate_alone: textRefused('json_unicode', ({ at }) => `{"v":1,"ts":${at},"id":"\\ud83d"}`),
  too_deep: textRefused('json_limit', ({ random }) => {
    const depth = random.integer(20, 4000);
    return `${'['.repeat(depth)}1${']'.repeat(depth)}`;
  }),
  key_twice: textRefused('json_key', ({ at }) => `{"v":1,"ts":${at},"ts":${at + 1}}`),
  key_forbidden: textRefused('json_key', ({ at }) => {
    return `{"v":1,"ts":${at},"signals":{"__proto__":1}}`;
  }),
  version_unknown: textRefused('json_version', ({ at }) => `{"v":2,"ts":${at}}`),
  name_unknown: textRefused('json_schema', ({ at, random }) => {
    return `{"v":1,"ts":${at},"vehicle":{"speed":${random.integer(0, 120)}}}`;
  }),
  vin_of_another: (_terminal, { at, stranger }) => {
    const bytes = Buffer.from(JSON.stringify({ v: 1, ts: at, vin: stranger.car.vin }));
    return [{ bytes, reason: 'identity_mismatch' }];
  },
  garbage: textRefused('json_syntax', ({ random }) => `fw${random.integer(0, 2 ** 31)}`),
  empty: () => [{ bytes: Buffer.alloc(0), reason: 'frame_empty' }],
  oversize: ({ vehicleId }, { at, payloadBytesMax }) => {
    const text = JSON.stringify({ v: 1, ts: at, vin: vehicleId });
    const bytes = Buffer.from(text.padEnd(payloadBytesMax + 1, ' '));
    return [{ bytes, reason: 'payload_oversize' }];
  },
  good_then_bad: (terminal, scene) => [
    buildReport(terminal, collect(terminal, scene.at)),
    { bytes: Buffer.from(`{"v":1,"ts":${scene.at},"alarms":{}}`), reason: 'json_schema' },
  ],
};

function textRefused(reason: RejectCode, textOf: (scene: BadScene) => string): BadBuilder {
  return (_terminal, scene) => [{ bytes: Buffer.from(textOf(scene)), reason }];
}
