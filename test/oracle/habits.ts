// What a vehicle of the traffic is like: its clock, when it stands still, when its link is away,
// when it is silent, when it is seen for the last time.

import { createRandom, type Random } from '#loadtest/fleet/random.ts';

/**
 * right; behind: two hours, which no rule calls wrong; ahead, dead: no event time at all; stuck: it
 * always says the same; old: thirty days ago.
 */
export type Clock = 'right' | 'behind' | 'ahead' | 'dead' | 'stuck' | 'old';

/** Epoch ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Habits {
  readonly random: Random;
  readonly clock: Clock;
  /** What a stuck clock says, epoch ms. */
  readonly stuckAt: number;
  /** It reports the same values again and again. */
  readonly parkings: readonly Span[];
  /** Reports are stored and reissued at the end, all else is lost. */
  readonly outages: readonly Span[];
  /** Nothing is sent. */
  readonly silences: readonly Silence[];
  /** Nothing comes after, not even a logout. */
  readonly endsAt: number;
}

export interface Silence extends Span {
  /** The broker has told that the connection went and came. */
  readonly isTold: boolean;
}

export interface HabitsPlan extends Span {
  readonly seed: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const clocks: readonly Clock[] = ['behind', 'ahead', 'dead', 'stuck', 'old'];
const brokenClockShare = 0.2;
const lostShare = 0.3;
const parkedShare = 0.3;

export function habitsOf(vehicle: number, { seed, from, to }: HabitsPlan): Habits {
  // Streams far from those of the fleet, which has one or two for each vehicle.
  const random = createRandom(seed, 1_000_000 + vehicle);
  const spans = (everyMs: number, minutesMin: number, minutesMax: number): readonly Span[] => {
    const found: Span[] = [];
    for (let at = from; ; ) {
      at += Math.round(random.between(0.2, 1.8) * everyMs);
      if (at >= to) return found;
      const end = at + Math.round(random.between(minutesMin, minutesMax) * minuteMs);
      found.push({ from: at, to: end });
      at = end;
    }
  };
  const isLost = random.chance(lostShare);
  const clock = random.chance(brokenClockShare) ? random.pick(clocks) : 'right';
  const parkings = random.chance(parkedShare) ? spans(hourMs / 2, 20, 90) : [];
  return {
    random,
    clock,
    stuckAt: from - 24 * hourMs,
    // Without a time of its own and with the same values it would send one frame again and again:
    // which of them counts depends on what is remembered.
    parkings: clock === 'dead' ? [] : parkings,
    outages: spans(2 * hourMs, 1, 10),
    silences: spans(4 * hourMs, 1, 50).map((span) => ({ ...span, isTold: random.chance(0.5) })),
    endsAt: isLost ? to - random.integer(0, Math.min(hourMs, (to - from) / 2)) : to,
  };
}

export function spanAt<S extends Span>(spans: readonly S[], at: number): S | undefined {
  return spans.find(({ from, to }) => at >= from && at < to);
}
