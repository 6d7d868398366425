// What the items of a report have become so far, whatever their edition.

import type {
  AlarmState,
  CustomItem as CustomBytes,
  Engine,
  Extremes,
  FuelCell,
  Motor,
  Position,
  Stack,
  SuperCapacitor,
  SuperCapacitorExtremes,
  Vehicle,
} from '../avro/types.generated.ts';
import type { Item } from '../frame/gb32960/frame.ts';
import { asBuffer } from './bytes.ts';
import type { OpenPack } from './gb32960-packs.ts';

/** The part of a Telemetry that comes from items. */
export interface Content {
  position: Position | null;
  vehicle: Vehicle | null;
  readonly motors: Motor[];
  fuelCell: FuelCell | null;
  engine: Engine | null;
  extremes: Extremes | null;
  readonly alarms: AlarmState[];
  readonly packs: OpenPack[];
  readonly custom: CustomBytes[];
  readonly stacks: Stack[];
  superCapacitor: SuperCapacitor | null;
  superCapacitorExtremes: SuperCapacitorExtremes | null;
}

/**
 * A report carries one alarm item, seldom two. Only a made-up frame has more than this: at 32
 * names each, 64 KiB of them would be 3 MB of text.
 */
export const alarmsMax = 256;

export function openContent(): Content {
  return {
    position: null,
    vehicle: null,
    motors: [],
    fuelCell: null,
    engine: null,
    extremes: null,
    alarms: [],
    packs: [],
    custom: [],
    stacks: [],
    superCapacitor: null,
    superCapacitorExtremes: null,
  };
}

/** Room for one alarm more than `alarmsMax`, which shows the excess. */
export function hasRoom(alarms: readonly AlarmState[]): boolean {
  return alarms.length <= alarmsMax;
}

/** One copy too many of an item that the record holds once. */
export function keepBytes(custom: CustomBytes[], item: Item): void {
  custom.push({ type: item.type, bytes: asBuffer(item.bytes) });
}
