// GB/T 32960.3-2016 annex B: parameters of a terminal, which commands 0x80 and 0x81 query and set,
// and what command 0x82 tells a terminal to do.

/** Tables B.9 to B.17: the value of a parameter. */
export interface ParameterLayout {
  readonly id: number;
  /** Ends in the unit where the value has one. */
  readonly name: string;
  /** Bytes of the value; null where the parameter `sizeId` before it says how many. */
  readonly size: number | null;
  readonly sizeId: number | null;
  readonly isText: boolean;
}

/** In the order of the ids, from 1. */
export const parameters2016: readonly ParameterLayout[] = [
  number(0x01, 2, 'local_storage_period_ms'),
  // One byte each in the 2025 edition.
  number(0x02, 2, 'report_period_s'),
  number(0x03, 2, 'alarm_report_period_ms'),
  number(0x04, 1, 'platform_domain_length_bytes'),
  { ...text(0x05, null, 'platform_domain'), sizeId: 0x04 },
  number(0x06, 2, 'platform_port'),
  text(0x07, 5, 'hardware_version'),
  text(0x08, 5, 'firmware_version'),
  number(0x09, 1, 'heartbeat_period_s'),
  number(0x0a, 2, 'terminal_answer_timeout_s'),
  number(0x0b, 2, 'platform_answer_timeout_s'),
  number(0x0c, 1, 'pause_after_failed_logins_min'),
  number(0x0d, 1, 'public_platform_domain_length_bytes'),
  { ...text(0x0e, null, 'public_platform_domain'), sizeId: 0x0d },
  number(0x0f, 2, 'public_platform_port'),
  number(0x10, 1, 'sampling_monitoring'),
];

/** Tables B.9 to B.17: names of the control commands; 0x80 to 0xFE are the maker's. */
export const controlNames2016: Readonly<Record<number, string>> = {
  1: 'remote_upgrade',
  2: 'shut_down',
  3: 'reset',
  4: 'factory_reset',
  5: 'cut_link',
  6: 'alarm',
  7: 'start_sampling',
};

/** Of an edition; ids without an entry are reserved or the maker's, and of unknown size. */
export function parameterLayout(
  parameters: readonly ParameterLayout[],
  id: number,
): ParameterLayout | null {
  return parameters[id - 1] ?? null;
}

function number(id: number, size: number, name: string): ParameterLayout {
  return { id, name, size, sizeId: null, isText: false };
}

function text(id: number, size: number | null, name: string): ParameterLayout {
  return { ...number(id, 0, name), size, isText: true };
}
