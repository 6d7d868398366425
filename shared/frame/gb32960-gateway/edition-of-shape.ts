// Which edition a payload of the gateway is of. Nothing in it says so, but the shape of its entries
// does. Where it does not, it is taken for 2016: what such a payload holds (a logout, a platform
// login, a report of custom data alone) is the same in both.

import type { SchemaFault } from '../json/schema.ts';
import type { Year } from './keys.ts';

export type Source = Readonly<Record<string, unknown>>;

export type Shape =
  | { readonly kind: 'edition'; readonly year: Year }
  | { readonly kind: 'fault'; readonly fault: SchemaFault };

/** Of a payload in which nothing tells. */
export const yearOfNoShape: Year = 2016;

export function editionOfShape(command: number, data: Source): Shape {
  if (command === 0x09 || command === 0x0b) return { kind: 'edition', year: 2025 };
  if (command === 0x01) return { kind: 'edition', year: 'BmsNum' in data ? 2025 : 2016 };
  const infos = data['Infos'];
  if ((command !== 0x02 && command !== 0x03) || !Array.isArray(infos)) {
    return { kind: 'edition', year: yearOfNoShape };
  }
  let year: Year | null = null;
  for (const [index, info] of infos.entries()) {
    const told = isObject(info) ? yearOfInfo(info) : null;
    if (told === null) continue;
    if (year !== null && told !== year) {
      const pointer = `/Data/Infos/${index}`;
      const detail = `an entry of the ${year} edition like those before wanted, found ${told}`;
      return { kind: 'fault', fault: { pointer, detail } };
    }
    year = told;
  }
  return { kind: 'edition', year: year ?? yearOfNoShape };
}

function yearOfInfo(info: Source): Year | null {
  const type = info['Type'];
  switch (type) {
    case 'Vehicle':
      return 'AcceleratorPedal' in info || 'BrakePedal' in info ? 2016 : 2025;
    case 'DriveMotor':
      return yearOfMotors(info['Motors']);
    case 'FuelCell':
      return 'CellVoltage' in info ? 2016 : 2025;
    case 'Engine':
      return 'Status' in info ? 2016 : 2025;
    case 'Location':
      return 'CoordinateSystem' in info ? 2025 : 2016;
    case 'Alarm':
      return 'FaultGeneralNum' in info ? 2025 : 2016;
    case 'Extreme':
    case 'ChargeableVoltage':
    case 'ChargeableTemp':
      return 2016;
    case 'MinVoltageOfPowerBattery':
    case 'TempOfPowerBattery':
    case 'FuelCellStack':
    case 'SuperCapacitor':
    case 'SuperCapacitorExtreme':
    case 'Signature':
      return 2025;
    default:
      return null;
  }
}

/** An empty list tells nothing. */
function yearOfMotors(motors: unknown): Year | null {
  const [first] = Array.isArray(motors) ? motors : [];
  if (!isObject(first)) return null;
  return 'InputVoltage' in first || 'DCBusCurrent' in first ? 2016 : 2025;
}

export function isObject(value: unknown): value is Source {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
