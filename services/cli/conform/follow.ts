// Records of a capture in their order, held to the rules that need more than one of them: times,
// periods, logins, serials, duplicates, and what one report says twice.

import type { Lifecycle, Telemetry } from '#shared/avro/types.generated.ts';
import type { BecomeRecord } from '../explain/becomes.ts';
import type { Entry } from './capture.ts';
import { findingAt } from './examine.ts';
import { addFinding, countChecked, type Report } from './report.ts';

/** What is known of one vehicle so far. */
interface Life {
  /** Event time of the newest live report; null before the first, and after a logout. */
  liveAt: number | null;
  newestAt: number | null;
  hasLogin: boolean;
  /** Said once. */
  isLoginMissed: boolean;
  loginSerial: number | null;
  loginDay: string;
  codec: string | null;
  /** JT/T 808: of the header of the newest frame. */
  headerSerial: number | null;
}

export interface Follower {
  readonly lives: Map<string, Life>;
  /** Frames seen, by vehicle, kind and content; the oldest are forgotten. */
  readonly seen: Set<string>;
}

/** About 100 MiB of keys. */
const seenMax = 1_000_000;

const periodMaxMs = 30_000;

export function openFollower(): Follower {
  return { lives: new Map(), seen: new Set() };
}

export function followRecord(
  report: Report,
  follower: Follower,
  entry: Entry,
  { schema, value }: BecomeRecord,
): void {
  if (schema === 'telemetry.v1') followReport(report, follower, entry, value as Telemetry);
  else if (schema === 'lifecycle.v1') followEvent(report, follower, entry, value as Lifecycle);
}

export function lifeOf({ lives }: Follower, vehicleId: string): Life {
  const known = lives.get(vehicleId);
  if (known !== undefined) return known;
  const life: Life = {
    liveAt: null,
    newestAt: null,
    hasLogin: false,
    isLoginMissed: false,
    loginSerial: null,
    loginDay: '',
    codec: null,
    headerSerial: null,
  };
  lives.set(vehicleId, life);
  return life;
}

function followReport(report: Report, follower: Follower, entry: Entry, value: Telemetry): void {
  const life = lifeOf(follower, value.vehicleId);
  checkClock(report, entry, value);
  checkTwice(report, follower, entry, value, value.isReissued ? 'reissue' : 'report');
  checkEdition(report, entry, life, value);
  if (!value.codec.startsWith('json')) checkLogin(report, entry, life, value);
  if (value.codec.startsWith('gb32960')) {
    checkCounts(report, entry, value);
    checkAlarms(report, entry, value);
    checkSignature(report, entry, value);
  }
  if (value.clockState !== 'unusable') checkTimes(report, entry, life, value);
}

function checkClock(report: Report, entry: Entry, { vehicleId, clockState, eventTime }: Timed) {
  if (clockState === 'absent') return;
  countChecked(report, 'clock');
  // Without the time of the capture nobody knows whether a report is old.
  if (clockState === 'ok' || (clockState === 'stale' && entry.at === null)) return;
  const detail = clockState === 'unusable' ? 'no time that can be' : timeText(eventTime);
  const subject = `${vehicleId} ${clockState}`;
  addFinding(report, 'clock', findingAt(entry, null, subject, detail));
}

type Timed = Pick<Telemetry, 'vehicleId' | 'clockState' | 'eventTime'>;

function checkTwice(
  report: Report,
  { seen }: Follower,
  entry: Entry,
  { vehicleId, frameId }: Pick<Telemetry, 'vehicleId' | 'frameId'>,
  kind: string,
): void {
  if (frameId === null) return;
  countChecked(report, 'duplicates');
  const key = `${vehicleId} ${kind} ${frameId.toString('hex')}`;
  if (seen.has(key)) {
    const detail = `${kind} with the same content as one before`;
    addFinding(report, 'duplicates', findingAt(entry, null, vehicleId, detail));
  }
  seen.add(key);
  if (seen.size <= seenMax) return;
  const [oldest] = seen;
  if (oldest !== undefined) seen.delete(oldest);
}

function checkEdition(report: Report, entry: Entry, life: Life, { vehicleId, codec }: Telemetry) {
  countChecked(report, 'edition');
  if (life.codec !== null && life.codec !== codec) {
    const detail = `${codec} after ${life.codec}`;
    addFinding(report, 'edition', findingAt(entry, null, vehicleId, detail));
  }
  life.codec = codec;
}

function checkLogin(
  report: Report,
  entry: Entry,
  life: Life,
  { vehicleId, isReissued }: Telemetry,
) {
  if (isReissued) return;
  countChecked(report, 'login_first');
  if (life.hasLogin || life.isLoginMissed) return;
  life.isLoginMissed = true;
  const detail = `a report of ${vehicleId}, and no login of it before in the capture`;
  addFinding(report, 'login_first', findingAt(entry, null, 'no login', detail));
}

