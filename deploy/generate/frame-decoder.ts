// Writes the decode-….generated.ts of shared/frame/gb32960, one per edition: a function per item
// and body, and the switches that choose between them.

import { type Edition, edition2016 } from '#shared/frame/gb32960/editions.ts';
import type { BodyLayout, Element, ItemLayout } from '#shared/frame/gb32960/layout.ts';
import { customTypeMax, customTypeMin } from '#shared/frame/gb32960/layout-2016.ts';
import { hex, readSequence } from './frame-reading.ts';

/** The module of an edition as text, not formatted yet. */
export function frameDecoderSource(edition: Edition): string {
  const items = edition.items.map(itemFunction);
  const bodies = ownBodies(edition).map(({ kind, elements }) => bodyFunction(kind, elements));
  const custom = isFirst(edition) ? [customFunction] : [];
  const functions = [...items, ...custom, ...bodies, trailingFunction];
  return [header(edition), itemSwitch(edition), bodySwitch(edition), ...functions].join('\n');
}

function isFirst(edition: Edition): boolean {
  return edition === edition2016;
}

/** Those that the edition before does not have: the others are read by its functions. */
function ownBodies(edition: Edition): readonly BodyLayout[] {
  if (isFirst(edition)) return edition.bodies;
  const taken = new Set(edition2016.bodies.map(({ kind }) => kind));
  return edition.bodies.filter(({ kind }) => !taken.has(kind));
}

function header(edition: Edition): string {
  const own = ownBodies(edition);
  const taken = edition.bodies.filter((body) => !own.includes(body));
  const readers = [...taken.map(({ kind }) => `read${capitalized(kind)}`), 'readCustomItem'];
  const imports = isFirst(edition)
    ? [`import { readText } from './text.ts';`]
    : [
        `import { ${readers.join(', ')} } from './decode-2016.generated.ts';`,
        `import { readSignature, signatureSize } from './read-signature.ts';`,
        `import { groupsSize, readGroups, readPadded, readText } from './text.ts';`,
      ];
  const source = `layout-${edition.year}.ts`;
  return `// Written by \`npm run generate\` from ${source}: edit that. Each function reads one
// part of a data unit between \`at\` and \`end\`, and answers null when the part does not fit.

import { readTime } from './device-time.ts';
${typeImports(edition)}
${imports.join('\n')}
`;
}

/** What an edition adds to the first, and what a platform sends, stand in files of their own. */
function typeImports(edition: Edition): string {
  const own = ownBodies(edition);
  const down = own.filter(({ command }) => command >= 0x80);
  const up = own.filter(({ command }) => command < 0x80);
  const types = [
    ...up.map(({ kind }) => capitalized(kind)),
    ...edition.items.map(({ kind }) => itemTypeName(kind)),
  ];
  const imports = isFirst(edition)
    ? [['frame', ['Body', 'CustomItem', 'Item', ...types]] as const]
    : [['frame', ['Body', 'Item']] as const, [`frame-${edition.year}`, types] as const];
  const downTypes = down.map(({ kind }) => capitalized(kind));
  return [...imports, ['frame-downlink', downTypes] as const]
    .filter(([, names]) => names.length > 0)
    .map(([file, names]) => `import type { ${names.join(', ')} } from './${file}.ts';`)
    .join('\n');
}

function itemSwitch({ items }: Edition): string {
  const cases = items.map(
    ({ type, kind }) =>
      `case ${hex(type)}: return read${itemTypeName(kind)}(view, bytes, at, end);`,
  );
  return `/** \`at\` is the first byte after the type. Null also for a type without layout. */
export function readItem(type: number, ${parameters}): Item | null {
switch (type) {
${cases.join('\n')}
default:
if (type < ${hex(customTypeMin)} || type > ${hex(customTypeMax)}) return null;
return readCustomItem(type, view, bytes, at, end);
}
}
`;
}

function bodySwitch({ bodies }: Edition): string {
  const cases = bodies.map(
    ({ command, kind }) =>
      `case ${hex(command)}: return read${capitalized(kind)}(view, bytes, at, end);`,
  );
  return `/** Null also for a command without a fixed sequence. */
export function readBody(command: number, ${parameters}): Body | null {
switch (command) {
${cases.join('\n')}
default: return null;
}
}
`;
}

const parameters = 'view: DataView, bytes: Uint8Array, at: number, end: number';

function itemFunction({ type, kind, elements }: ItemLayout): string {
  const { lines, properties, end } = readSequence(elements, 'at', `${itemTypeName(kind)}`);
  return `function read${itemTypeName(kind)}(${parameters}): ${itemTypeName(kind)} | null {
${lines.join('\n')}
return {
kind: '${kind}',
type: ${hex(type)},
bytes: bytes.subarray(at, ${end}),
${properties.join('\n')}
};
}
`;
}

const customFunction = `export function readCustomItem(
type: number, ${parameters}): CustomItem | null {
if (end - at < 2) return null;
const length = view.getUint16(at);
if (end - at - 2 < length) return null;
const dataEnd = at + 2 + length;
return {
kind: 'custom',
type,
bytes: bytes.subarray(at, dataEnd),
length,
data: bytes.subarray(at + 2, dataEnd),
};
}
`;

function bodyFunction(kind: string, elements: readonly Element[]): string {
  const typeName = capitalized(kind);
  const { lines, properties, end } = readSequence(elements, 'at', typeName);
  return `export function read${typeName}(${parameters}): ${typeName} | null {
${lines.join('\n')}
return {
kind: '${kind}',
${properties.join('\n')}
trailing: trailingOf(bytes, ${end}, end),
};
}
`;
}

const trailingFunction = `function trailingOf(
bytes: Uint8Array, at: number, end: number): Uint8Array | null {
return at === end ? null : bytes.subarray(at, end);
}
`;

function itemTypeName(kind: string): string {
  return `${capitalized(kind)}Item`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
