// What a check found: where, what was wanted, what was there.

export interface Fault {
  /** `Deployment/bridge`, or a file. */
  readonly at: string;
  /** Inside the object: `spec.replicas`. */
  readonly path: string;
  readonly wanted: string;
  readonly found: string;
}

export function fault(at: string, path: string, wanted: string, found: unknown): Fault {
  const text = typeof found === 'string' ? found : (JSON.stringify(found) ?? 'nothing');
  return { at, path, wanted, found: text };
}

/** One line: `Deployment/bridge spec.replicas: want …, found …`. */
export function faultLine({ at, path, wanted, found }: Fault): string {
  return `${at}${path === '' ? '' : ` ${path}`}: want ${wanted}; found ${found}`;
}
