// Kubernetes' quantities of memory, as numbers.

const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** NaN for what is no quantity of memory. */
export function byteCount(quantity: unknown): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
  return Number(number) * (factors[unit ?? ''] ?? Number.NaN);
}
