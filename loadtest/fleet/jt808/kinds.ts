// What the ledger calls the frames of a JT/T 808 terminal.

export const jt808OddKinds = [
  'two_locations',
  'batch_live',
  'item_unknown',
  'items_cut',
  'clock_unusable',
  'clock_future',
  'clock_stale',
  'encrypted',
  'message_unknown',
  'terminal_answer',
  'can_batch',
  'split',
] as const;

export type Jt808OddKind = (typeof jt808OddKinds)[number];

export const jt808BadKinds = [
  'checksum_wrong',
  'length_wrong',
  'header_short',
  'escape_wrong',
  'cut_in_frame',
  'garbage',
  'empty',
  'phone_of_another',
  'location_short',
  'oversize',
  'good_then_bad',
  'bad_then_good',
] as const;

export type Jt808BadKind = (typeof jt808BadKinds)[number];

export type Jt808Kind =
  | 'location'
  | 'batch'
  | 'register'
  | 'auth'
  | 'unregister'
  | 'driver'
  | 'part'
  | Jt808OddKind
  | Jt808BadKind;
