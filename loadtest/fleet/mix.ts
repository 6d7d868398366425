// Which part of a fleet speaks which protocol.

export const mixNames = ['gb2016', 'gb2025', 'jt808', 'json'] as const;

export type MixName = (typeof mixNames)[number];

/** Weights: a name that is left out has none. */
export type Mix = Readonly<Partial<Record<MixName, number>>>;

export const mixDefault: Mix = { gb2016: 60, gb2025: 20, jt808: 15, json: 5 };
export const gb2016Only: Mix = { gb2016: 1 };

/** From `gb2016:60,json:5`; a text that says what is wrong where it is. */
export function parseMix(text: string): Mix | string {
  const mix: Partial<Record<MixName, number>> = {};
  for (const part of text.split(',')) {
    const [, name = '', weight = ''] = /^\s*(\w+)\s*:\s*(\d{1,6})\s*$/.exec(part) ?? [];
    const known = mixNames.find((one) => one === name);
    if (known === undefined) {
      return `Wanted name:weight, names ${mixNames.join(', ')}, found ${JSON.stringify(part)}.`;
    }
    mix[known] = Number(weight);
  }
  return totalOf(mix) > 0 ? mix : 'Wanted a weight above 0.';
}

export function mixText(mix: Mix): string {
  const parts = mixNames.flatMap((name) => (mix[name] ? [`${name}:${mix[name]}`] : []));
  return parts.join(',');
}

/** Steps of the golden ratio: any run of cars has the weights very nearly. */
const step = (Math.sqrt(5) - 1) / 2;

/** The protocol of the car of this index. */
export function pickFromMix(mix: Mix, index: number): MixName {
  let left = (((index + 0.5) * step) % 1) * totalOf(mix);
  for (const name of mixNames) {
    left -= mix[name] ?? 0;
    if (left < 0) return name;
  }
  throw new RangeError('a mix with a weight wanted, found none');
}

function totalOf(mix: Mix): number {
  return mixNames.reduce((sum, name) => sum + (mix[name] ?? 0), 0);
}
