// The rules that a capture is held to, each with the clause that asks for it. `note`: worth a look,
// no fault of the sender.

export interface Rule {
  readonly id: RuleId;
  readonly title: string;
  readonly level: 'fault' | 'note';
  /** By family of codecs; empty where no standard says it. */
  readonly clauses: { readonly gb32960: string; readonly jt808: string };
}

export type RuleId =
  | 'line'
  | 'start'
  | 'length'
  | 'check_byte'
  | 'encryption'
  | 'command'
  | 'body'
  | 'json'
  | 'item_types'
  | 'items_whole'
  | 'trailing'
  | 'values'
  | 'sentinels'
  | 'counts'
  | 'alarms'
  | 'clock'
  | 'time_advances'
  | 'period'
  | 'reissued'
  | 'login_first'
  | 'serials'
  | 'duplicates'
  | 'edition'
  | 'identity'
  | 'vin'
  | 'signature'
  | 'record';

/** In the order of the report, which is that of the checks. */
export const rules: readonly Rule[] = [
  fault('line', 'every line can be read', '', ''),
  fault('start', 'frames begin, end and are escaped as they must', 'table 2', '4.4.2'),
  fault('length', 'the length fits what was sent', 'table 2', '4.4.3'),
  fault('check_byte', 'the check byte is right', 'table 2', '4.4.4'),
  fault('encryption', 'data units are clear text', 'table 2', '4.4.3'),
  fault('command', 'commands and messages have a layout', 'tables 3 and B.2', 'chapter 8'),
  fault('body', 'data units hold what their command wants', 'tables 6, 7, 20 to 22', 'chapter 8'),
  fault('json', 'JSON is what its schema wants', '', ''),
  fault('item_types', 'item types have a layout', 'tables 8, 9 and B.3', 'tables 26 and 27'),
  fault('items_whole', 'no item is cut short', 'tables 9 to 19', 'table 27'),
  fault('trailing', 'nothing is left behind the last field', 'table 7', 'chapter 8'),
  fault('values', 'values are within their ranges', 'tables 9 to 19', 'chapter 8'),
  note('sentinels', 'fields that are sent as abnormal or invalid', 'tables 9 to 19', ''),
  fault('counts', 'counts agree with each other', 'tables B.5 and B.6', ''),
  fault('alarms', 'an alarm has a level', 'table 17', ''),
  fault('clock', "the vehicle's clock is plausible", 'table 5', '8.18'),
  fault('time_advances', 'report times go forward', 'table 7', '8.18'),
  fault('period', 'live reports are at most 30 s apart', 'annex B', ''),
  fault('reissued', 'old reports are sent as reissued ones', 'tables 3 and 7', '8.49'),
  fault('login_first', 'a login, or an authentication, comes before reports', 'annex B', '8.8'),
  fault('serials', 'serials go up, a logout has that of its login', 'tables 6 and 20', '4.4.3'),
  fault('duplicates', 'nothing is sent twice', '', ''),
  fault('edition', 'a vehicle keeps to one edition', 'table 2', ''),
  fault('identity', 'the identity is that of the topic', 'table 2', '4.4.3'),
  fault('vin', 'the identity is a right VIN', 'GB 16735', ''),
  fault('signature', 'reports of the 2025 edition are signed', 'tables 7 and 8', ''),
  fault('record', 'a record can be made of every frame', '', ''),
];

/** Reason codes of the decoders, and the rule that each breaks. */
export const ruleOfReason: Readonly<Record<string, RuleId>> = {
  frame_empty: 'start',
  frame_start: 'start',
  frame_edition: 'start',
  frame_truncated: 'length',
  frame_length: 'length',
  frame_checksum: 'check_byte',
  frame_escape: 'start',
  frame_header: 'length',
  body_truncated: 'body',
  identity_mismatch: 'identity',
  topic_unknown: 'identity',
  encrypted: 'encryption',
  command_unknown: 'command',
  item_unknown: 'item_types',
  item_truncated: 'items_whole',
};

/** Null for a code that is no fault of the sender. */
export function ruleFor(reason: string): RuleId | null {
  if (reason === 'part') return null;
  const known = ruleOfReason[reason];
  if (known !== undefined) return known;
  if (reason.startsWith('json')) return 'json';
  if (reason.startsWith('signature')) return 'signature';
  return reason.startsWith('record') || reason.startsWith('payload') ? 'record' : 'body';
}

function fault(id: RuleId, title: string, gb32960: string, jt808: string): Rule {
  return { id, title, level: 'fault', clauses: { gb32960, jt808 } };
}

function note(id: RuleId, title: string, gb32960: string, jt808: string): Rule {
  return { ...fault(id, title, gb32960, jt808), level: 'note' };
}
