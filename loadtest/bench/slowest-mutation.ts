// The slowest frame that mutation can make, of each codec: the loop must never be held up by one.

import type { Ingest } from '#shared/ingest/contract.ts';
import { fuzzCodecs } from '#test/fuzz/codecs.ts';
import type { FuzzCodec } from '#test/fuzz/fuzz-codec.ts';
import { mutatedPayload } from '#test/fuzz/mutate.ts';

export interface Slowest {
  /** As topics name it. */
  readonly codec: string;
  readonly mutations: number;
  readonly ms: number;
  readonly bytes: number;
  /** The kind of its first outcome. */
  readonly outcome: string;
}

interface MutationOptions {
  /** Of each codec. */
  readonly mutations: number;
  readonly seed: number;
}

export function slowestMutations(ingest: Ingest, options: MutationOptions): readonly Slowest[] {
  return fuzzCodecs.map((codec) => slowestOf(ingest, codec, options));
}

/**
 * By wall time, since the clock of CPU time is too coarse for one frame; what looks slow is
 * measured again and its fastest run counts, so that neither a neighbour nor the collector is
 * blamed on it.
 */
function slowestOf(
  ingest: Ingest,
  codec: FuzzCodec,
  { mutations, seed }: MutationOptions,
): Slowest {
  let slowest = { ms: 0, bytes: 0, outcome: 'none' };
  for (let n = 0; n < mutations; n += 1) {
    const payload = mutatedPayload(codec, seed, n);
    const outcomes = codec.decode(payload);
    const mqttTopic = `v1/up/${topicLevelOf(codec.vehicleIdOf(outcomes))}/${codec.name}`;
    const run = () => msOf(() => ingest({ mqttTopic, payload, receivedAt: 0, origin }));
    let ms = run();
    for (let again = 0; again < 4 && ms > slowest.ms; again += 1) ms = Math.min(ms, run());
    if (ms <= slowest.ms) continue;
    slowest = { ms, bytes: payload.length, outcome: outcomes[0]?.kind ?? 'none' };
  }
  return { codec: codec.name, mutations, ...slowest };
}

const origin = { bridge: 'bench', epoch: 1, sequence: 1 };

/** Its own identity, so that frames are not refused for it before their work. */
function topicLevelOf(vehicleId: string | null): string {
  return vehicleId !== null && /^[0-9A-Za-z-]{1,64}$/.test(vehicleId) ? vehicleId : 'anybody';
}

function msOf(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
