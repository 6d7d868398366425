// Client events of EMQX made wrong.

import { decodeMessage } from '#shared/frame/presence/decode-message.ts';
import { describeMessage } from '#shared/frame/presence/describe-message.ts';
import { buildEvent } from '#shared/frame/presence/encode-event.ts';
import { explainMessage } from '#shared/frame/presence/explain-message.ts';
import { type FuzzCodec, goldenPayloads } from '../fuzz-codec.ts';
import { filledJson, jsonMutations } from '../json-mutations.ts';

const at = Date.UTC(2026, 4, 1, 4);
const clientId = 'FWGOLDEN000000001';

const corpus: readonly Buffer[] = [
  ...goldenPayloads('presence'),
  buildEvent({ event: 'connected', clientId, at }),
  buildEvent({ event: 'disconnected', clientId, at, reason: 'keepalive_timeout' }),
];

export const presenceFuzz: FuzzCodec = {
  name: 'presence',
  corpus,
  mutations: jsonMutations(corpus),
  fill: filledJson,
  decode: decodeMessage,
  describe: describeMessage,
  explain: explainMessage,
  vehicleIdOf: () => clientId,
};
