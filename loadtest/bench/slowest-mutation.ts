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
 * What looks slow by the clock on the wall is run again, so often that its CPU time can be told:
 * that clock is too coarse for one frame. The fastest of four such turns counts, so that neither a
 * neighbour nor the compiler is blamed on it.
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
    const run = () => ingest({ mqttTopic, payload, receivedAt, origin });
    if (Math.min(wallMsOf(run), wallMsOf(run)) <= slowest.ms) continue;
    let ms = cpuMsOf(run);
    for (let again = 0; again < 3 && ms > slowest.ms; again += 1) ms = Math.min(ms, cpuMsOf(run));
    if (ms <= slowest.ms) continue;
    slowest = { ms, bytes: payload.length, outcome: outcomes[0]?.kind ?? 'none' };
  }
  return { codec: codec.name, mutations, ...slowest };
}

const receivedAt = Date.now();
const origin = { bridge: 'bench', epoch: 1, sequence: 1 };

/** Its own identity, so that frames are not refused for it before their work. */
function topicLevelOf(vehicleId: string | null): string {
  return vehicleId !== null && /^[0-9A-Za-z-]{1,64}$/.test(vehicleId) ? vehicleId : 'anybody';
}

function wallMsOf(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

const cpuMsEnough = 100;
const runsMax = 1000;

/** Of one run, as the mean of many. */
function cpuMsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  for (let runs = 1; ; runs += 1) {
    work();
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1000;
    if (ms > cpuMsEnough || runs === runsMax) return ms / runs;
  }
}
