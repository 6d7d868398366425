// A car's alarms: some follow from its state, some come for a while by chance.

import type { AlarmState } from '#shared/avro/types.generated.ts';
import type { Random } from './random.ts';

/** Bits of GB/T 32960.3-2016 table 18 that this fleet raises, lowest first. */
export const alarmBits = {
  battery_high_temperature: 1,
  soc_low: 4,
  cell_poor_consistency: 10,
  insulation: 11,
  brake_system: 13,
  hv_interlock: 16,
  motor_temperature: 17,
} as const;

export type AlarmName = keyof typeof alarmBits;

export interface Episode {
  readonly name: AlarmName;
  readonly level: 1 | 2 | 3;
  readonly faults: Partial<Pick<AlarmState, 'ressFaults' | 'motorFaults' | 'otherFaults'>>;
  leftSeconds: number;
}

const kinds: readonly Omit<Episode, 'leftSeconds'>[] = [
  { name: 'insulation', level: 1, faults: {} },
  { name: 'cell_poor_consistency', level: 1, faults: { ressFaults: ['0000A101', '0000A102'] } },
  { name: 'motor_temperature', level: 2, faults: { motorFaults: ['00B00017'] } },
  { name: 'brake_system', level: 2, faults: { otherFaults: ['FFFFFFFD'] } },
  {
    name: 'hv_interlock',
    level: 3,
    faults: { ressFaults: ['80000001'], otherFaults: ['0000C0DE'] },
  },
];

/** About one episode in ten minutes, 5 to 40 s long. */
const episodesPerSecond = 1 / 600;

export function advanceEpisode(
  episode: Episode | null,
  random: Random,
  seconds: number,
): Episode | null {
  if (episode !== null) {
    episode.leftSeconds -= seconds;
    return episode.leftSeconds > 0 ? episode : null;
  }
  if (!random.chance(episodesPerSecond * seconds)) return null;
  return { ...random.pick(kinds), leftSeconds: random.between(5, 40) };
}

export interface AlarmCauses {
  readonly episode: Episode | null;
  readonly socPercent: number;
  readonly temperatureC: number;
}

export function alarmStateOf({ episode, socPercent, temperatureC }: AlarmCauses): AlarmState {
  const levels = new Map<AlarmName, number>();
  if (temperatureC > 50) levels.set('battery_high_temperature', 2);
  if (socPercent < 12) levels.set('soc_low', 1);
  if (episode !== null) levels.set(episode.name, episode.level);
  const names = [...levels.keys()].sort((one, other) => alarmBits[one] - alarmBits[other]);
  return {
    maxLevel: Math.max(0, ...levels.values()),
    generalBits: names,
    generalRaw: names.reduce((raw, name) => raw + 2 ** alarmBits[name], 0),
    ressFaults: episode?.faults.ressFaults ?? [],
    motorFaults: episode?.faults.motorFaults ?? [],
    engineFaults: [],
    otherFaults: episode?.faults.otherFaults ?? [],
    generalLevels: [],
  };
}
