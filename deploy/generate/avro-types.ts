// Writes shared/avro/types.generated.ts: one interface for each record of the Avro schemas.
// A type that several schemas share (Origin, FrameId) is written once and must be equal in all.

import { readFileSync } from 'node:fs';

export const avroTypesPath = 'shared/avro/types.generated.ts';

/** In the order of the file. */
export const avroSchemaNames = [
  'telemetry.v1',
  'lifecycle.v1',
  'quarantine.v1',
  'state.v1',
] as const;

/** What the generator knows of Avro's schema language; anything else is refused. */
export type AvscType = string | readonly AvscType[] | AvscNode;

export interface AvscNode {
  readonly type: AvscType;
  readonly name?: string;
  readonly doc?: string;
  readonly size?: number;
  readonly items?: AvscType;
  readonly fields?: readonly AvscField[];
  readonly logicalType?: string;
}

export interface AvscField {
  readonly name: string;
  readonly type: AvscType;
  readonly doc: string;
  readonly default: unknown;
}

/** The module as text, formatted. Throws on a schema that it cannot say in TypeScript. */
export function avroTypesSource(): string {
  const declared = new Map<string, string>();
  for (const name of avroSchemaNames) typeText(readAvsc(name), declared);
  return `${header}\n${[...declared.values()].join('\n')}`;
}

/** `name` without `.avsc`. */
export function readAvsc(name: string): AvscNode {
  const file = new URL(`../../shared/avro/schemas/${name}.avsc`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as AvscNode;
}

const header = `// Written by \`npm run generate\` from shared/avro/schemas: edit those.
// What stands in a Kafka record. A literal with all fields in this order encodes fastest.
`;

// avsc refuses a plain Uint8Array for bytes and fixed; a long is a number below 2^53.
const primitives: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  bytes: 'Buffer',
  string: 'string',
};

/** The TypeScript text of a type; named types are added to `declared`. */
function typeText(type: AvscType, declared: Map<string, string>): string {
  if (typeof type === 'string') return namedText(type, declared);
  if (isUnion(type)) return unionText(type, declared);
  switch (type.type) {
    case 'record':
      return declare(type, recordText(type, declared), declared);
    case 'fixed':
      return declare(type, fixedText(type), declared);
    case 'array':
      return `readonly ${inBrackets(typeText(wanted(type.items, 'items'), declared))}[]`;
    default:
      return typeText(type.type, declared);
  }
}

function isUnion(type: AvscType): type is readonly AvscType[] {
  return Array.isArray(type);
}

function namedText(name: string, declared: Map<string, string>): string {
  const primitive = primitives[name];
  if (primitive !== undefined) return primitive;
  if (declared.has(name)) return name;
  throw new Error(`type ${name}: want a primitive or a type named before, found neither`);
}

function unionText(types: readonly AvscType[], declared: Map<string, string>): string {
  const [first, second] = types;
  if (types.length !== 2 || first !== 'null' || second === undefined) {
    throw new Error(`union ${JSON.stringify(types)}: want [null, T]`);
  }
  return `${typeText(second, declared)} | null`;
}

function inBrackets(text: string): string {
  return text.includes(' ') ? `(${text})` : text;
}

function declare(node: AvscNode, text: string, declared: Map<string, string>): string {
  const name = wanted(node.name, 'name');
  const known = declared.get(name);
  if (known !== undefined && known !== text) {
    throw new Error(`type ${name}: two schemas define it differently`);
  }
  declared.set(name, text);
  return name;
}

function recordText(node: AvscNode, declared: Map<string, string>): string {
  const fields = wanted(node.fields, 'fields').map((field) => {
    const text = `  readonly ${field.name}: ${typeText(field.type, declared)};\n`;
    return `${docText(field.doc, '  ')}${text}`;
  });
  const doc = docText(wanted(node.doc, 'doc'), '');
  return `${doc}export interface ${wanted(node.name, 'name')} {\n${fields.join('')}}\n`;
}

function fixedText(node: AvscNode): string {
  return `/** Exactly ${node.size} bytes. */\nexport type ${node.name} = Buffer;\n`;
}

const columnsMax = 100;

/** JSDoc on one line where it fits, else wrapped. */
function docText(doc: string, indent: string): string {
  const single = `${indent}/** ${doc} */`;
  if (single.length <= columnsMax) return `${single}\n`;
  const lines: string[] = [];
  let line = `${indent} *`;
  for (const word of doc.split(' ')) {
    if (line.length + 1 + word.length > columnsMax) {
      lines.push(line);
      line = `${indent} *`;
    }
    line += ` ${word}`;
  }
  return [`${indent}/**`, ...lines, line, `${indent} */`, ''].join('\n');
}

function wanted<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`a type without ${what}`);
  return value;
}
