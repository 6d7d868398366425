// Writes shared/ingest/gb32960-2016-straight.generated.ts: the bytes of an item straight to the
// bytes of its Avro record, from the same tables as decoder and units, with no object between.

import { type Element, type ScalarField, sentinelFrom } from '#shared/frame/gb32960/layout.ts';
import {
  alarmBitNames2016,
  brakeForceMask,
  driveForceMask,
  gearMask,
  gearNames,
  items2016,
  noFixMask,
} from '#shared/frame/gb32960/layout-2016.ts';
import { type Target, targets2016 } from '#shared/telemetry/names-2016.ts';
import type { AvscType } from './avro-types.ts';
import { endFunctions, itemEndSwitch, prelude, withoutUnused } from './straight-places.ts';
import {
  capital,
  countMark,
  enumTable,
  isCodes,
  listFunctionName,
  mark,
  nameOf,
  number,
  outOfRange,
  pathOf,
  physicalOf,
} from './telemetry.ts';
import { elementsOf } from './telemetry-layout.ts';
import { schemaFields } from './telemetry-schema.ts';

export const straightPath = 'shared/ingest/gb32960-2016-straight.generated.ts';

/** The module as text, not formatted yet. */
export function straightSource(): string {
  const parts = [
    header,
    tables(),
    fieldsBehindItems(),
    itemEndSwitch(),
    ...items2016.map(endFunctions),
    ...targets2016.map(recordFunction),
    ...targets2016.flatMap((target) => listFunctions(target)),
  ];
  return parts.join('\n');
}

const header = `// Written by \`npm run generate\` from shared/frame/gb32960/layout-2016.ts,
// shared/telemetry/names-2016.ts and the Telemetry schema: edit those. Items of a report straight
// to Avro: \`endOf…\` says where one ends, -1 where it does not fit; then \`write…\` may be called.

import {
  avroText, otherBranch, type Slab, writeBytes, writeInt, writeLong, writeNullableDouble,
  writeNullableInt, writeSomeDouble, writeSomeInt,
} from '../avro/straight.ts';
import {
  type Marks, markByte, markDword, markPlain, markRuns, markWord,
} from '../telemetry/field-states.ts';
import { markedText, rawsOf, writeBits, writeCodes } from './straight-values.ts';
`;

