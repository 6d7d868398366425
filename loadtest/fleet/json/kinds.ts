// What the ledger calls the envelopes of a JSON car.

export const jsonOddKinds = [
  'two_envelopes',
  'id_missing',
  'integer_wide',
  'value_out_of_range',
  'clock_unusable',
  'clock_future',
  'clock_stale',
] as const;

export type JsonOddKind = (typeof jsonOddKinds)[number];

export const jsonBadKinds = [
  'cut_in_text',
  'surrogate_alone',
  'too_deep',
  'key_twice',
  'key_forbidden',
  'version_unknown',
  'name_unknown',
  'vin_of_another',
  'garbage',
  'empty',
  'oversize',
  'good_then_bad',
] as const;

export type JsonBadKind = (typeof jsonBadKinds)[number];

export type JsonKind = JsonOddKind | JsonBadKind;
