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

export function momentOf(report: Telemetry): Moment {
  const eventTime = boundedTime(report.eventTime);
  return { eventTime, replacesBelow: report.isReissued ? eventTime : eventTime + 1 };
}

/** Of an ECMAScript date. What lies beyond is no time, and sums with it would be no Avro long. */
const farthestMs = 8.64e15;

/** Any number that a record can hold, as epoch ms that can be stored again. */
export function boundedTime(timeMs: number): number {
  return Math.min(Math.max(timeMs, -farthestMs), farthestMs);
}