function tables(): string {
  const bits = Array.from({ length: 32 }, (_, bit) => alarmBitNames2016[bit]);
  const bitNames = bits.map((name, bit) => `'${name ?? `reserved_bit_${bit}`}'`);
  const gears = gearNames.map((name) => `'${name}'`);
  const lines = [
    `const alarmBitTexts = [${bitNames}].map((name) => avroText(name));`,
    `const gearTexts = [${gears}].map((name) => avroText(name, otherBranch));`,
  ];
  for (const target of targets2016) {
    for (const element of elementsOf(target)) {
      if (element.kind !== 'scalar' || element.names === null) continue;
      const { names, rawMax } = element;
      const texts = Array.from({ length: rawMax + 1 }, (_, raw) =>
        names[raw] === undefined ? 'null' : `avroText('${names[raw]}', otherBranch)`,
      );
      lines.push(
        `const ${enumTable(target, element)}: readonly (Uint8Array | null)[] = [${texts}];`,
      );
    }
  }
  for (const target of targets2016) {
    for (const [name, value] of Object.entries(target.unset)) {
      if (value.startsWith("'"))
        lines.push(`const ${unsetTable(target, name)} = avroText(${value});`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** What no item of this edition says anything of, behind what they all do. */
function fieldsBehindItems(): string {
  const fields = schemaFields('Telemetry');
  const behind = fields.slice(fields.findIndex(({ name }) => name === 'custom') + 1);
  for (const { name, default: unset } of behind) {
    const isEmpty = unset === null || (Array.isArray(unset) && unset.length === 0);
    if (!isEmpty) throw new Error(`${name}: want a field that is null or an empty list`);
  }
  return `/** ${behind.map(({ name }) => name).join(', ')}: null or empty, a 0x00 each. */
export const fieldsBehindItems = ${behind.length};
`;
}

/** `at` is the first byte of the item's body, or of the entry; `place` its record's in an array. */
function recordFunction(target: Target): string {
  const elements = elementsOf(target);
  const hasCodes = elements.some((element) => isCodes(element));
  const counts = hasCodes ? elements.flatMap((element) => countMark(target, element)) : [];
  return functionText(target, {
    name: target.functionName.replace(/^to/u, 'write'),
    lines: [...prelude(elements), ...counts, ...recordFields(target)],
  });
}

/** Of their own: temperatures also join a pack that another item began. */
function listFunctions(target: Target): readonly string[] {
  const elements = elementsOf(target);
  return elements.flatMap((element) => {
    if (element.kind !== 'values' || isCodes(element)) return [];
    const { name } = element;
    const counts = elements.flatMap((other) => countMark(target, other));
    const { size, rawOffset, rawMax } = element.element;
    const value = rawOffset === 0 ? 'raw' : `raw - ${-rawOffset}`;
    const path = pathOf(target, nameOf(target, name));
    const raws = `rawsOf(source, { at: ${name}At, length: ${name}Length, size: ${size} })`;
    const limits = `{ rawMax: ${rawMax}, abnormal: ${sentinelFrom(size)} }`;
    const lines = [
      ...prelude(elements),
      ...counts,
      `if (${name}Length > 0) to = writeInt(bytes, to, ${name}Length);`,
      'let highest = 0;',
      `for (let index = 0; index < ${name}Length; index += 1) {`,
      `const raw = source.getUint${8 * size}(${name}At + ${size === 1 ? '' : `${size} * `}index);`,
      'if (raw > highest) highest = raw;',
      `if (raw >= ${sentinelFrom(size)}) bytes[to++] = 0;`,
      `else to = writeSomeInt(bytes, to, ${value});`,
      '}',
      'bytes[to++] = 0;',
      `if (highest > ${rawMax}) markRuns(marks, ${path}, ${raws}, ${limits});`,
    ];
    return [functionText(target, { name: listWriter(target, name), lines })];
  });
}

/**
 * More than three arguments, and no object of them: what a frame makes on its way through here is
 * what the collector does not have to look at.
 */
function functionText(
  target: Target,
  { name, lines }: { readonly name: string; readonly lines: readonly string[] },
): string {
  const place = target.path.includes('#') ? 'place: number, ' : '';
  const body = withoutUnused(lines.map(local));
  return `export function ${name}(
slab: Slab, from: number, source: DataView, at: number, ${place}marks: Marks): number {
const { bytes } = slab;
let to = from;
${body.join('\n')}
return to;
}
`;
}

/** The expressions of telemetry.ts speak of an object's properties and of its place as `at`. */
function local(line: string): string {
  return line
    .replaceAll('source.status &', 'status &')
    .replace(/\bsource\.(?!getUint)(\w+)/gu, '$1')
    .replaceAll('$' + '{at}', '$' + '{place}');
}

/** In the order of the schema, which is that of the bytes. */
function recordFields(target: Target): readonly string[] {
  const written = new Map<string, string>();
  for (const [name, value] of Object.entries(target.unset)) {
    const isText = value.startsWith("'");
    const constant = value === 'true' ? 'bytes[to++] = 1;' : empty;
    written.set(
      name,
      isText ? `to = writeBytes(bytes, to, ${unsetTable(target, name)});` : constant,
    );
  }
  const types = new Map(schemaFields(target.record).map(({ name, type }) => [name, type]));
  for (const element of elementsOf(target)) {
    for (const [name, line] of fieldsOf(target, element, types)) written.set(name, line);
  }
  return [...types.keys()].flatMap((name) => {
    const line = written.get(name);
    if (line === undefined) throw new Error(`${target.functionName} leaves ${name} out`);
    // The last field of a pack, whose temperatures come from another item, if they come.
    return name === openField && target.unset[name] !== undefined ? [] : [line];
  });
}

const openField = 'temperaturesC';

/** A null of a union, a list without entries, or false. */
const empty = 'bytes[to++] = 0;';

type Types = ReadonlyMap<string, AvscType>;
type Field = readonly [name: string, line: string];

function fieldsOf(target: Target, element: Element, types: Types): readonly Field[] {
  if (element.kind === 'values') {
    const name = nameOf(target, element.name);
    return [[name, isCodes(element) ? codesLine(element.name) : listLine(target, element.name)]];
  }
  if (element.kind !== 'scalar' || element.role === 'count') return [];
  const name = nameOf(target, element.name);
  const raw = element.name;
  switch (element.role) {
    case 'enum': {
      const found = `${enumTable(target, element)}[${raw}]`;
      const text = `${found} ?? markedText(${mark(target, element, 'null')})`;
      return [[name, `to = writeBytes(bytes, to, ${text});`]];
    }
    case 'gear':
      return [
        ['gear', `to = writeBytes(bytes, to, gearTexts[${raw} & ${gearMask}]!);`],
        ['hasDriveForce', `bytes[to++] = (${raw} & ${driveForceMask}) === 0 ? 0 : 1;`],
        ['hasBrakeForce', `bytes[to++] = (${raw} & ${brakeForceMask}) === 0 ? 0 : 1;`],
        ['gearRaw', `to = writeInt(bytes, to, ${raw});`],
      ];
    case 'positionStatus':
      return [
        ['hasFix', `bytes[to++] = (${raw} & ${noFixMask}) === 0 ? 1 : 0;`],
        [name, `to = writeInt(bytes, to, ${raw});`],
      ];
    case 'flags':
      return [
        [`${name}Bits`, `to = writeBits(bytes, to, ${raw}, alarmBitTexts);`],
        [`${name}Raw`, `to = writeLong(bytes, to, ${raw});`],
      ];
    default:
      return [[name, numberLine(target, element, types.get(name))]];
  }
}

function numberLine(target: Target, element: ScalarField, type: AvscType | undefined): string {
  const bad = outOfRange(element);
  const value = physicalOf(target, element);
  if (type === 'int') return `to = writeInt(bytes, to, ${number(target, element)});`;
  const other = Array.isArray(type) && type[0] === 'null' ? type[1] : undefined;
  if (other !== 'int' && other !== 'double') throw new Error(`${element.name}: no such number`);
  const [kind, out] = other === 'int' ? ['Int', 'bytes'] : ['Double', 'slab'];
  const some = `writeSome${kind}(${out}, to, ${value})`;
  if (bad === '') return `to = ${some};`;
  const marked = `writeNullable${kind}(${out}, to, ${mark(target, element, value)})`;
  return `to = ${bad} ? ${marked} : ${some};`;
}

function codesLine(name: string): string {
  return `to = writeCodes(bytes, to, source, ${name}At, ${name}Length);`;
}

function listLine(target: Target, name: string): string {
  const place = target.path.includes('#') ? 'place, ' : '';
  return `to = ${listWriter(target, name)}(slab, to, source, at, ${place}marks);`;
}

function listWriter(target: Target, name: string): string {
  return `write${capital(listFunctionName(target, name))}`;
}

function unsetTable(target: Target, name: string): string {
  return `${target.item}${capital(name)}Text`;
}
