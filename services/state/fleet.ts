// Figures over the vehicles that this replica owns, kept as running sums: a scrape with a quarter
// of a million vehicles must not block the loop.

import { countReports, type ReportCounts } from './completeness.ts';
import type { WorkingState } from './vehicle-state.ts';

export const presences = ['online', 'silent', 'offline'] as const;

export type Presence = (typeof presences)[number];

/** A vehicle whose latest report is older says nothing of how well reports come now. */
const reportsYoungMs = 60 * 60 * 1000;

/** Event times run at most 5 min ahead of the receive time; one more for the clocks of bridges. */
const aheadMs = 6 * 60 * 1000;

const minuteMs = 60 * 1000;

/** Fewer are looked at one by one: 0.99 of a sample of so many is 0.988 to 0.992 of the fleet. */
const sampleMax = 10_000;

export class Fleet {
  readonly #gapMs: number;
  readonly #partitions = new Map<number, Map<string, Seen>>();
  /** Minute of the latest report → sums: what grows old leaves without a look at any vehicle. */
  readonly #minutes = new Map<number, MinuteSum>();
  /** Those that are not offline and have reported, in no order. */
  readonly #present: Seen[] = [];
  readonly #counts: Record<string, number> = { online: 0, silent: 0, offline: 0 };
  #sampleStart = 0;

  /** `gapMs`: STATE_SESSION_GAP_MS. */
  constructor(gapMs: number) {
    this.#gapMs = gapMs;
  }

  /** The state of a vehicle as it is stored now. */
  observe(partition: number, vehicleId: string, state: WorkingState): void {
    const vehicles = this.#vehiclesOf(partition);
    const before = vehicles.get(vehicleId);
    if (before !== undefined) this.#subtract(before);
    const seen = before ?? { presence: '', lastEventTime: null, counts: noCounts, place: -1 };
    seen.presence = state.presence;
    seen.lastEventTime = state.lastEventTime;
    seen.counts = countReports(state, this.#gapMs);
    this.#add(seen);
    if (before === undefined) vehicles.set(vehicleId, seen);
  }

  /** The vehicles of a partition count no more. */
  release(partition: number): void {
    for (const seen of this.#vehiclesOf(partition).values()) {
      this.#subtract(seen);
      this.#leave(seen);
    }
    this.#partitions.delete(partition);
  }

  count(presence: Presence): number {
    return this.#counts[presence] ?? 0;
  }

  /** Sums over the vehicles whose latest report is younger than an hour, to the minute. */
  reports(nowMs: number): Pick<ReportCounts, 'expected' | 'received'> {
    const sums = { expected: 0, received: 0 };
    const last = minuteOf(nowMs + aheadMs);
    for (let minute = minuteOf(nowMs - reportsYoungMs) + 1; minute <= last; minute += 1) {
      const sum = this.#minutes.get(minute);
      if (sum === undefined) continue;
      sums.expected += sum.expected;
      sums.received += sum.received;
    }
    return sums;
  }

  /**
   * Ascending ages, in seconds, of the latest reports of vehicles that are not offline; of a large
   * fleet a sample, another one each time.
   */
  agesS(nowMs: number): Float64Array {
    const { length } = this.#present;
    if (length === 0) return new Float64Array(0);
    const ages = new Float64Array(Math.min(length, sampleMax));
    const stride = length / ages.length;
    this.#sampleStart = (this.#sampleStart + 1) % Math.floor(stride);
    for (let at = 0; at < ages.length; at += 1) {
      const place = Math.min(Math.floor(at * stride) + this.#sampleStart, length - 1);
      ages[at] = Math.max(0, nowMs - this.#present[place]!.lastEventTime!) / 1000;
    }
    return ages.sort();
  }

  #vehiclesOf(partition: number): Map<string, Seen> {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const vehicles = new Map<string, Seen>();
    this.#partitions.set(partition, vehicles);
    return vehicles;
  }

  #add(seen: Seen): void {
    this.#counts[seen.presence] = (this.#counts[seen.presence] ?? 0) + 1;
    if (seen.lastEventTime === null) return;
    this.#addReports(minuteOf(seen.lastEventTime), seen.counts);
    if (seen.presence === 'offline') this.#leave(seen);
    else this.#enter(seen);
  }

  #subtract(seen: Seen): void {
    this.#counts[seen.presence] = (this.#counts[seen.presence] ?? 0) - 1;
    if (seen.lastEventTime === null) return;
    const minute = minuteOf(seen.lastEventTime);
    const sum = this.#minutes.get(minute)!;
    sum.expected -= seen.counts.expected;
    sum.received -= seen.counts.received;
    sum.vehicles -= 1;
    if (sum.vehicles === 0) this.#minutes.delete(minute);
  }

  #addReports(minute: number, { expected, received }: ReportCounts): void {
    const sum = this.#minutes.get(minute);
    if (sum === undefined) {
      this.#minutes.set(minute, { expected, received, vehicles: 1 });
      return;
    }
    sum.expected += expected;
    sum.received += received;
    sum.vehicles += 1;
  }

  #enter(seen: Seen): void {
    if (seen.place >= 0) return;
    seen.place = this.#present.length;
    this.#present.push(seen);
  }

  /** The last one takes the place that becomes free. */
  #leave(seen: Seen): void {
    if (seen.place < 0) return;
    const last = this.#present.pop()!;
    if (last !== seen) {
      this.#present[seen.place] = last;
      last.place = seen.place;
    }
    seen.place = -1;
  }
}

interface Seen {
  presence: string;
  lastEventTime: number | null;
  counts: ReportCounts;
  /** Index among those that are present; -1: not among them. */
  place: number;
}

interface MinuteSum {
  expected: number;
  received: number;
  vehicles: number;
}

const noCounts: ReportCounts = { periodS: null, expected: 0, received: 0 };

function minuteOf(timeMs: number): number {
  return Math.floor(timeMs / minuteMs);
}
