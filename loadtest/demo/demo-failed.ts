// Why a demo could not be given, for people: what was tried, what was found, where to look.

export class DemoFailed extends Error {
  readonly code = 'DEMO_FAILED';
}

/** Says what was tried when it fails; an abort stays an abort. */
export async function attempt<T>(what: string, signal: AbortSignal, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    const found = error instanceof Error ? error.message : String(error);
    throw new DemoFailed(`${what} failed: ${found}`, { cause: error });
  }
}
