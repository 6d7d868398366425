// Where what ingest needs of each codec is found: one entry for each codec of a topic.

import type { Codec } from '../topics.ts';
import type { AnyCodecEntry } from './codec-entry.ts';
import { gb32960 } from './gb32960-entry.ts';
import { gb32960Gateway, json, jt808Gateway, presence } from './json-entries.ts';
import { jt808 } from './jt808-entry.ts';

export const codecEntries: Readonly<Record<Codec, AnyCodecEntry>> = {
  gb32960,
  jt808,
  json,
  'gb32960-gateway': gb32960Gateway,
  'jt808-gateway': jt808Gateway,
  presence,
};
