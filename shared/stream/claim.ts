// How a partition becomes ours: fenced for everybody else, its place found, its inputs read on from
// there. The store says where that is, not Kafka's committed offsets.

import { type Abandoned, abandoned, type Hold } from './hold.ts';
import type { Jump, Jumps } from './jumps.ts';
import type { LogSpan } from './logs.ts';
import type { StreamParts } from './parts.ts';
import { rebuild } from './rebuild.ts';
import type { Claim } from './store.ts';
import { spansOf, type Tenure } from './tenure.ts';
import type { Vehicles } from './vehicles.ts';
import { isFencedByClock, type Place } from './work.ts';

export interface ClaimOptions<State> {
  readonly parts: StreamParts<State>;
  readonly partition: number;
  readonly vehicles: Vehicles<State>;
  readonly jumps: Jumps<State>;
  readonly hold: Hold;
  readonly tenure: Tenure;
  /** Those of the join, or asked now where there is doubt. */
  readonly askSpans: () => Promise<readonly LogSpan[]>;
  /** As we left it, where what we remember stands; else null. */
  readonly before: Place | null;
}

export interface Claimed {
  readonly place: Place;
  /**
   * kept: nobody has written since, memory stands. unknown: a scan must tell. rebuilt: memory is
   * what the rebuild found.
   */
  readonly memory: 'kept' | 'unknown' | 'rebuilt';
}

export type ClaimOutcome = Claimed | 'fenced' | 'lost' | 'clock' | Abandoned;

export async function claimPartition<State>(options: ClaimOptions<State>): Promise<ClaimOutcome> {
  const { parts, partition, hold, tenure, before } = options;
  const claim = await hold('Redis', () => parts.store.claim(partition));
  if (claim === abandoned) return abandoned;
  const joined = await hold('Kafka', options.askSpans);
  if (joined === abandoned) return abandoned;
  const memory = before !== null && isAsLeft(claim, before) ? 'kept' : 'unknown';
  const { offsets } = claim;
  let spans = spansOf(joined, topicsOf(parts), partition);
  if (offsets !== null && remadeInputs(offsets, spans).size === 0) {
    return placed(options, { claim, offsets, spans, jumps: gaps(offsets, spans), memory });
  }
  // Much may have been appended and applied since the join: asked anew, after the claim.
  const now = await hold('Kafka', () => tenure.spansNow());
  if (now === abandoned) return abandoned;
  spans = spansOf(now, topicsOf(parts), partition);
  if (offsets === null) return rebuilt(options, { claim, spans, remade: new Set() });
  const remade = remadeInputs(offsets, spans);
  if (remade.size > 0) return rebuilt(options, { claim, spans, remade });
  return placed(options, { claim, offsets, spans, jumps: gaps(offsets, spans), memory });
}

interface Lost {
  readonly claim: Claim;
  readonly spans: readonly LogSpan[];
  readonly remade: ReadonlySet<number>;
}

/** Also where an input was made anew: only a rebuild can set offsets back. */
async function rebuilt<State>(
  options: ClaimOptions<State>,
  { claim, spans, remade }: Lost,
): Promise<ClaimOutcome> {
  const { parts } = options;
  const { epoch } = claim;
  const outcome = await parts.rebuildTurns.take(() =>
    rebuild({ ...options, epoch, spans, remade }),
  );
  if (typeof outcome !== 'object') return outcome;
  const offsets = outcome.offsets!;
  const jumps = gaps(offsets, spans).filter(({ input }) => !remade.has(input));
  for (const input of remade) {
    jumps.push({ input, wanted: claim.offsets![input]! + 1, found: spans[input]!.low });
  }
  return placed(options, { claim: outcome, offsets, spans, jumps, memory: 'rebuilt' });
}

interface Found {
  readonly claim: Claim;
  readonly offsets: readonly number[];
  readonly spans: readonly LogSpan[];
  readonly jumps: readonly Omit<Jump, 'partition'>[];
  readonly memory: Claimed['memory'];
}

/** Jumps are stored before anything goes on after them. */
async function placed<State>(
  options: ClaimOptions<State>,
  { claim, offsets, spans, jumps, memory }: Found,
): Promise<ClaimOutcome> {
  const { parts, partition, before } = options;
  for (const jump of jumps) {
    const stored = await storeJump(options, { ...jump, partition });
    if (stored !== 'stored') return stored === 'fenced' ? 'clock' : stored;
  }
  const { epoch, writeCount, forgetCount } = claim;
  const place: Place = {
    ...{ partition, epoch, writeCount, forgetCount },
    offsets: [...offsets],
    nextOffsets: offsets.map((offset, input) => Math.max(offset + 1, spans[input]!.low)),
    appendedAt: memory === 'kept' ? before!.appendedAt : offsets.map(() => 0),
  };
  for (const [input, topic] of topicsOf(parts).entries()) {
    const next = place.nextOffsets[input]!;
    parts.consumer.seek(topic, partition, next);
    if (offsets[input]! >= 0) parts.commits.note({ topic, partition, next });
  }
  return { place, memory };
}

/** Told, counted and in quarantine; at once 'stored' where it was before. */
export async function storeJump<State>(
  { parts, jumps, hold }: Pick<ClaimOptions<State>, 'parts' | 'jumps' | 'hold'>,
  jump: Jump,
): Promise<'stored' | 'fenced' | Abandoned> {
  const output = jumps.outputOf(jump);
  if (output === null) return 'stored';
  const record = { ...output, partition: parts.partitionOf(output.topic, output.key) };
  const isFenced = () => isFencedByClock(parts);
  const stored = await parts.outputs.store({ records: [record], hold, isFenced });
  if (stored === 'stored') jumps.told(jump);
  return stored;
}

function topicsOf<State>({ processor }: StreamParts<State>): readonly string[] {
  return processor.inputs.map(({ topic }) => topic);
}

/** Beyond its end was applied: the topic is another one, or was cut short. */
function remadeInputs(offsets: readonly number[], spans: readonly LogSpan[]): ReadonlySet<number> {
  const isBeyond = (input: number) => offsets[input]! + 1 > spans[input]!.high;
  return new Set([...offsets.keys()].filter(isBeyond));
}

/** Deleted before applied. Where nothing was ever applied, the start is where the topic starts. */
function gaps(offsets: readonly number[], spans: readonly LogSpan[]): Omit<Jump, 'partition'>[] {
  const jumps: Omit<Jump, 'partition'>[] = [];
  for (const [input, offset] of offsets.entries()) {
    const found = spans[input]!.low;
    if (offset >= 0 && offset + 1 < found) jumps.push({ input, wanted: offset + 1, found });
  }
  return jumps;
}

/** Nobody has written since: what we remember is what the store has. */
function isAsLeft({ offsets, writeCount, forgetCount }: Claim, before: Place): boolean {
  return (
    writeCount === before.writeCount &&
    forgetCount === before.forgetCount &&
    before.offsets.every((offset, input) => offset === offsets?.[input])
  );
}
