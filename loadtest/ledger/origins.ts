// An origin names one frame: two that share bridge, epoch and sequence make order and tenure
// unknowable for whoever reads the topics.

import { FindingList, type Findings } from './findings.ts';
import type { Slot } from './slots.ts';

export function checkOrigins(slots: Iterable<Slot>): Findings {
  const shared = new FindingList();
  const tenures = new Map<string, Map<number, Slot>>();
  for (const slot of slots) {
    // A copy that was sent again has the origin of the first.
    for (const { origin } of slot.copies) {
      const { bridge, epoch, sequence } = origin;
      const tenure = `${bridge}/${epoch}`;
      const owners = tenures.get(tenure) ?? new Map<number, Slot>();
      tenures.set(tenure, owners);
      const owner = owners.get(sequence);
      if (owner === undefined) owners.set(sequence, slot);
      else if (owner.frame !== slot.frame)
        shared.add(sharedText(`${tenure}/${sequence}`, slot, owner));
    }
  }
  return shared;
}

function sharedText(origin: string, slot: Slot, owner: Slot): string {
  return `${nameOf(slot)} has the origin ${origin} of ${nameOf(owner)}`;
}

function nameOf({ vehicleId, expected, sends }: Slot): string {
  return `${vehicleId} ${expected.kind} of message ${sends[0]?.message.messageNo}`;
}
