// The items that GB/T 32960.3-2025 has of its own, brought to the fields of a Telemetry.

import type { AlarmState, Motor, Stack } from '../avro/types.generated.ts';
import type {
  Alarm2025Item,
  Item2025,
  Motors2025Item,
  PackTemperaturesItem,
  StacksItem,
  SuperCapacitorExtremesItem,
} from '../frame/gb32960/frame-2025.ts';
import { withWgs84 } from './datum.ts';
import type { Marks } from './field-states.ts';
import {
  markMotors2025Count,
  markStacksCount,
  toAlarm2025,
  toEngine2025,
  toFuelCellEngine,
  toMotor2025,
  toPosition2025,
  toStack,
  toSuperCapacitor,
  toSuperCapacitorExtremes,
  toVehicle2025,
} from './gb32960-2025.generated.ts';
import { type Content, hasRoom, keepBytes } from './gb32960-open-content.ts';
import { addCellVoltages } from './gb32960-packs.ts';

/** All but temperatures, which wait for the voltages of their packs. */
type TypedItem = Exclude<Item2025, PackTemperaturesItem>;

export function addItem2025(content: Content, item: TypedItem, marks: Marks): void {
  switch (item.kind) {
    case 'vehicle2025':
      if (content.vehicle === null) content.vehicle = toVehicle2025(item, marks);
      else keepBytes(content.custom, item);
      break;
    case 'position2025':
      if (content.position === null) content.position = withWgs84(toPosition2025(item, marks));
      else keepBytes(content.custom, item);
      break;
    case 'engine2025':
      if (content.engine === null) content.engine = toEngine2025(item, marks);
      else keepBytes(content.custom, item);
      break;
    case 'fuelCellEngine':
      if (content.fuelCell === null) content.fuelCell = toFuelCellEngine(item, marks);
      else keepBytes(content.custom, item);
      break;
    case 'superCapacitor':
      if (content.superCapacitor === null) content.superCapacitor = toSuperCapacitor(item, marks);
      else keepBytes(content.custom, item);
      break;
    case 'superCapacitorExtremes':
      addCapacitorExtremes(content, item, marks);
      break;
    case 'motors2025':
      addMotors(content.motors, item, marks);
      break;
    case 'alarm2025':
      addAlarm(content.alarms, item, marks);
      break;
    case 'cellVoltages':
      addCellVoltages(content.packs, item, marks);
      break;
    case 'stacks':
      addStacks(content.stacks, item, marks);
      break;
  }
}

function addCapacitorExtremes(
  content: Content,
  item: SuperCapacitorExtremesItem,
  marks: Marks,
): void {
  if (content.superCapacitorExtremes === null) {
    content.superCapacitorExtremes = toSuperCapacitorExtremes(item, marks);
  } else keepBytes(content.custom, item);
}

function addMotors(motors: Motor[], item: Motors2025Item, marks: Marks): void {
  markMotors2025Count(item.count, marks);
  for (const motor of item.motors) motors.push(toMotor2025(motor, motors.length, marks));
}

function addAlarm(alarms: AlarmState[], item: Alarm2025Item, marks: Marks): void {
  if (hasRoom(alarms)) alarms.push(toAlarm2025(item, alarms.length, marks));
}

function addStacks(stacks: Stack[], item: StacksItem, marks: Marks): void {
  markStacksCount(item.count, marks);
  for (const stack of item.stacks) stacks.push(toStack(stack, stacks.length, marks));
}
