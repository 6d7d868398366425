// The contract between the bridge and an MQTT broker: the probes, and asking them of one broker.

import { type BrokerUnderTest, type Finding, type Probe, ProbeBench } from './probe.ts';
import { leavingProbes } from './probes/leaving.ts';
import { limitProbes } from './probes/limits.ts';
import { sharingProbes } from './probes/sharing.ts';
import { windowProbes } from './probes/windows.ts';

const all: readonly Probe[] = [...sharingProbes, ...windowProbes, ...leavingProbes, ...limitProbes];

/** What a promise of the bridge rests on, then what may differ. */
export const probes: readonly Probe[] = [
  ...all.filter(({ need }) => need === 'needed'),
  ...all.filter(({ need }) => need === 'told'),
];

export interface Answer {
  readonly probe: Probe;
  /** Or why the probe could not be finished. */
  readonly finding: Finding | Error;
}

/** Never rejects. `isLong`: more messages. */
export async function ask(probe: Probe, broker: BrokerUnderTest, isLong: boolean): Promise<Answer> {
  const bench = new ProbeBench(broker, isLong);
  try {
    return { probe, finding: await probe.run(bench) };
  } catch (error) {
    return { probe, finding: error instanceof Error ? error : new Error(String(error)) };
  } finally {
    await bench.close();
  }
}

/** Null where the bridge can live with the answer. */
export function faultOf({ probe, finding }: Answer): string | null {
  if (finding instanceof Error) return `${probe.name}: ${finding.message}`;
  if (probe.need === 'told' || finding.verdict === 'yes') return null;
  const { name, sentence, otherwise } = probe;
  return `${name}: wanted "${sentence}", found ${finding.verdict}, ${finding.detail}: ${otherwise}`;
}
