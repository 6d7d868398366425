// Order within a tenure: what one bridge got over one connection of one vehicle is stored in the
// order of receipt, and was received in the order in which it was sent.

import type { FaultEntry } from './entries.ts';
import { isExplained } from './faults.ts';
import { FindingList, type Findings } from './findings.ts';
import type { Copy, Send, Slot } from './slots.ts';

export interface OrderFindings {
  /** Stored in another order than received, or received in another one than sent. */
  readonly unexplained: Findings;
  /** Received late because the broker delivered it again, after a fault or a drain. */
  readonly explained: Findings;
}

export interface OrderEvidence {
  readonly faults: readonly FaultEntry[];
  /** Whether somebody who saw the broker deal knows that it had dealt this before, to another. */
  readonly wasDealtBefore?: ((send: Send, copy: Copy) => boolean) | undefined;
}

export function checkOrder(slots: Iterable<Slot>, evidence: OrderEvidence): OrderFindings {
  const unexplained = new FindingList();
  const explained = new FindingList();
  const tenures = tenuresOf(slots);
  for (const arrivals of tenures.values()) {
    checkStored(arrivals, unexplained);
    checkReceived(arrivals, { ...evidence, unexplained, explained });
  }
  return { unexplained, explained };
}

interface Arrival {
  readonly slot: Slot;
  readonly copy: Copy;
}

/** By vehicle, bridge and epoch. */
function tenuresOf(slots: Iterable<Slot>): Map<string, Arrival[]> {
  const tenures = new Map<string, Arrival[]>();
  for (const slot of slots) {
    for (const copy of slot.copies) {
      const { bridge, epoch } = copy.origin;
      const key = `${slot.vehicleId} ${bridge} ${epoch}`;
      const arrivals = tenures.get(key) ?? [];
      arrivals.push({ slot, copy });
      tenures.set(key, arrivals);
    }
  }
  return tenures;
}

/** A batch that was written twice repeats its sequences: only first places count. */
function checkStored(arrivals: readonly Arrival[], unexplained: FindingList): void {
  const highest = new Map<string, number>();
  const seen = new Set<number>();
  const byOffset = [...arrivals].sort((a, b) => a.copy.offset - b.copy.offset);
  for (const { slot, copy } of byOffset) {
    const place = `${copy.kafkaTopic}/${copy.partition}`;
    const { sequence } = copy.origin;
    const before = highest.get(place) ?? 0;
    if (sequence < before && !seen.has(sequence)) {
      unexplained.add(
        `${slot.vehicleId} ${place} offset ${copy.offset}: sequence ${sequence} after ${before}`,
      );
    }
    seen.add(sequence);
    highest.set(place, Math.max(before, sequence));
  }
}

interface Verdicts extends OrderEvidence {
  readonly unexplained: FindingList;
  readonly explained: FindingList;
}

function checkReceived(arrivals: readonly Arrival[], verdicts: Verdicts): void {
  // Frames that share a slot cannot be told apart, so neither can their order.
  const single = arrivals.filter(({ slot }) => slot.sends.length === 1);
  const bySequence = [...single].sort((a, b) => a.copy.origin.sequence - b.copy.origin.sequence);
  let latest: Send | null = null;
  for (const { slot, copy } of bySequence) {
    const send = slot.sends[0] as Send;
    if (latest === null || send.place >= latest.place) {
      latest = send;
      continue;
    }
    const isRepeated = send.message.attempts > 1;
    const isLate =
      isRepeated ||
      isExplained(verdicts.faults, slot.sends, copy.receivedAt) ||
      verdicts.wasDealtBefore?.(send, copy) === true;
    const list = isLate ? verdicts.explained : verdicts.unexplained;
    list.add(
      `${slot.vehicleId} ${slot.expected.kind} of message ${send.message.messageNo} received ` +
        `after message ${latest.message.messageNo} by ${copy.origin.bridge}/${copy.origin.epoch}`,
    );
  }
}
