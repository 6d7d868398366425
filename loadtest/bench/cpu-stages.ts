// Where the CPU time of a bridge goes: the samples of V8's profile, each given to the innermost
// code that belongs to a stage. Pure but for reading the file.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** As V8 writes it. Times in us of the machine's monotonic clock. */
export interface CpuProfile {
  readonly startTime: number;
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** In the order of a frame's way. */
export const cpuStages = [
  'MQTT',
  'decode',
  'Avro',
  'window and lanes',
  'compression',
  'Kafka',
  'garbage collection',
  'other',
] as const;

export type CpuStage = (typeof cpuStages)[number];

/** The first that fits counts. */
const rooms: readonly (readonly [RegExp, CpuStage])[] = [
  [/^node:zlib|\/shared\/kafka\/zstd\.ts/, 'compression'],
  [/\/shared\/avro\/|\/avsc\//, 'Avro'],
  [/\/shared\/(frame|telemetry|ingest)\/|\/xxhash-wasm\//, 'decode'],
  [/\/shared\/mqtt\/|\/services\/bridge\/source\/|\/node_modules\/mqtt/, 'MQTT'],
  [/\/shared\/kafka\/|\/kafkajs\/|\/@platformatic\//, 'Kafka'],
  [/\/services\/bridge\//, 'window and lanes'],
];

/** Shares of the time in which the thread was busy, of the samples between the two instants. */
export function stageShares(
  { startTime, nodes, samples, timeDeltas }: CpuProfile,
  { from, to }: { readonly from: number; readonly to: number },
): ReadonlyMap<CpuStage, number> {
  const stages = stagesOf(nodes);
  const micros = new Map<CpuStage, number>(cpuStages.map((stage) => [stage, 0]));
  let at = startTime;
  let busy = 0;
  for (const [index, sample] of samples.entries()) {
    const delta = timeDeltas[index]!;
    at += delta;
    const stage = stages.get(sample);
    if (at < from || at > to || stage === undefined) continue;
    busy += delta;
    micros.set(stage, micros.get(stage)! + delta);
  }
  return new Map([...micros].map(([stage, time]) => [stage, busy === 0 ? 0 : time / busy]));
}

/** By node; an idle one has none. */
function stagesOf(nodes: readonly ProfileNode[]): ReadonlyMap<number, CpuStage> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stages = new Map<number, CpuStage>();
  const visit = (node: ProfileNode, inherited: CpuStage): void => {
    const stage = ownStage(node) ?? inherited;
    if (node.callFrame.functionName !== '(idle)') stages.set(node.id, stage);
    for (const child of node.children ?? []) visit(byId.get(child)!, stage);
  };
  const [root] = nodes;
  if (root !== undefined) visit(root, 'other');
  return stages;
}

function ownStage({ callFrame: { functionName, url } }: ProfileNode): CpuStage | undefined {
  if (functionName === '(garbage collector)') return 'garbage collection';
  return rooms.find(([pattern]) => pattern.test(url))?.[1];
}

/** The one of the process that ran longest. */
export function readProfile(dir: string): CpuProfile {
  const files = readdirSync(dir).filter((name) => name.endsWith('.cpuprofile'));
  const bySize = files.map((name) => join(dir, name)).sort((a, b) => sizeOf(b) - sizeOf(a));
  if (bySize[0] === undefined) throw new Error(`a CPU profile wanted in ${dir}, found none`);
  return JSON.parse(readFileSync(bySize[0], 'utf8')) as CpuProfile;
}

function sizeOf(file: string): number {
  return statSync(file).size;
}

/** The clock of a profile, us. */
export function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
