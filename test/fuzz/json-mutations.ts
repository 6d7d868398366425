// Mutations of JSON payloads: values and keys changed for others that are legal and unwanted,
// texts and brackets that end too early or never, and what parsers have fallen for.

import type { Random } from '#loadtest/fleet/random.ts';
import { byteMutations, placeIn } from './byte-mutations.ts';
import { type Mutation, payloadBytesMax } from './fuzz-codec.ts';

const numbers = [
  ...['0', '-0', '1e999', '-1e-999', '9007199254740993', '18446744073709551615', '1.5', '-1'],
  ...['01', '1.', '.5', '+1', 'NaN', 'Infinity', '0x10', '1'.repeat(200), '255', '65535'],
];
const sentinels = [0, 1, 254, 255, 65_534, 65_535, 4_294_967_295];
const texts = [
  ...[
    '""',
    '"\\ud800"',
    '"\\u0000"',
    '"\\',
    '"\\x"',
    '"\u2028"',
    '"é"',
    '"2026-05-01T12:05:06+08:00"',
  ],
  ...['"=="', '"AAAA"', `"${'a'.repeat(600)}"`, '"__proto__"', '"LTESTVN0000000001"'],
];
const others = ['null', 'true', 'false', '[]', '{}', '[[]]', '[null]', '{"a":1}', ''];
const keys = [
  ...['"__proto__"', '"constructor"', '"prototype"', '"toString"', '""', '"\\u0076"', '"v"'],
  ...['"ts"', '"type"', '"Time"', '"VIN"', '"Infos"', '"data"', '"location"', '"id"', '"count"'],
];
const noise = [
  ' ',
  '\n',
  '\t',
  ',',
  ':',
  '[',
  ']',
  '{',
  '}',
  '"',
  '\\',
  '\u0000',
  '\ufeff',
  '//',
  'é',
];

/** Any value of JSON that holds no other. */
const scalar = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|"(?:[^"\\]|\\.)*"|true|false|null/g;
const key = /"(?:[^"\\]|\\.)*"(?=\s*:)/g;

export function jsonMutations(corpus: readonly Buffer[]): readonly Mutation[] {
  const changeValue = asText((text, random) =>
    replaced(text, scalar, random.pick([...numbers, ...texts, ...others]), random),
  );
  /** Within what a field may hold, mostly: else all would end at the first check. */
  const changeNumber = asText((text, random) => {
    const small = random.integer(0, 255);
    const number = random.pick([small, small, random.integer(0, 65_535), ...sentinels]);
    return replaced(text, /(?<![\d.])\d+(?![\d.])/g, String(number), random);
  });
  const changeKey = asText((text, random) => replaced(text, key, random.pick(keys), random));
  const insertMember = asText((text, random) => {
    const member = `${random.pick(keys)}:${random.pick([...numbers, ...texts, ...others])}`;
    return inserted(text, /[{,]/g, `${member},`, random);
  });
  const insertNoise = asText((text, random) => {
    const at = random.integer(0, text.length);
    return text.slice(0, at) + random.pick(noise) + text.slice(at);
  });
  const nest = asText((text, random) => {
    const depth = random.pick([1, 2, 4, 7, 8, 9, 40, 3000]);
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
    ]) as [string, string];
    const deep = open.repeat(depth) + random.pick(numbers) + close.repeat(depth);
    return random.chance(0.5) ? replaced(text, scalar, deep, random) : deep;
  });
  const swapParts = asText((text, random) => {
    const other = random.pick(corpus).toString('utf8');
    const found = [...other.matchAll(/\{[^{}]*\}|\[[^[\]]*\]/g)];
    const [part] = found.length > 0 ? random.pick(found) : ['{}'];
    return replaced(text, /\{[^{}]*\}|\[[^[\]]*\]|\d+/g, part, random);
  });
  const asArray = asText((text, random) => {
    const others = Array.from({ length: random.integer(0, 4) }, () => random.pick(corpus));
    return `[${[text, ...others.map((one) => one.toString('utf8'))].join(' , ')}]`;
  });
  return [
    ...byteMutations(corpus, (payload) => payload),
    ...Array.from({ length: 10 }, () => changeNumber),
    ...[changeValue, changeValue, changeKey, insertMember, insertNoise, nest, swapParts, asArray],
  ];
}

/** A payload as long as one may be: one thing over and over, mostly within what it was in. */
export function filledJson(payload: Buffer, random: Random): Buffer {
  const unit = random.pick([
    ...['[', '{"a":', '0,', '"",', '{},', '[],', '{"a":1},', '\\u0041', 'a', '1', ' ', '9e9,'],
    ...['"\\ud800",', 'é', '\\', '"k":1,', '{"v":1,"ts":0},'],
  ]);
  if (unit === '"k":1,') return Buffer.from(manyKeys(random));
  const text = payload.toString('utf8');
  const at = placeIn(Buffer.from(text), random);
  const room = payloadBytesMax - Buffer.byteLength(text) - 8;
  const run = unit.repeat(Math.max(0, Math.floor(room / Buffer.byteLength(unit))));
  const closed = random.pick([run, `[${run}0]`, `"${run}"`, `{"signals":[${run}0]}`]);
  return Buffer.from(random.chance(0.3) ? closed : text.slice(0, at) + closed + text.slice(at));
}

/** Each once, or with keys that a weak hash puts in one place. */
function manyKeys(random: Random): string {
  const prefix = random.pick(['k', 'aaaaaaaa', '']);
  const members = Array.from({ length: 4000 }, (_, n) => `"${prefix}${n}":${n}`);
  return `{"v":1,"ts":0,"signals":{${members.join(',')}}}`;
}

/** Latin-1 keeps bytes that are no UTF-8. */
function asText(change: (text: string, random: Random) => string): Mutation {
  return (payload, random) => {
    const text = payload.length < 4000 ? payload.toString('utf8') : payload.toString('latin1');
    return Buffer.from(change(text, random), payload.length < 4000 ? 'utf8' : 'latin1');
  };
}

/** One of the places where the pattern stands. */
function replaced(text: string, pattern: RegExp, by: string, random: Random): string {
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return text + by;
  const { index, 0: found } = random.pick(places);
  return text.slice(0, index) + by + text.slice(index + found.length);
}

function inserted(text: string, pattern: RegExp, what: string, random: Random): string {
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return text + what;
  const { index } = random.pick(places);
  return text.slice(0, index + 1) + what + text.slice(index + 1);
}
