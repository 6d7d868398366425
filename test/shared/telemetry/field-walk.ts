// The fields of a layout, one after the other: for each, bodies that differ in this field alone.
// Counts differ together with the lists that they announce.

import {
  type Element,
  type RecordList,
  type ScalarField,
  sentinelFrom,
  type TextList,
  type ValueList,
} from '#shared/frame/gb32960/layout.ts';

/** The values of a body or entry, by the names of its layout. */
export type Source = Readonly<Record<string, unknown>>;

export interface Variants {
  /** Names from the outside in, joined by dots. */
  readonly field: string;
  readonly sources: readonly Source[];
}

export function* fieldVariants(
  elements: readonly Element[],
  sample: Source,
  owner: string,
): Generator<Variants> {
  for (const element of elements) {
    const field = `${owner}.${element.name}`;
    const change = (value: unknown): Source => ({ ...sample, [element.name]: value });
    switch (element.kind) {
      case 'time':
        yield { field, sources: times().map(change) };
        break;
      case 'text':
        yield { field, sources: texts(element.size, element.pad).map(change) };
        break;
      case 'bytes':
      case 'rest':
        yield { field, sources: byteStrings().map(change) };
        break;
      case 'signature':
        yield { field, sources: signatures().map(change) };
        break;
      case 'textGroups': {
        const groups = sample[element.name] as string[][];
        yield { field, sources: textGroups(groups).map(change) };
        break;
      }
      case 'texts':
        yield { field, sources: textLists(sample[element.name] as string[]).map(change) };
        break;
      case 'scalar':
        yield { field, sources: scalarSources(element, { elements, sample }) };
        break;
      case 'values':
        yield { field, sources: valueSources(element, { elements, sample }) };
        break;
      case 'records':
        yield* recordVariants(element, sample, field);
        break;
    }
  }
}

/** Every byte; of wider numbers each bit alone, the edges of the range, and both sentinels. */
export function rawValues({ size, rawMin, rawMax }: ScalarField): readonly number[] {
  const highest = sentinelFrom(size) + 1;
  if (size === 1) return Array.from({ length: 256 }, (_, raw) => raw);
  const bits = Array.from({ length: 8 * size }, (_, bit) => 2 ** bit);
  const edges = [0, 3, rawMin, rawMax, rawMax + 1, highest - 2, highest - 1, highest];
  return [...new Set([...bits, ...edges])].filter((raw) => raw <= highest);
}

/** Each byte of a time on its own, and the bytes as they are. */
export function times(): readonly unknown[] {
  const good = [26, 6, 15, 11, 59, 58];
  const changed = good.flatMap((part, place) =>
    Array.from({ length: 256 }, (_, byte) => good.with(place, byte)).filter(
      (bytes) => bytes[place] !== part,
    ),
  );
  return [good, ...changed].map((bytes) => ({ raw: Uint8Array.from(bytes), epochMs: null }));
}

/** No padding at the end. */
export function texts(size: number, pad = 0x00): readonly string[] {
  const padding = String.fromCharCode(pad);
  return anyTexts(size).filter((text) => !text.endsWith(padding));
}

function anyTexts(size: number): readonly string[] {
  const letters = Array.from({ length: 255 }, (_, at) => String.fromCharCode(at + 1));
  const longer = ['AB', '\0A', 'A\0B', ' A', 'A '].filter(({ length }) => length <= size);
  const places = Array.from({ length: size }, (_, at) => `${'x'.repeat(at)}y`).slice(1);
  return size === 0
    ? ['']
    : ['', ...letters.filter((letter) => letter !== 'y'), ...longer, ...places];
}

export function byteStrings(): readonly Uint8Array[] {
  const single = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  return [new Uint8Array(), ...single, Uint8Array.of(0, 0), Uint8Array.of(0, 1, 2)];
}

function signatures(): readonly unknown[] {
  const good = { algorithm: 1, r: Uint8Array.of(1, 2), s: Uint8Array.of(3) };
  const algorithms = Array.from({ length: 256 }, (_, algorithm) => ({ ...good, algorithm }));
  const bytes = byteStrings().filter(({ length }) => length !== 1);
  return [
    ...algorithms,
    ...bytes.map((r) => ({ ...good, r })),
    ...bytes.map((s) => ({ ...good, s })),
  ];
}

