// One record into the state of its vehicle. What comes out does not depend on the order in which
// the topics are read: registers only grow, and values go by event time.

import type { AlarmState, Position, Telemetry } from '#shared/avro/types.generated.ts';
import type { Change, StreamRecord } from '#shared/stream/processor.ts';
import { changeOf, type Loudness, loud, louder, none, quiet } from './change.ts';
import { applyReport } from './completeness.ts';
import { applyMotors, applyPacks } from './lists.ts';
import { boundedTime, type Moment, momentOf } from './moment.ts';
import { applySign, type PresenceTiming, signKindOf } from './presence.ts';
import { applySignals, isSameList, sectionNames, signalTables, vehicleTableOf } from './signals.ts';
import type { Mutable, WorkingState } from './vehicle-state.ts';

export interface StateTiming extends PresenceTiming {
  readonly sessionGapMs: number;
}

/** As the settings have it where nobody says otherwise. */
export const defaultTiming: StateTiming = {
  silentAfterMs: 120_000,
  offlineAfterMs: 1_800_000,
  sessionGapMs: 600_000,
};

/** Never throws for what a record holds. */
export function applyRecord(
  state: WorkingState,
  record: StreamRecord,
  timing: StateTiming,
): Change {
  const seen = applySeen(state, record, timing);
  if (record.kind === 'lifecycle.v1') return changeOf(seen);
  return changeOf(louder(seen, applyContent(state, record.value, timing)));
}

/** A duplicate tells nothing new but that the vehicle was heard, or took leave, again. */
export function applyDuplicate(
  state: WorkingState,
  record: StreamRecord,
  timing: StateTiming,
): Change {
  return changeOf(applySeen(state, record, timing));
}

/** When it was received, and what that says of the vehicle's presence. */
function applySeen(state: WorkingState, record: StreamRecord, timing: StateTiming): Loudness {
  const receivedTime = boundedTime(record.value.receivedTime);
  const isFirst = state.firstSeenTime === 0 && state.lastSeenTime === 0;
  const isEarlier = isFirst || receivedTime < state.firstSeenTime;
  const isLater = isFirst || receivedTime > state.lastSeenTime;
  if (isEarlier) state.firstSeenTime = receivedTime;
  if (isLater) state.lastSeenTime = receivedTime;
  const kind = record.kind === 'lifecycle.v1' ? signKindOf(record.value) : 'heard';
  const presence = applySign(state, { kind, receivedTime }, timing);
  return isEarlier || isLater ? louder(presence, quiet) : presence;
}

function applyContent(state: WorkingState, report: Telemetry, timing: StateTiming): Loudness {
  const moment = momentOf(report);
  let loudness = applyEventTime(state, report.codec, moment);
  loudness = louder(loudness, applyReport(state, moment.eventTime, timing.sessionGapMs));
  loudness = louder(loudness, applySections(state, report, moment));
  if (report.position !== null) {
    loudness = louder(loudness, applyPosition(state, report.position, moment));
  }
  if (report.motors.length > 0) {
    loudness = louder(loudness, applyMotors(state.motors, report.motors, moment));
  }
  if (report.packs.length > 0) {
    loudness = louder(loudness, applyPacks(state.packs, report.packs, moment));
  }
  if (report.alarms.length > 0) {
    loudness = louder(loudness, applyAlarms(state, report.alarms, moment));
  }
  return loudness;
}

function applyEventTime(state: WorkingState, codec: string, moment: Moment): Loudness {
  if (!isReplaced(state.lastEventTime, moment)) return none;
  const isSame = state.codec === codec;
  const isSameTime = state.lastEventTime === moment.eventTime;
  state.codec = codec;
  state.lastEventTime = moment.eventTime;
  if (!isSame) return loud;
  return isSameTime ? none : quiet;
}

