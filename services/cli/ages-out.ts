// When Kafka will have deleted what a topic still holds of a vehicle: by the settings in force, at
// the latest, counted from now.

import type { TopicDescription } from '#shared/kafka/admin.ts';
import { durationText } from './durations.ts';
import { timeOf } from './record-lines.ts';

/** One sentence. */
export function agesOutText({ topic, config }: TopicDescription, nowAt: number): string {
  const ms = (name: string) => Number(config.get(name) ?? Number.NaN);
  const isCompacted = config.get('cleanup.policy')?.includes('compact') ?? false;
  if (isCompacted) {
    const lagMs = ms('max.compaction.lag.ms');
    const keptMs = ms('delete.retention.ms');
    return (
      `${topic}: earlier states until ${untilText(lagMs, nowAt)} (max.compaction.lag.ms),` +
      ` the tombstone ${spanText(keptMs)} longer (delete.retention.ms)`
    );
  }
  const retentionMs = ms('retention.ms');
  // Kafka deletes whole segments, each when its last record is old enough.
  const wholeMs = retentionMs < 0 ? retentionMs : retentionMs + ms('segment.ms');
  return (
    `${topic}: kept for ${spanText(retentionMs)}, deleted by ${untilText(wholeMs, nowAt)}` +
    ' at the latest (retention.ms + segment.ms)'
  );
}

function spanText(ms: number): string {
  return isEndless(ms) ? 'ever' : durationText(ms);
}

function untilText(ms: number, nowAt: number): string {
  return isEndless(ms) ? 'nobody knows when' : timeOf(nowAt + ms).replace(/:\d\d\.\d+Z$/, 'Z');
}

/** Kafka writes "no limit" as -1 or as the largest long; and dates end. */
function isEndless(ms: number): boolean {
  return !(ms >= 0 && ms < 1e14);
}
