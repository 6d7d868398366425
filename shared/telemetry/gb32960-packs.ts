// Voltages and temperatures of one energy storage subsystem meet in one pack: items 0x08 and 0x09
// of the 2016 edition, 0x07 and 0x08 of 2025.

import type { Pack } from '../avro/types.generated.ts';
import type { Item, TemperatureSubsystem, VoltagesItem } from '../frame/gb32960/frame.ts';
import type { CellVoltagesItem } from '../frame/gb32960/frame-2025.ts';
import type { Marks } from './field-states.ts';
import {
  markTemperaturesCount,
  markVoltagesCount,
  packTemperaturesC,
  toPack,
  toTemperaturePack,
} from './gb32960-2016.generated.ts';
import {
  markCellVoltagesCount,
  markPackTemperaturesCount,
  toPack2025,
  toTemperaturePack2025,
} from './gb32960-2025.generated.ts';

/** A pack whose temperatures may still come. */
export interface OpenPack extends Omit<Pack, 'temperaturesC'> {
  temperaturesC: Pack['temperaturesC'];
}

export function addVoltages(packs: OpenPack[], item: VoltagesItem, marks: Marks): void {
  markVoltagesCount(item.subsystemCount, marks);
  for (const subsystem of item.subsystems) packs.push(toPack(subsystem, packs.length, marks));
}

export function addCellVoltages(packs: OpenPack[], item: CellVoltagesItem, marks: Marks): void {
  markCellVoltagesCount(item.packCount, marks);
  for (const pack of item.packs) packs.push(toPack2025(pack, packs.length, marks));
}

/**
 * Gives each subsystem of the temperature items to the first pack of its number that has none
 * yet, else a pack of its own. Linear in packs and subsystems, whatever their numbers are.
 */
export function addTemperatures(packs: OpenPack[], items: readonly Item[], marks: Marks): void {
  const waiting = new WaitingPacks(packs);
  for (const item of items) {
    if (item.kind === 'temperatures') {
      markTemperaturesCount(item.subsystemCount, marks);
      for (const each of item.subsystems) join(packs, waiting, { each, marks, toTemperaturePack });
    } else if (item.kind === 'packTemperatures') {
      markPackTemperaturesCount(item.subsystemCount, marks);
      const toOwn = { marks, toTemperaturePack: toTemperaturePack2025 };
      for (const each of item.subsystems) join(packs, waiting, { each, ...toOwn });
    }
  }
}

interface Joining {
  readonly each: TemperatureSubsystem;
  readonly marks: Marks;
  /** For one that no pack waits for. */
  readonly toTemperaturePack: typeof toTemperaturePack;
}

/** Lists of temperatures have the same range in both editions. */
function join(
  packs: OpenPack[],
  waiting: WaitingPacks,
  { each, marks, toTemperaturePack }: Joining,
): void {
  const at = waiting.take(each.no);
  if (at === none) packs.push(toTemperaturePack(each, packs.length, marks));
  else (packs[at] as OpenPack).temperaturesC = packTemperaturesC(each, at, marks);
}

const none = -1;

/** The packs that have voltages and wait for temperatures, found by number. */
class WaitingPacks {
  readonly #packs: readonly Pack[];
  readonly #count: number;
  /** All packs before it are taken, in order: the usual case needs no search. */
  #inOrder = 0;
  /** By number: packs before it are taken or have another number. Null while all is in order. */
  #searchFrom: Uint32Array | null = null;

  constructor(packs: readonly Pack[]) {
    this.#packs = packs;
    this.#count = packs.length;
  }

  /** Place of the pack that was waiting, or `none`. */
  take(no: number): number {
    if (this.#searchFrom === null) {
      const at = this.#inOrder;
      if (at < this.#count && this.#packs[at]?.no === no) {
        this.#inOrder += 1;
        return at;
      }
      this.#searchFrom = new Uint32Array(256).fill(at);
    }
    return this.#search(no, this.#searchFrom);
  }

  #search(no: number, searchFrom: Uint32Array): number {
    for (let at = searchFrom[no] as number; at < this.#count; at += 1) {
      if (this.#packs[at]?.no !== no) continue;
      searchFrom[no] = at + 1;
      return at;
    }
    searchFrom[no] = this.#count;
    return none;
  }
}
