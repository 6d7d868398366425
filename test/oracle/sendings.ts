// One vehicle's journey under its habits: what leaves it, and when. Knows no network.

import type { PlannedMessage } from '#loadtest/fleet/planned.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { asReissue, timeOf, withContentOf, withTime } from './frame-edits.ts';
import { type Habits, type Span, spanAt } from './habits.ts';

export interface Sending {
  /** Epoch ms. */
  readonly leavesAt: number;
  readonly mqttTopic: string;
  readonly payload: Buffer;
  readonly isLiveReport: boolean;
  /**
   * Sent or delivered twice it changes nothing, however late: no other report has its second, and
   * its event time is its own, not that of its receipt.
   */
  readonly isRepeatable: boolean;
}

export interface DueSending extends Sending {
  /** Epoch ms: the journey's time, ascending. */
  readonly dueAt: number;
}

/** In the order in which things fall due; what was stored leaves later than what comes next. */
export function* sendingsOf(
  journey: Iterable<PlannedMessage>,
  habits: Habits,
): Generator<DueSending> {
  const terminal: Terminal = { habits, parked: null };
  for (const group of sameInstants(journey)) {
    const [{ dueAt }] = group as [PlannedMessage];
    if (dueAt >= habits.endsAt) return;
    const isAlone = group.flatMap(({ frames }) => frames).filter(isReport).length <= 1;
    for (const message of group) {
      const sending = sendingOf(terminal, message, isAlone);
      if (sending !== null) yield { ...sending, dueAt };
    }
  }
}

interface Terminal {
  readonly habits: Habits;
  /** The report that is repeated while it stands still. */
  parked: { readonly span: Span; readonly report: Buffer } | null;
}

function isReport({ kafkaTopic }: PlannedMessage['frames'][number]): boolean {
  return kafkaTopic === kafkaTopics.telemetry || kafkaTopic === kafkaTopics.backfill;
}

/** Enough that each kind is there; a report tells as much. */
const smallTalkShare = 0.3;

/** Null: it never leaves. */
function sendingOf(terminal: Terminal, message: PlannedMessage, isAlone: boolean): Sending | null {
  const { habits } = terminal;
  const { dueAt, mqttTopic, frames, payload } = message;
  const kind = frames.length === 1 ? frames[0]?.kind : undefined;
  if (spanAt(habits.silences, dueAt)) return null;
  const outage = spanAt(habits.outages, dueAt);
  if (kind === 'report' || kind === 'reissue') {
    const stored = { payload: edited(terminal, message), leavesAt: dueAt };
    const isRepeatable = isAlone && (habits.clock === 'right' || habits.clock === 'behind');
    const common = { mqttTopic, isRepeatable };
    if (outage === undefined) return { ...common, ...stored, isLiveReport: kind === 'report' };
    const leavesAt = outage.to + habits.random.integer(0, 5_000);
    return { ...common, payload: asReissue(stored.payload), leavesAt, isLiveReport: false };
  }
  const isSmallTalk = kind === 'heartbeat' || kind === 'time_sync';
  if (isSmallTalk && !habits.random.chance(smallTalkShare)) return null;
  if (outage !== undefined) return null;
  const isRepeatable = !frames.some(isReport);
  return { leavesAt: dueAt, mqttTopic, payload, isRepeatable, isLiveReport: false };
}

function edited(terminal: Terminal, { dueAt, payload }: PlannedMessage): Buffer {
  const { habits } = terminal;
  const span = spanAt(habits.parkings, dueAt);
  if (span === undefined) terminal.parked = null;
  else if (terminal.parked?.span !== span) terminal.parked = { span, report: payload };
  const report = terminal.parked ? withContentOf(payload, terminal.parked.report) : payload;
  return clocked(report, habits);
}

const hourMs = 3_600_000;
/** No multiple of a reporting period, so that no report meets the second of one before it. */
const behindMs = 2 * hourMs + 13_000;

function clocked(report: Buffer, { clock, stuckAt }: Habits): Buffer {
  switch (clock) {
    case 'right':
      return report;
    case 'behind':
      return withTime(report, timeOf(report) - behindMs);
    case 'ahead':
      return withTime(report, timeOf(report) + hourMs);
    case 'dead':
      return withTime(report, new Uint8Array(6));
    case 'stuck':
      return withTime(report, stuckAt);
    case 'old':
      return withTime(report, timeOf(report) - 30 * 24 * hourMs);
  }
}

function* sameInstants(journey: Iterable<PlannedMessage>): Generator<readonly PlannedMessage[]> {
  let group: PlannedMessage[] = [];
  for (const message of journey) {
    if (group.length > 0 && group[0]?.dueAt !== message.dueAt) {
      yield group;
      group = [];
    }
    group.push(message);
  }
  if (group.length > 0) yield group;
}
