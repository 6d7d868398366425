// GB/T 32960.3-2016 annex B: parameters of a terminal, which commands 0x80 and 0x81 query and set.
// No vehicle sends them unasked, so their data units travel as bytes; this is for reading them.

/** Table B.10. */
export interface ParameterLayout {
  readonly id: number;
  readonly name: string;
  /** Bytes of the value; null where the parameter `sizeId` before it says how many. */
  readonly size: number | null;
  readonly sizeId: number | null;
  readonly isText: boolean;
  readonly unit: string;
}

export const parameters2016: readonly ParameterLayout[] = [
  { ...number(0x01, 2, 'localStoragePeriod'), unit: 'ms' },
  // One byte each in the 2025 edition.
  { ...number(0x02, 2, 'reportPeriod'), unit: 's' },
  { ...number(0x03, 2, 'alarmReportPeriod'), unit: 'ms' },
  { ...number(0x04, 1, 'platformDomainLength'), unit: 'bytes' },
  { ...text(0x05, null, 'platformDomain'), sizeId: 0x04 },
  number(0x06, 2, 'platformPort'),
  text(0x07, 5, 'hardwareVersion'),
  text(0x08, 5, 'firmwareVersion'),
  { ...number(0x09, 1, 'heartbeatPeriod'), unit: 's' },
  { ...number(0x0a, 2, 'terminalAnswerTimeout'), unit: 's' },
  { ...number(0x0b, 2, 'platformAnswerTimeout'), unit: 's' },
  { ...number(0x0c, 1, 'pauseAfterFailedLogins'), unit: 'min' },
  { ...number(0x0d, 1, 'publicPlatformDomainLength'), unit: 'bytes' },
  { ...text(0x0e, null, 'publicPlatformDomain'), sizeId: 0x0d },
  number(0x0f, 2, 'publicPlatformPort'),
  number(0x10, 1, 'samplingMonitoring'),
];

function number(id: number, size: number, name: string): ParameterLayout {
  return { id, name, size, sizeId: null, isText: false, unit: '' };
}

function text(id: number, size: number | null, name: string): ParameterLayout {
  return { ...number(id, 0, name), size, isText: true };
}