function checkCounts(report: Report, entry: Entry, { packs }: Telemetry): void {
  for (const { no, cellCount, firstCell, cellVoltagesMv } of packs) {
    if (cellCount === null || firstCell === null) continue;
    countChecked(report, 'counts');
    const last = firstCell + cellVoltagesMv.length - 1;
    if (last > cellCount) {
      const detail = `cells up to number ${last} sent, cellTotal says ${cellCount}`;
      addFinding(report, 'counts', findingAt(entry, null, `subsystem ${no}`, detail));
    } else if (firstCell === 1 && last < cellCount && cellVoltagesMv.length < 200) {
      const detail = `${cellVoltagesMv.length} cells sent, cellTotal says ${cellCount}`;
      addFinding(report, 'counts', findingAt(entry, null, `subsystem ${no}`, detail));
    }
  }
}

function checkAlarms(report: Report, entry: Entry, { alarms }: Telemetry): void {
  for (const { maxLevel, generalBits } of alarms) {
    countChecked(report, 'alarms');
    if (maxLevel !== 0 || generalBits.length === 0) continue;
    const detail = `maxLevel 0, yet ${generalBits.join(', ')}`;
    addFinding(report, 'alarms', findingAt(entry, null, 'maxLevel', detail));
  }
}

function checkSignature(report: Report, entry: Entry, { codec, signatureState }: Telemetry): void {
  if (!codec.startsWith('gb32960-2025')) return;
  countChecked(report, 'signature');
  if (signatureState === 'valid' || signatureState === 'unchecked') return;
  const isAbsent = signatureState === 'absent';
  const detail = isAbsent ? 'a report without signature' : 'a signature that does not verify';
  addFinding(report, 'signature', findingAt(entry, null, signatureState, detail));
}

/** Live reports go forward and keep their period; what is older than the newest is a reissue. */
function checkTimes(report: Report, entry: Entry, life: Life, value: Telemetry): void {
  const { vehicleId, eventTime, isReissued, codec } = value;
  const before = life.liveAt;
  if (life.newestAt !== null && !isReissued) {
    countChecked(report, 'time_advances');
    countChecked(report, 'reissued');
    const late = life.newestAt - eventTime;
    if (late > periodMaxMs) {
      const newest = timeText(life.newestAt);
      const detail = `a live report of ${timeText(eventTime)} after one of ${newest}`;
      addFinding(report, 'reissued', findingAt(entry, null, vehicleId, detail));
    } else if (late >= 0) {
      const detail = `${timeText(eventTime)} after ${timeText(life.newestAt)}`;
      addFinding(report, 'time_advances', findingAt(entry, null, vehicleId, detail));
    }
  }
  if (isReissued) return;
  if (before !== null && codec.startsWith('gb32960') && eventTime > before) {
    countChecked(report, 'period');
    if (eventTime - before > periodMaxMs) {
      const detail = `${(eventTime - before) / 1000} s after the report before it`;
      addFinding(report, 'period', findingAt(entry, null, vehicleId, detail));
    }
  }
  life.liveAt = Math.max(eventTime, before ?? eventTime);
  life.newestAt = Math.max(eventTime, life.newestAt ?? eventTime);
}

function followEvent(report: Report, follower: Follower, entry: Entry, value: Lifecycle): void {
  const life = lifeOf(follower, value.vehicleId);
  checkClock(report, entry, value);
  // A heartbeat or a time sync has nothing by which two could be told apart.
  if (!['heartbeat', 'time_sync', 'answer'].includes(value.event)) {
    checkTwice(report, follower, entry, value, value.event);
  }
  // JT/T 808: nothing else may be sent before it.
  if (value.event === 'auth' || value.event === 'register') life.hasLogin = true;
  if (value.event === 'login') checkLoginSerial(report, entry, life, value);
  if (value.event === 'logout') checkLogoutSerial(report, entry, life, value);
}

const beijingOffsetMs = 8 * 60 * 60 * 1000;

/** From 1, one more for each login, anew each day of Beijing. */
function checkLoginSerial(report: Report, entry: Entry, life: Life, value: Lifecycle): void {
  const day = new Date(value.eventTime + beijingOffsetMs).toISOString().slice(0, 10);
  const { serial, vehicleId } = value;
  life.hasLogin = true;
  life.liveAt = null;
  if (serial === null) return;
  countChecked(report, 'serials');
  const before = life.loginDay === day ? life.loginSerial : null;
  if (before !== null && serial !== before + 1) {
    const detail = `login ${serial} after login ${before} on ${day}, wanted ${before + 1}`;
    addFinding(report, 'serials', findingAt(entry, null, vehicleId, detail));
  }
  life.loginSerial = serial;
  life.loginDay = day;
}

function checkLogoutSerial(report: Report, entry: Entry, life: Life, value: Lifecycle): void {
  life.liveAt = null;
  const { serial, vehicleId } = value;
  if (serial === null || life.loginSerial === null) return;
  countChecked(report, 'serials');
  if (serial === life.loginSerial) return;
  const detail = `logout ${serial}, its login was ${life.loginSerial}`;
  addFinding(report, 'serials', findingAt(entry, null, vehicleId, detail));
}

/** As the vehicle sends it. */
function timeText(at: number): string {
  return `${new Date(at + beijingOffsetMs).toISOString().slice(0, 19)}+08:00`;
}
