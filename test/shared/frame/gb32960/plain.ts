// Decoded things without views, so that they compare by content and not by the kind of their bytes.

export type Plain = null | boolean | number | string | Plain[] | { [name: string]: Plain };

/** Bytes become `hex:…`; all else keeps its shape. */
export function plain(value: unknown): Plain {
  if (value instanceof Uint8Array) return `hex:${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
  }
  return value as Plain;
}