function applySections(state: WorkingState, report: Telemetry, moment: Moment): Loudness {
  const sections = state as Record<(typeof sectionNames)[number], object | null>;
  let loudness: Loudness = none;
  for (const name of sectionNames) {
    const section = report[name];
    if (section === null) continue;
    const { vehicle } = report;
    const table =
      name === 'vehicle' && vehicle !== null ? vehicleTableOf(vehicle) : signalTables[name];
    let held = sections[name];
    if (held === null) {
      held = { ...table.empty };
      sections[name] = held;
      loudness = loud;
    }
    loudness = louder(loudness, applySignals(held, section, { table, moment }));
  }
  return loudness;
}

function applyPosition(state: WorkingState, position: Position, moment: Moment): Loudness {
  const held = state.position;
  let loudness: Loudness = none;
  if (isReplaced(held?.eventTime ?? null, moment)) {
    state.position = positionAt(position, moment);
    loudness = stepOf(held, state.position);
  }
  const fix = state.lastFix;
  if (!position.hasFix || !isReplaced(fix?.eventTime ?? null, moment)) return loudness;
  state.lastFix = positionAt(position, moment);
  return louder(loudness, stepOf(fix, state.lastFix));
}

type PositionAt = NonNullable<WorkingState['position']>;

function positionAt(position: Position, { eventTime }: Moment): PositionAt {
  // Field by field, in the order of the schema: one shape for all.
  return {
    hasFix: position.hasFix,
    longitudeDeg: position.longitudeDeg,
    latitudeDeg: position.latitudeDeg,
    datum: position.datum,
    statusRaw: position.statusRaw,
    eventTime,
    altitudeM: position.altitudeM,
    directionDeg: position.directionDeg,
    wgs84LongitudeDeg: position.wgs84LongitudeDeg,
    wgs84LatitudeDeg: position.wgs84LatitudeDeg,
  };
}

function stepOf(before: PositionAt | null, after: PositionAt): Loudness {
  const isSame =
    before !== null &&
    Object.is(before.longitudeDeg, after.longitudeDeg) &&
    Object.is(before.latitudeDeg, after.latitudeDeg) &&
    before.hasFix === after.hasFix &&
    before.datum === after.datum &&
    before.statusRaw === after.statusRaw &&
    before.altitudeM === after.altitudeM &&
    before.directionDeg === after.directionDeg;
  if (!isSame) return loud;
  return before.eventTime === after.eventTime ? none : quiet;
}

function applyAlarms(state: WorkingState, alarms: Telemetry['alarms'], moment: Moment): Loudness {
  const held = state.alarms;
  if (!isReplaced(held?.eventTime ?? null, moment)) return none;
  const isSame = held !== null && isSameAlarms(held.items, alarms);
  const items = isSame ? held.items : (alarms as Mutable<Telemetry['alarms']>);
  state.alarms = { items, eventTime: moment.eventTime };
  if (!isSame) return loud;
  return held.eventTime === moment.eventTime ? none : quiet;
}

function isSameAlarms(a: Telemetry['alarms'], b: Telemetry['alarms']): boolean {
  return a.length === b.length && a.every((alarm, at) => isSameAlarm(alarm, b[at]!));
}

function isSameAlarm(a: AlarmState, b: AlarmState): boolean {
  return (
    a.maxLevel === b.maxLevel &&
    a.generalRaw === b.generalRaw &&
    isSameLevels(a.generalLevels, b.generalLevels) &&
    isSameList(a.generalBits, b.generalBits) &&
    isSameList(a.ressFaults, b.ressFaults) &&
    isSameList(a.motorFaults, b.motorFaults) &&
    isSameList(a.engineFaults, b.engineFaults) &&
    isSameList(a.otherFaults, b.otherFaults)
  );
}

type Levels = AlarmState['generalLevels'];

/** A name goes with its bit. */
function isSameLevels(a: Levels, b: Levels): boolean {
  return (
    a.length === b.length &&
    a.every(({ bit, level }, at) => b[at]!.bit === bit && b[at]!.level === level)
  );
}

function isReplaced(heldTime: number | null, moment: Moment): boolean {
  return heldTime === null || heldTime < moment.replacesBelow;
}
