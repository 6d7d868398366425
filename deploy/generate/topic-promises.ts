// What each topic promises beyond its schema: what is in it, in which order, and which duplicates
// a reader meets. For the data dictionary.

export interface TopicPromise {
  readonly what: string;
  readonly order: string;
  readonly duplicates: string;
  /** Consumer groups of ours, by their key in the address book. */
  readonly readers: readonly string[];
}

const perTenure =
  'per vehicle in one tenure of a bridge (`origin`: the same `bridge` and `epoch`, `sequence` ' +
  'ascending). When a bridge joins or leaves, frames of one vehicle may come through two of them ' +
  'for a moment: order by `eventTime` where it matters.';

const byFrameId =
  'after a crash or a lost acknowledgement; equal in `vehicleId` and `frameId`, other in `origin`.';

const ofLifecycle =
  'as telemetry by `vehicleId` and `frameId`; `frameId` is null where the message has no body, ' +
  'and such a record may be applied twice without harm.';

/** By topic; the generator refuses a topic that has none. */
export const topicPromises: Readonly<Record<string, TopicPromise>> = {
  'vehicle.telemetry.v1': {
    what: 'Live reports: one record for each report of a vehicle, with everything that it carries.',
    order: perTenure,
    duplicates: byFrameId,
    readers: ['state'],
  },
  'vehicle.backfill.v1': {
    what:
      'Reports that a vehicle stored while it had no link and sent later: apart from the live ' +
      'ones, so that a burst after a tunnel delays no alarm.',
    order: `${perTenure} Event times are in the past, up to days.`,
    duplicates:
      `${byFrameId} A reissued report has the \`frameId\` of its original, which may be in ` +
      '`vehicle.telemetry.v1` too.',
    readers: ['state'],
  },
  'vehicle.lifecycle.v1': {
    what:
      'What vehicles and platforms say beside reports: login, logout, registration, ' +
      'authentication, answers, parameters, presence, and messages that are kept as bytes.',
    order: perTenure,
    duplicates: ofLifecycle,
    readers: ['state'],
  },
  'vehicle.heartbeat.v1': {
    what: 'Heartbeats: many, and soon worthless.',
    order: perTenure,
    duplicates: ofLifecycle,
    readers: ['state'],
  },
  'vehicle.part.v1': {
    what:
      'Parts of split JT/T 808 messages, each as it came. The replica that has seen all parts of ' +
      'a message in time writes the whole to its own topic as well.',
    order: perTenure,
    duplicates: ofLifecycle,
    readers: [],
  },
  'vehicle.raw.v1': {
    what: 'Every payload as it came, where the setting is on.',
    order: perTenure,
    duplicates: 'after a crash or a lost acknowledgement; equal in payload, other in `origin`.',
    readers: [],
  },
  'vehicle.quarantine.v1': {
    what:
      'What was refused, as bytes, with a [reason](reasons.md): frames that a bridge could not ' +
      'take, records that a processor could not use. What becomes of one later is a further ' +
      'record that names its `quarantineId` in `resolves`.',
    order: perTenure,
    duplicates:
      'of a bridge as telemetry; of a processor equal in `quarantineId`, which is the place of ' +
      'the refused record.',
    readers: [],
  },
  'vehicle.state.v1': {
    what:
      'The latest state of each vehicle: every signal with the time at which it held. A ' +
      'tombstone means that a vehicle was forgotten.',
    order: 'per vehicle: a later record is never older in any signal.',
    duplicates: 'the same state may be written again; compaction keeps the latest.',
    readers: [],
  },
  'vehicle.alert.v1': {
    what: 'Alerts that were raised, changed and cleared.',
    order: 'per vehicle, by the event time of what caused them.',
    duplicates: 'equal in their id.',
    readers: [],
  },
  'vehicle.trip.v1': {
    what: 'Trips and charging sessions, each version a record.',
    order: 'per vehicle; a higher version takes the place of a lower one.',
    duplicates: 'equal in id and version.',
    readers: [],
  },
};