/** Each text of each group on its own. */
function textGroups(sample: readonly (readonly string[])[]): readonly unknown[] {
  const changed = sample.flatMap((group, place) =>
    textLists(group)
      .slice(1)
      .map((texts) => sample.with(place, texts)),
  );
  return [sample, ...changed];
}

function textLists(sample: readonly string[]): readonly (readonly string[])[] {
  const changed = sample.map((_, place) =>
    ['', 'x', 'y', '\xff'].map((text) => sample.with(place, text)),
  );
  return [sample, ...changed.flat()];
}

interface Around {
  readonly elements: readonly Element[];
  readonly sample: Source;
}

function scalarSources(field: ScalarField, around: Around): readonly Source[] {
  const { elements, sample } = around;
  const sized = elements.find((each) => each.kind === 'texts' && each.sizeName === field.name);
  if (sized?.kind === 'texts') return sizeSources(field, sized, sample);
  const list = elements.find((each) => 'countName' in each && each.countName === field.name);
  if (list === undefined) return rawValues(field).map((raw) => ({ ...sample, [field.name]: raw }));
  return countSources(field, list.name, sample).map((source) => grouped(source, around));
}

/** The groups of texts follow from their counts, where a layout has any. */
function grouped(source: Source, { elements, sample }: Around): Source {
  const groups = elements.find((each) => each.kind === 'textGroups');
  if (groups?.kind !== 'textGroups') return source;
  const code = (sample[groups.name] as readonly (readonly string[])[])[0]?.[0] ?? '';
  const counts = source[groups.countsName] as readonly number[];
  const texts = counts.map((count) => new Array<string>(count >= 0xfe ? 0 : count).fill(code));
  return { ...source, [groups.name]: texts };
}

function valueSources(list: ValueList, around: Around): readonly Source[] {
  const lists = valueLists(list, around.sample);
  return lists.map((values) => grouped({ ...around.sample, [list.name]: values }, around));
}

/** Lists of all lengths around the edges; a sentinel announces none. */
function countSources(field: ScalarField, list: string, sample: Source): readonly Source[] {
  const [first] = sample[list] as readonly unknown[];
  const sentinel = sentinelFrom(field.size);
  const filled = [0, 1, 2, 3, 252, 253].map((length) => ({ count: length, length }));
  const empty = [sentinel, sentinel + 1].map((count) => ({ count, length: 0 }));
  return [...filled, ...empty].map(({ count, length }) => ({
    ...sample,
    [field.name]: count,
    [list]: new Array(length).fill(first),
  }));
}

function sizeSources(field: ScalarField, list: TextList, sample: Source): readonly Source[] {
  const codes = sample[list.name] as readonly string[];
  const sentinel = sentinelFrom(field.size);
  return [0, 1, 2, 50, 51, 253, sentinel, sentinel + 1].map((size) => {
    const sent = size === 0 || size >= sentinel ? [] : codes.map((code) => code.slice(0, size));
    return { ...sample, [field.name]: size, [list.name]: sent };
  });
}

/** The first and the last element, each through all its values. */
function valueLists({ name, element }: ValueList, sample: Source): readonly (readonly number[])[] {
  const list = sample[name] as readonly number[];
  const [first, last] = [0, list.length - 1];
  const ofFirst = rawValues(element).map((raw) => list.with(first, raw));
  if (last === first) return ofFirst;
  const others = rawValues(element).filter((raw) => raw !== list[last]);
  return [...ofFirst, ...others.map((raw) => list.with(last, raw))];
}

function* recordVariants(list: RecordList, sample: Source, field: string): Generator<Variants> {
  const entries = sample[list.name] as readonly Source[];
  for (const place of new Set([0, entries.length - 1])) {
    const owner = `${field}[${place}]`;
    for (const inner of fieldVariants(list.entry, entries[place] as Source, owner)) {
      const sources = inner.sources.map((entry) => {
        return { ...sample, [list.name]: entries.with(place, entry) };
      });
      yield { field: inner.field, sources };
    }
  }
}
