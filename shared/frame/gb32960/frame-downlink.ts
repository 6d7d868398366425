// Bodies by which a platform asks for parameters, sets them and tells a terminal to act.

import type { DeviceTime } from './frame.ts';

/** Command 0x80: the platform asks for parameters. */
export interface ParameterQuery {
  readonly kind: 'parameterQuery';
  readonly time: DeviceTime;
  /** As sent; a sentinel means that no id follows. */
  readonly count: number;
  readonly paramIds: readonly number[];
  readonly trailing: Uint8Array | null;
}

/** Command 0x81, and the answer to 0x80: parameters with their values. */
export interface Parameters {
  readonly kind: 'parameterSetting' | 'parameterAnswer';
  readonly time: DeviceTime;
  /** As sent; fewer `params` where one could not be read. */
  readonly count: number;
  readonly params: readonly Parameter[];
  /** From the id of the first parameter that could not be read; null when all were. */
  readonly remainder: Uint8Array | null;
  readonly trailing: Uint8Array | null;
}

export interface Parameter {
  readonly id: number;
  /** Raw integer; of a text its characters without padding. */
  readonly value: number | string;
}

/** Command 0x82: the terminal is told to act. */
export interface Control {
  readonly kind: 'control';
  readonly time: DeviceTime;
  readonly commandId: number;
  readonly args: Uint8Array;
  /** Always null: the arguments are all that follows. */
  readonly trailing: Uint8Array | null;
}
