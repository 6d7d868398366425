// The items of one report: found in the order of the bytes, written in the order of the schema.
// No function here makes an object for a frame; straight-report.ts says for what gain.

import {
  avroText,
  declined,
  otherBranch,
  type Slab,
  writeBytes,
  writeInt,
  writeLong,
} from '../avro/straight.ts';
import { entriesOf } from '../frame/gb32960/layout.ts';
import { customTypeMax, customTypeMin } from '../frame/gb32960/layout-2016.ts';
import type { Marks } from '../telemetry/field-states.ts';
import {
  markMotorsCount,
  markTemperaturesCount,
  markVoltagesCount,
} from '../telemetry/gb32960-2016.generated.ts';
import {
  endOfItem,
  endOfTemperaturesEntry,
  endOfVoltagesEntry,
  motorsEntrySize,
  writeAlarm,
  writeEngine,
  writeExtremes,
  writeFuelCell,
  writeMotor,
  writePack,
  writePackTemperaturesC,
  writePosition,
  writeTemperaturePack,
  writeVehicle,
} from './gb32960-2016-straight.generated.ts';

const type = {
  vehicle: 0x01,
  motors: 0x02,
  fuelCell: 0x03,
  engine: 0x04,
  position: 0x05,
  extremes: 0x06,
  alarm: 0x07,
  voltages: 0x08,
  temperatures: 0x09,
} as const;

const typeMax = type.temperatures;

/** More than a frame has that is not made up. */
const customsMax = 32;
const marksMax = 48;

/** Of a list that has one entry, and of its end. */
const oneEntry = 2;
const listEnd = 0;

export class StraightItems {
  #source: DataView = new DataView(new ArrayBuffer(0));
  /** By type, the first byte after the type byte; 0: not there. */
  readonly #at = new Int32Array(typeMax + 1);
  readonly #customAt = new Int32Array(customsMax);
  #customCount = 0;
  #end = 0;
  /** By type. */
  readonly #marks: readonly Marks[] = Array.from({ length: typeMax + 1 }, () => []);
  /** Where the marks go of items that are written a second time. */
  readonly #ignored: Marks = [];
  #isAgain = false;

  /** Finds the items from `at` to `end`; false: there are such as are read by way of objects. */
  read(source: DataView, from: number, end: number): boolean {
    this.#source = source;
    this.#end = end;
    this.#at.fill(0);
    this.#customCount = 0;
    this.#isAgain = false;
    for (let at = from; at < end; ) {
      const itemType = source.getUint8(at);
      at = itemType > typeMax ? this.#readCustom(at) : this.#readItem(itemType, at);
      if (at < 0) return false;
    }
    return this.#arePacksInOrder();
  }

  get markCount(): number {
    let count = 0;
    for (let at = 1; at <= typeMax; at += 1) count += this.#marks[at]!.length;
    return count;
  }

