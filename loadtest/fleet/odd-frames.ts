// Frames that are out of the ordinary and must be kept all the same: read in part, kept as bytes,
// or with a clock that cannot be right.

import { deviceTimeOf } from '#shared/frame/gb32960/device-time.ts';
import type { BodyInput } from '#shared/frame/gb32960/encode-frame.ts';
import { kafkaTopics } from '#shared/topics.ts';
import type { ClockFacts, PartialFacts } from './expectations.ts';
import type { Random } from './random.ts';
import {
  type Built,
  buildReport,
  collect,
  commands,
  frameOf,
  reportBody,
  type Terminal,
  wholeSecond,
} from './terminal.ts';

export type OddKind = keyof typeof builders;

/** The frames of one message. */
export function buildOdd(kind: OddKind, terminal: Terminal, scene: OddScene): readonly Built[] {
  return builders[kind](terminal, scene);
}

export interface OddScene {
  readonly at: number;
  readonly random: Random;
}

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

const builders = {
  item_unknown: (terminal: Terminal, scene: OddScene) => {
    const remainder = Buffer.concat([Buffer.of(0x40), scene.random.bytes(12)]);
    return [buildPartial(terminal, scene, { code: 'item_unknown', remainder })];
  },
  item_cut: (terminal: Terminal, scene: OddScene) => {
    // An engine item is five bytes long, in 2025 two.
    const is2025 = terminal.expectations.codec === 'gb32960-2025';
    const remainder = is2025 ? Buffer.of(0x04, 0x07) : Buffer.of(0x04, 0x01, 0x07, 0xd0);
    return [buildPartial(terminal, scene, { code: 'item_truncated', remainder })];
  },
  two_reports: (terminal: Terminal, { at }: OddScene) => [
    buildReport(terminal, collect(terminal, at), 'report'),
    buildReport(terminal, collect(terminal, at), 'report'),
  ],
  clock_unusable: (terminal: Terminal, scene: OddScene) => {
    // A terminal without a clock: month and day 0.
    const raw = Uint8Array.of(0, 0, 0, 0, 0, scene.random.integer(0, 59));
    return [
      buildClocked(terminal, scene, { raw, clock: { eventTime: null, clockState: 'unusable' } }),
    ];
  },
  clock_future: (terminal: Terminal, scene: OddScene) => {
    const { raw } = deviceTimeOf(scene.at + hourMs);
    return [
      buildClocked(terminal, scene, { raw, clock: { eventTime: null, clockState: 'future' } }),
    ];
  },
  clock_stale: (terminal: Terminal, scene: OddScene) => {
    const stoppedAt = scene.at - 30 * dayMs;
    const { raw } = deviceTimeOf(stoppedAt);
    const clock = { eventTime: wholeSecond(stoppedAt), clockState: 'stale' } as const;
    return [buildClocked(terminal, scene, { raw, clock })];
  },
  encrypted: (terminal: Terminal, { random }: OddScene) => {
    const aes128 = 0x03;
    const unit = random.bytes(128);
    const fields = { event: 'opaque', outcome: 'opaque', reason: 'encrypted' };
    return [buildOpaque(terminal, { kind: 'encrypted', encryption: aes128, unit, fields })];
  },
  command_unknown: (terminal: Terminal, { random }: OddScene) => {
    const fields = { event: 'opaque', outcome: 'opaque', reason: 'command_unknown' };
    const unit = random.bytes(20);
    return [buildOpaque(terminal, { kind: 'command_unknown', command: 0x41, unit, fields })];
  },
  answer_of_a_car: (terminal: Terminal, scene: OddScene) => [buildCarsAnswer(terminal, scene)],
};

export const oddKinds = Object.keys(builders) as OddKind[];

function buildPartial(terminal: Terminal, { at }: OddScene, partial: PartialFacts): Built {
  const { vehicleId: vin, expectations } = terminal;
  const stored = collect(terminal, at);
  const body = { ...reportBody(terminal, stored), remainder: partial.remainder } as BodyInput;
  const bytes = frameOf(terminal, { command: commands.report, vin, body });
  const expected = expectations.report(vin, bytes, {
    kind: partial.code === 'item_unknown' ? 'item_unknown' : 'item_cut',
    sample: stored.sample,
    isReissued: false,
    clock: { eventTime: wholeSecond(at), clockState: 'ok' },
    partial,
  });
  return { bytes, expected };
}

function buildClocked(
  terminal: Terminal,
  { at }: OddScene,
  { raw, clock }: { readonly raw: Uint8Array; readonly clock: ClockFacts },
): Built {
  const { vehicleId: vin, expectations } = terminal;
  const stored = collect(terminal, at);
  const body = { ...reportBody(terminal, stored), time: { raw, epochMs: null } } as BodyInput;
  const bytes = frameOf(terminal, { command: commands.report, vin, body });
  const kind = `clock_${clock.clockState}` as Extract<OddKind, `clock_${string}`>;
  const facts = { kind, sample: stored.sample, isReissued: false, clock };
  return { bytes, expected: expectations.report(vin, bytes, facts) };
}

interface OpaquePlan {
  readonly kind: OddKind;
  readonly command?: number;
  readonly encryption?: number;
  readonly unit: Buffer;
  readonly fields: Readonly<Record<string, unknown>>;
}

function buildOpaque(terminal: Terminal, plan: OpaquePlan): Built {
  const { vehicleId: vin, expectations } = terminal;
  const bytes = frameOf(terminal, {
    command: plan.command ?? commands.report,
    vin,
    encryption: plan.encryption ?? 0x01,
    body: { kind: 'opaque', bytes: plan.unit },
  });
  const expected = expectations.lifecycle(vin, bytes, {
    kind: plan.kind,
    kafkaTopic: kafkaTopics.lifecycle,
    isAnswered: false,
    fields: { ...plan.fields, body: plan.unit.toString('hex') },
  });
  return { bytes, expected };
}

/** A report under the flag of an answer: time, and what follows it; never telemetry. */
function buildCarsAnswer(terminal: Terminal, { at, random }: OddScene): Built {
  const { vehicleId: vin, expectations } = terminal;
  const time = deviceTimeOf(at);
  const rest = random.bytes(9);
  const body: BodyInput = { kind: 'answer', time, rest };
  const bytes = frameOf(terminal, { command: commands.report, response: 0x01, vin, body });
  const expected = expectations.lifecycle(vin, bytes, {
    kind: 'answer_of_a_car',
    kafkaTopic: kafkaTopics.lifecycle,
    isAnswered: false,
    fields: {
      event: 'answer',
      outcome: 'answer',
      eventTime: wholeSecond(at),
      clockState: 'ok',
      deviceTimeRaw: Buffer.from(time.raw).toString('hex'),
      body: rest.toString('hex'),
    },
  });
  return { bytes, expected };
}
