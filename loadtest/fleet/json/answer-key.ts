// How a JSON car recognises its answers: by the id of its message and the status.

export function jsonKeyOf(id: string, status: string): string {
  return `json ${id} ${status}`;
}

/** Null for what is no answer. */
export function jsonAnswerKey(payload: Buffer): string | null {
  try {
    const { id, status, ...rest } = JSON.parse(payload.toString('utf8')) as Record<string, unknown>;
    // A time sync is told the platform's time, which nobody can foretell.
    const isStrange = Object.keys(rest).some((name) => name !== 'ts');
    if (typeof id !== 'string' || typeof status !== 'string' || isStrange) return null;
    return jsonKeyOf(id, status);
  } catch {
    return null;
  }
}
