// What senders of JSON often do wrong: a name that is nearly one of the schema, single quotes, a
// trailing comma, a comment, text in another encoding.

import { leavesOf } from '#shared/frame/explain-parts.ts';
import type { Explained } from '#shared/frame/explained.ts';
import published from '#shared/frame/json/envelope-1.schema.json' with { type: 'json' };
import { nearest } from '#shared/runtime/nearest.ts';

/** Names of every object of the envelope. */
const names: readonly string[] = [
  ...Object.keys(published.properties),
  ...Object.values(published.$defs).flatMap((node) => {
    return 'properties' in node ? Object.keys(node.properties ?? {}) : [];
  }),
];

export function jsonHints(payload: Uint8Array, told: readonly Explained[]): readonly string[] {
  if (told.every(({ verdict }) => verdict !== 'broken')) return [];
  const text = Buffer.from(payload).toString('utf8');
  const [first, second] = payload;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return ['The payload is UTF-16; JSON is sent as UTF-8.'];
  }
  if (first === 0xef && second === 0xbb) return ['A byte order mark comes first; send none.'];
  return [...spelling(told), ...syntax(text)];
}

/** Of a field whose name the schema does not have. */
function spelling(told: readonly Explained[]): readonly string[] {
  for (const { name, verdict } of leavesOf(told)) {
    if (verdict !== 'broken' || names.includes(name)) continue;
    const near = nearest(name, names);
    if (near !== undefined) return [`There is no ${name}; ${near} is near.`];
  }
  return [];
}

function syntax(text: string): readonly string[] {
  if (isJson(text)) return [];
  if (isJson(text.replaceAll(/,(\s*[}\]])/g, '$1'))) {
    return ['A comma stands before a closing bracket; JSON has none there.'];
  }
  if (isJson(text.replaceAll("'", '"'))) return ["Texts stand in double quotes, not in '."];
  if (isJson(text.replaceAll(/\b(NaN|-?Infinity|undefined)\b/g, 'null'))) {
    return ['NaN, Infinity and undefined are no JSON; send null for what is not known.'];
  }
  return [];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
