// A capture through all rules, payload by payload: linear in its length, and no more of it is held
// than one payload and what is known of each vehicle.

import type { Become } from '../explain/becomes.ts';
import { createBecome } from '../explain/becomes.ts';
import { type ExplainedCodec, explainedCodecs, guessCodec } from '../explain/codecs.ts';
import { identityIn } from '../explain/story.ts';
import type { Entry, Line } from './capture.ts';
import { examineFrames, findingAt } from './examine.ts';
import { type Follower, followRecord, openFollower } from './follow.ts';
import { followSerials } from './follow-serials.ts';
import { addFinding, countChecked, openReport, type Report } from './report.ts';
import { ruleFor } from './rules.ts';

export interface RunOptions {
  /** For what names none; null: guessed for each payload. */
  readonly codec: ExplainedCodec | null;
  /** Epoch ms, for payloads whose capture says no time. */
  readonly now: number;
  /** Null: signatures are not checked. */
  readonly keysFolder: string | null;
  /** Called now and then with how many messages are done. */
  onProgress(report: Report): void;
}

const progressEach = 500;

export async function runCapture(lines: AsyncIterable<Line>, options: RunOptions): Promise<Report> {
  const report = openReport();
  const follower = openFollower();
  const become = await createBecome({ keysFolder: options.keysFolder });
  for await (const line of lines) {
    if (line.kind === 'blank') continue;
    countChecked(report, 'line');
    if (line.kind === 'fault') {
      const { detail } = line;
      addFinding(report, 'line', { line: line.line, offset: null, subject: 'line', detail });
      continue;
    }
    takeEntry({ report, follower, become, ...options }, line.entry);
    if (report.messageCount % progressEach === 0) options.onProgress(report);
  }
  return report;
}

interface Tools extends RunOptions {
  readonly report: Report;
  readonly follower: Follower;
  readonly become: Become;
}

function takeEntry({ report, follower, become, codec, now }: Tools, entry: Entry): void {
  const { payload } = entry;
  const named = explainedCodecs.find((one) => one.codec === entry.codec) ?? codec;
  const by = named ?? guessCodec(payload).entry;
  const told = by.explain(payload);
  const outcomes = by.decode(payload);
  report.messageCount += 1;
  report.frameCount += outcomes.length;
  report.byteCount += payload.length;
  report.codecs.set(by.codec, (report.codecs.get(by.codec) ?? 0) + outcomes.length);
  examineFrames(report, { entry, outcomes, told });
  const vehicleId = topicVehicle(entry) ?? identityIn(told, by);
  report.vehicles.add(vehicleId);
  if (by.codec === 'jt808') followSerials(report, follower, { entry, vehicleId, outcomes, told });
  const made = become(payload, { codec: by.codec, vehicleId, receivedAt: entry.at ?? now });
  const decoded = outcomes.flatMap(({ kind, reason }) => (kind === 'reject' ? [reason.code] : []));
  countChecked(report, 'record');
  if (topicVehicle(entry) !== null) countChecked(report, 'identity');
  for (const { code, offset, detail } of made.refusals) {
    // Those of the decoder have been told with their place.
    if (decoded.includes(code as (typeof decoded)[number])) continue;
    const rule = ruleFor(code);
    if (rule !== null) addFinding(report, rule, findingAt(entry, offset, code, detail));
  }
  for (const record of made.records) followRecord(report, follower, entry, record);
}

/** The level before the codec; null where the capture names no topic. */
function topicVehicle({ mqttTopic }: Entry): string | null {
  return mqttTopic?.split('/').at(-2) || null;
}
