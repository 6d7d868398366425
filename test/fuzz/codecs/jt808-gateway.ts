// What EMQX's JT/T 808 gateway publishes, made wrong: raw numbers that no field can hold, items of
// no name, texts that are no GBK, digits that are none.

import { decodeMessage as decodeFrames } from '#shared/frame/jt808/decode-message.ts';
import type { Jt808Frame } from '#shared/frame/jt808/frame.ts';
import { decodeMessage } from '#shared/frame/jt808-gateway/decode-message.ts';
import { describeMessage } from '#shared/frame/jt808-gateway/describe-message.ts';
import { buildGatewayMessage } from '#shared/frame/jt808-gateway/encode-message.ts';
import { explainMessage } from '#shared/frame/jt808-gateway/explain-message.ts';
import { type FuzzCodec, goldenPayloads } from '../fuzz-codec.ts';
import { filledJson, jsonMutations } from '../json-mutations.ts';
import { jt808Fuzz } from './jt808.ts';

const corpus: readonly Buffer[] = [
  ...goldenPayloads('jt808-gateway'),
  ...jt808Fuzz.corpus.flatMap((payload) =>
    decodeFrames(payload).flatMap(({ frame }) =>
      frame === null ? [] : [buildGatewayMessage(frame)],
    ),
  ),
];

export const jt808GatewayFuzz: FuzzCodec = {
  name: 'jt808-gateway',
  corpus,
  mutations: jsonMutations(corpus),
  fill: filledJson,
  decode: decodeMessage,
  describe: describeMessage,
  explain: explainMessage,
  vehicleIdOf: (outcomes) => (outcomes[0]?.frame as Jt808Frame | null | undefined)?.phone ?? null,
};
