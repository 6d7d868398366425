// The items of a report, brought to the fields of a Telemetry. Every item ends in one of them:
// a copy too many of an item that the record holds once is kept as bytes in `custom`.

import type { AlarmState, CustomItem as CustomBytes, Motor } from '../avro/types.generated.ts';
import type {
  AlarmItem,
  CustomItem,
  Item,
  MotorsItem,
  TemperaturesItem,
} from '../frame/gb32960/frame.ts';
import type { PackTemperaturesItem } from '../frame/gb32960/frame-2025.ts';
import { asBuffer } from './bytes.ts';
import { type Marks, markWord } from './field-states.ts';
import {
  markMotorsCount,
  toAlarm,
  toEngine,
  toExtremes,
  toFuelCell,
  toMotor,
  toPosition,
  toVehicle,
} from './gb32960-2016.generated.ts';
import { addItem2025 } from './gb32960-content-2025.ts';
import { type Content, hasRoom, keepBytes, openContent } from './gb32960-open-content.ts';
import { addTemperatures, addVoltages } from './gb32960-packs.ts';

/** Holds one alarm more than `alarmsMax` where there are more, which shows the excess. */
export function contentOf(items: readonly Item[], marks: Marks): Content {
  const content = openContent();
  let hasTemperatures = false;
  for (const item of items) {
    // Temperatures join the voltages of their subsystem, so they wait until all of those are read.
    if (item.kind === 'temperatures' || item.kind === 'packTemperatures') hasTemperatures = true;
    else addItem(content, item, marks);
  }
  if (hasTemperatures) addTemperatures(content.packs, items, marks);
  return content;
}

type TypedItem = Exclude<Item, TemperaturesItem | PackTemperaturesItem>;

function addItem(content: Content, item: TypedItem, marks: Marks): void {
  switch (item.kind) {
    case 'vehicle':
      if (content.vehicle === null) content.vehicle = toVehicle(item, marks);
      else keepBytes(content.custom, item);
      break;
    case 'position':
      if (content.position === null) content.position = toPosition(item, marks);
      else keepBytes(content.custom, item);
      break;
    case 'extremes':
      if (content.extremes === null) content.extremes = toExtremes(item, marks);
      else keepBytes(content.custom, item);
      break;
    case 'engine':
      if (content.engine === null) content.engine = toEngine(item, marks);
      else keepBytes(content.custom, item);
      break;
    case 'fuelCell':
      if (content.fuelCell === null) content.fuelCell = toFuelCell(item, marks);
      else keepBytes(content.custom, item);
      break;
    case 'motors':
      addMotors(content.motors, item, marks);
      break;
    case 'alarm':
      addAlarm(content.alarms, item, marks);
      break;
    case 'voltages':
      addVoltages(content.packs, item, marks);
      break;
    case 'custom':
      addCustom(content.custom, item, marks);
      break;
    default:
      addItem2025(content, item, marks);
  }
}

function addMotors(motors: Motor[], item: MotorsItem, marks: Marks): void {
  markMotorsCount(item.count, marks);
  for (const motor of item.motors) motors.push(toMotor(motor, motors.length, marks));
}

function addAlarm(alarms: AlarmState[], item: AlarmItem, marks: Marks): void {
  if (hasRoom(alarms)) alarms.push(toAlarm(item, alarms.length, marks));
}

function addCustom(custom: CustomBytes[], item: CustomItem, marks: Marks): void {
  if (item.length < 1 || item.length > 65531) {
    markWord(marks, `custom[${custom.length}].bytes`, item.length, null);
  }
  custom.push({ type: item.type, bytes: asBuffer(item.data) });
}
