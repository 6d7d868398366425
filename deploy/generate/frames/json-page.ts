// Writes docs/frames/json.md: every field of the envelope, from its published JSON Schema.

import published from '#shared/frame/json/envelope-1.schema.json' with { type: 'json' };
import { page, table } from '../markdown.ts';

export function jsonPage(): string {
  return page([
    '<!-- Written by `npm run generate` from envelope-1.schema.json in shared/frame/json. -->',
    '# JSON envelope, version 1',
    published.description,
    `The schema, for tools: \
[envelope-1.schema.json](../../shared/frame/json/envelope-1.schema.json) (JSON Schema 2020-12). \
\`fleetwire explain json\` shows any payload by it; what is refused has a [reason](../reasons.md).`,
    `\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``,
    'Fields marked **required** must be there; every other one may be left out.',
    table(['field', 'type', 'unit', 'range or values', 'meaning'], rowsOf(published as Node, '')),
  ]);
}

export const example = {
  v: 1,
  id: '7f3a-000017',
  ts: '2026-05-01T12:05:06+08:00',
  position: { longitudeDeg: 116.397128, latitudeDeg: 39.916527, datum: 'wgs84' },
  vehicle: { status: 'started', speedKmh: 72.3, socPercent: 67 },
  signals: [{ name: 'cabin.temperature', value: 22.5, unit: 'Cel' }],
};

interface Node {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
}

function rowsOf(node: Node, path: string): readonly (readonly string[])[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, given]) => {
    const field = resolved(given);
    const isRequired = node.required?.includes(name) === true;
    const inner = resolved(field.items ?? {});
    const own = fieldRow(`${path}${name}`, field, isRequired);
    if (field.properties !== undefined) return [own, ...rowsOf(field, `${path}${name}.`)];
    if (inner.properties !== undefined) return [own, ...rowsOf(inner, `${path}${name}[].`)];
    return [own];
  });
}

function resolved(node: Node): Node {
  if (node.$ref === undefined) return node;
  const name = node.$ref.replace('#/$defs/', '') as keyof typeof published.$defs;
  return published.$defs[name] as Node;
}

function fieldRow(path: string, field: Node, isRequired: boolean): readonly string[] {
  const inner = resolved(field.items ?? {});
  const description = [field.description, inner.description].filter(Boolean).join(' ');
  const [unit, meaning] = unitOf(description);
  const told = [
    isRequired ? '**Required.**' : '',
    meaning,
    field.default === undefined ? '' : `Default: \`${JSON.stringify(field.default)}\`.`,
  ];
  const text = told.filter((part) => part !== '').join(' ');
  return [`\`${path}\``, typeText(field), unit, rangeText(field, inner), text];
}

/** `Unit: km/h.` stands in the description. */
function unitOf(description: string): readonly [string, string] {
  const found = /\s*Unit: ([^,\s]+?)\.?(?=[,\s]|$)/.exec(description);
  if (found === null) return ['', description];
  const rest = description.replace(found[0], '').replace(/^, /, '').trim();
  return [found[1] ?? '', rest];
}

function typeText(field: Node): string {
  const inner = resolved(field.items ?? {});
  if (field.items !== undefined) return `list of ${typeText(inner)}`;
  if (field.properties !== undefined) return 'object';
  if (field.enum !== undefined) return 'text';
  if (field.const !== undefined) return typeof field.const;
  const types = typeof field.type === 'string' ? [field.type] : (field.type ?? ['see meaning']);
  return types.map((type) => (type === 'string' ? 'text' : type)).join(' or ');
}

function rangeText(field: Node, inner: Node): string {
  const one = field.items === undefined ? field : inner;
  const parts = [
    one.const === undefined ? '' : `${one.const}`,
    (one.enum ?? []).map((value) => `${value}`).join(', '),
    one.minimum === undefined ? '' : `${one.minimum}..${one.maximum ?? ''}`,
    one.maxLength === undefined ? '' : `at most ${one.maxLength} characters`,
    one.pattern === undefined ? '' : `\`${one.pattern}\``,
    field.maxItems === undefined ? '' : `at most ${field.maxItems} entries`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}