  /** The field `fieldStates`: in the order of the items, of which temperatures come last. */
  writeMarks(bytes: Buffer, from: number): number {
    const count = this.markCount;
    if (count > marksMax) return this.#dropMarks();
    const types = [...this.#at.keys()].filter((itemType) => this.#at[itemType]! > 0);
    const place = (itemType: number) =>
      itemType === type.temperatures ? this.#end : this.#at[itemType]!;
    types.sort((a, b) => place(a) - place(b));
    let to = writeInt(bytes, from, count);
    for (const { path, state, raw } of types.flatMap((itemType) => this.#marks[itemType]!)) {
      to = writeBytes(bytes, to, avroText(path));
      to = writeBytes(bytes, to, avroText(state));
      to = writeLong(bytes, to, raw);
    }
    bytes[to] = listEnd;
    this.#dropMarks();
    this.#isAgain = true;
    return to + 1;
  }

  #dropMarks(): typeof declined {
    for (const marks of this.#marks) marks.length = 0;
    return declined;
  }

  /** Everything from `position` to `custom`, in the order of the schema. */
  write(slab: Slab, from: number): number {
    const { bytes } = slab;
    let to = this.#writeOne(slab, from, type.position);
    to = this.#writeOne(slab, to, type.vehicle);
    to = this.#writeMotors(slab, to);
    to = this.#writeOne(slab, to, type.fuelCell);
    to = this.#writeOne(slab, to, type.engine);
    to = this.#writeOne(slab, to, type.extremes);
    const alarmAt = this.#at[type.alarm]!;
    if (alarmAt > 0) {
      bytes[to] = oneEntry;
      to = writeAlarm(slab, to + 1, this.#source, alarmAt, 0, this.#marksOf(type.alarm));
    }
    bytes[to++] = listEnd;
    to = this.#writePacks(slab, to);
    to = this.#writeCustoms(bytes, to);
    this.#ignored.length = 0;
    return to;
  }

  #marksOf(itemType: number): Marks {
    return this.#isAgain ? this.#ignored : this.#marks[itemType]!;
  }

  /** Where the item ends; -1 where it does not fit, has no layout, or comes a second time. */
  #readItem(itemType: number, at: number): number {
    if (this.#at[itemType] !== 0) return -1;
    this.#at[itemType] = at + 1;
    return endOfItem(itemType, this.#source, at + 1, this.#end);
  }

  /** An empty one is marked, which is not done here. */
  #readCustom(at: number): number {
    const source = this.#source;
    const itemType = source.getUint8(at);
    if (itemType < customTypeMin || itemType > customTypeMax) return -1;
    if (this.#end - at < 4 || this.#customCount === customsMax) return -1;
    const length = source.getUint16(at + 1);
    if (length === 0 || length > this.#end - at - 3) return -1;
    this.#customAt[this.#customCount++] = at;
    return at + 3 + length;
  }

  /** Whether each subsystem with temperatures is the next one with voltages, or none has these. */
  #arePacksInOrder(): boolean {
    const source = this.#source;
    const temperaturesAt = this.#at[type.temperatures]!;
    const voltagesAt = this.#at[type.voltages]!;
    if (temperaturesAt === 0 || voltagesAt === 0) return true;
    const packCount = entriesOf(source.getUint8(voltagesAt), 1);
    const count = entriesOf(source.getUint8(temperaturesAt), 1);
    if (count > packCount) return false;
    let packAt = voltagesAt + 1;
    let at = temperaturesAt + 1;
    for (let left = count; left > 0; left -= 1) {
      if (source.getUint8(packAt) !== source.getUint8(at)) return false;
      packAt = endOfVoltagesEntry(source, packAt, this.#end);
      at = endOfTemperaturesEntry(source, at, this.#end);
    }
    return true;
  }

  /** A union of null and the record of the item. */
  #writeOne(slab: Slab, to: number, itemType: number): number {
    const at = this.#at[itemType]!;
    slab.bytes[to] = at === 0 ? 0 : otherBranch;
    if (at === 0) return to + 1;
    const marks = this.#marksOf(itemType);
    switch (itemType) {
      case type.position:
        return writePosition(slab, to + 1, this.#source, at, marks);
      case type.vehicle:
        return writeVehicle(slab, to + 1, this.#source, at, marks);
      case type.fuelCell:
        return writeFuelCell(slab, to + 1, this.#source, at, marks);
      case type.engine:
        return writeEngine(slab, to + 1, this.#source, at, marks);
      default:
        return writeExtremes(slab, to + 1, this.#source, at, marks);
    }
  }

  #writeMotors(slab: Slab, from: number): number {
    const at = this.#at[type.motors]!;
    let to = from;
    if (at > 0) {
      const marks = this.#marksOf(type.motors);
      const announced = this.#source.getUint8(at);
      markMotorsCount(announced, marks);
      const count = entriesOf(announced, 1);
      if (count > 0) to = writeInt(slab.bytes, to, count);
      for (let place = 0; place < count; place += 1) {
        const motorAt = at + 1 + place * motorsEntrySize;
        to = writeMotor(slab, to, this.#source, motorAt, place, marks);
      }
    }
    slab.bytes[to] = listEnd;
    return to + 1;
  }

  #writePacks(slab: Slab, from: number): number {
    const source = this.#source;
    const voltagesAt = this.#at[type.voltages]!;
    const temperaturesAt = this.#at[type.temperatures]!;
    const marks = this.#marksOf(type.voltages);
    const lateMarks = this.#marksOf(type.temperatures);
    let withTemperatures = 0;
    if (temperaturesAt > 0) {
      const announced = source.getUint8(temperaturesAt);
      markTemperaturesCount(announced, lateMarks);
      withTemperatures = entriesOf(announced, 1);
    }
    if (voltagesAt === 0) return this.#writeTemperaturePacks(slab, from, withTemperatures);
    const announced = source.getUint8(voltagesAt);
    markVoltagesCount(announced, marks);
    const count = entriesOf(announced, 1);
    let to = count > 0 ? writeInt(slab.bytes, from, count) : from;
    let packAt = voltagesAt + 1;
    let at = temperaturesAt + 1;
    for (let place = 0; place < count; place += 1) {
      to = writePack(slab, to, source, packAt, place, marks);
      packAt = endOfVoltagesEntry(source, packAt, this.#end);
      if (place < withTemperatures) {
        to = writePackTemperaturesC(slab, to, source, at, place, lateMarks);
        at = endOfTemperaturesEntry(source, at, this.#end);
      } else slab.bytes[to++] = listEnd;
    }
    slab.bytes[to] = listEnd;
    return to + 1;
  }

  /** Where no item has voltages. */
  #writeTemperaturePacks(slab: Slab, from: number, count: number): number {
    const source = this.#source;
    const marks = this.#marksOf(type.temperatures);
    let to = count > 0 ? writeInt(slab.bytes, from, count) : from;
    let at = this.#at[type.temperatures]! + 1;
    for (let place = 0; place < count; place += 1) {
      to = writeTemperaturePack(slab, to, source, at, place, marks);
      at = endOfTemperaturesEntry(source, at, this.#end);
    }
    slab.bytes[to] = listEnd;
    return to + 1;
  }

  #writeCustoms(bytes: Buffer, from: number): number {
    const source = this.#source;
    let to = this.#customCount > 0 ? writeInt(bytes, from, this.#customCount) : from;
    for (let index = 0; index < this.#customCount; index += 1) {
      const at = this.#customAt[index]!;
      const length = source.getUint16(at + 1);
      to = writeInt(bytes, to, source.getUint8(at));
      to = writeInt(bytes, to, length);
      for (let left = 0; left < length; left += 1) bytes[to++] = source.getUint8(at + 3 + left);
    }
    bytes[to] = listEnd;
    return to + 1;
  }
}
