// The codecs that are fuzzed: all of them.

import { gb32960Fuzz } from './codecs/gb32960.ts';
import { gb32960GatewayFuzz } from './codecs/gb32960-gateway.ts';
import { jsonFuzz } from './codecs/json.ts';
import { jt808Fuzz } from './codecs/jt808.ts';
import { jt808GatewayFuzz } from './codecs/jt808-gateway.ts';
import { presenceFuzz } from './codecs/presence.ts';
import type { FuzzCodec } from './fuzz-codec.ts';

export const fuzzCodecs: readonly FuzzCodec[] = [
  gb32960Fuzz,
  jt808Fuzz,
  jsonFuzz,
  gb32960GatewayFuzz,
  jt808GatewayFuzz,
  presenceFuzz,
];
