// What codecs hold and find beside the frames: parts that wait, signatures that were checked.

import { type PartAssembly, partBounds } from '#shared/ingest/part-assembly.ts';
import { counterFrom, gaugeFrom, type MetricsRegistry } from '#shared/runtime/metrics.ts';
import { type Signatures, verdicts } from './signatures.ts';

export function registerCodecs(
  registry: MetricsRegistry,
  { assembly, signatures }: { readonly assembly: PartAssembly; readonly signatures: Signatures },
): void {
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_bridge_parts_held',
      help: 'Parts of split messages that wait for others; stored and acknowledged already.',
      labels: {},
    },
    () => assembly.heldCount,
  );
  gaugeFrom(
    registry,
    {
      name: 'fleetwire_bridge_parts_held_bytes',
      help: 'Bytes of those parts, with the objects around them.',
      labels: {},
    },
    () => assembly.heldBytes,
  );
  counterFrom(
    registry,
    {
      name: 'fleetwire_bridge_wholes_made_total',
      help: 'Split messages of which all parts came in time, joined.',
      labels: {},
    },
    () => assembly.counts.wholeCount,
  );
  counterFrom(
    registry,
    {
      name: 'fleetwire_bridge_wholes_given_up_total',
      help: 'Split messages given up, by what was not enough; their parts stay in vehicle.part.v1.',
      labels: { bound: partBounds },
    },
    ({ bound }) => assembly.counts.givenUpCounts[bound],
  );
  counterFrom(
    registry,
    {
      name: 'fleetwire_bridge_signatures_checked_total',
      help: 'Signatures looked at, by what they were worth.',
      labels: { verdict: verdicts },
    },
    ({ verdict }) => signatures.counts[verdict],
  );
}
