// Conservation: received = produced + quarantined + returned + in flight, for every codec of a
// bridge at every scrape. Reads the text that /metrics gives.

import { FindingList, type Findings } from './findings.ts';

/** The five terms of one codec. */
export interface LedgerLine {
  received: number;
  produced: number;
  quarantined: number;
  returned: number;
  inFlight: number;
}

export interface ConservationFindings {
  readonly scrapeCount: number;
  readonly breaches: Findings;
}

export class Conservation implements ConservationFindings {
  scrapeCount = 0;
  readonly breaches = new FindingList();

  /** Answers the lines by codec. */
  add(bridge: string, metrics: string): ReadonlyMap<string, LedgerLine> {
    const lines = ledgerLinesOf(metrics);
    this.scrapeCount += 1;
    if (lines.size === 0) this.breaches.add(`${bridge}: no ledger in its metrics`);
    for (const [codec, line] of lines) {
      const { received, produced, quarantined, returned, inFlight } = line;
      if (received === produced + quarantined + returned + inFlight) continue;
      this.breaches.add(
        `${bridge} ${codec}: received ${received}, but produced ${produced} + quarantined ` +
          `${quarantined} + returned ${returned} + in flight ${inFlight}`,
      );
    }
    return lines;
  }
}

const sample = /^fleetwire_bridge_frames_(\w+?)(?:_total)?\{([^}]*)\} (\S+)$/;

const terms: Readonly<Record<string, keyof LedgerLine>> = {
  received: 'received',
  produced: 'produced',
  quarantined: 'quarantined',
  returned: 'returned',
  in_flight: 'inFlight',
};

/** By codec; the reasons of quarantine are summed up. */
export function ledgerLinesOf(metrics: string): Map<string, LedgerLine> {
  const lines = new Map<string, LedgerLine>();
  for (const text of metrics.split('\n')) {
    const match = sample.exec(text);
    const term = terms[match?.[1] ?? ''];
    if (match === null || term === undefined) continue;
    const codec = /codec="([^"]*)"/.exec(match[2] as string)?.[1] ?? '';
    const line = lines.get(codec) ?? emptyLine();
    line[term] += Number(match[3]);
    lines.set(codec, line);
  }
  return lines;
}

function emptyLine(): LedgerLine {
  return { received: 0, produced: 0, quarantined: 0, returned: 0, inFlight: 0 };
}
