// When a report happened, and which held values are older than it.

import type { Telemetry } from '#shared/avro/types.generated.ts';

export interface Moment {
  /** Epoch ms. */
  readonly eventTime: number;
  /**
   * A held value is replaced when its event time is below this. Of equal times the live report
   * wins over the reissued one, whichever comes first; among live ones the later in the topic.
   */
  readonly replacesBelow: number;
}

/**
 * Null where the report says nothing about when: a reissued one is old, and where its clock cannot
 * be used the receive time stands in for its event time. It must not pass for the newest.
 */
export function momentOf(report: Telemetry): Moment | null {
  if (report.isReissued && !isOwnTime(report)) return null;
  const eventTime = boundedTime(report.eventTime);
  return { eventTime, replacesBelow: report.isReissued ? eventTime : eventTime + 1 };
}

/** False: the event time is the receive time, so that duplicates of one report differ in it. */
export function isOwnTime({ clockState }: Telemetry): boolean {
  return clockState !== 'unusable' && clockState !== 'future';
}

/** Of an ECMAScript date. What lies beyond is no time, and sums with it would be no Avro long. */
const farthestMs = 8.64e15;

/** Any number that a record can hold, as epoch ms that can be stored again. */
export function boundedTime(timeMs: number): number {
  return Math.min(Math.max(timeMs, -farthestMs), farthestMs);
}
