// JT/T 808 as ingest needs it: it answers nearly everything, and splits what is long.

import { answerTo, answerToRefused, isReport } from '../frame/jt808/answer-to.ts';
import { decodeMessage } from '../frame/jt808/decode-message.ts';
import type { Jt808Frame } from '../frame/jt808/frame.ts';
import { joinParts, placeOf } from '../frame/jt808/parts.ts';
import { interpret } from '../telemetry/jt808.ts';
import type { CodecEntry } from './codec-entry.ts';

export const jt808: CodecEntry<Jt808Frame> = {
  version: 'jt808/1',
  decode: decodeMessage,
  interpret,
  isReport,
  answer: (frame, { nowAt, jt808Auth }) => answerTo(frame, { nowAt, auth: jt808Auth }),
  answerRefused: answerToRefused,
  signed: null,
  split: { placeOf, join: joinParts },
};
