// What EMQX's GB/T 32960 gateway publishes, made wrong: raw numbers that no field can hold, counts
// that lie, lists that are none.

import { decodeMessage as decodeFrames } from '#shared/frame/gb32960/decode-message.ts';
import type { Gb32960Frame } from '#shared/frame/gb32960/frame.ts';
import { decodeMessage } from '#shared/frame/gb32960-gateway/decode-message.ts';
import { describeMessage } from '#shared/frame/gb32960-gateway/describe-message.ts';
import { buildGatewayMessage } from '#shared/frame/gb32960-gateway/encode-message.ts';
import { explainMessage } from '#shared/frame/gb32960-gateway/explain-message.ts';
import { type FuzzCodec, goldenPayloads } from '../fuzz-codec.ts';
import { filledJson, jsonMutations } from '../json-mutations.ts';
import { gb32960Fuzz } from './gb32960.ts';

/** As far as the gateway's JSON can say a frame: the others are no less JSON. */
const corpus: readonly Buffer[] = [
  ...goldenPayloads('gb32960-gateway'),
  ...gb32960Fuzz.corpus.flatMap((payload) =>
    decodeFrames(payload).flatMap(({ frame }) => (frame === null ? [] : gatewayMessageOf(frame))),
  ),
];

function gatewayMessageOf(frame: Gb32960Frame): readonly Buffer[] {
  try {
    return [buildGatewayMessage(frame)];
  } catch {
    return [];
  }
}

export const gb32960GatewayFuzz: FuzzCodec = {
  name: 'gb32960-gateway',
  corpus,
  mutations: jsonMutations(corpus),
  fill: filledJson,
  decode: decodeMessage,
  describe: describeMessage,
  explain: explainMessage,
  vehicleIdOf: (outcomes) => (outcomes[0]?.frame as Gb32960Frame | null | undefined)?.vin ?? null,
};
