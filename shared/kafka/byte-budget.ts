// How many bytes may be with the brokers at once; who comes when there is no room waits in line.

export interface ByteBudget {
  readonly bytesInUse: number;
  /** Resolves when there is room; first come, first served. Throws for what can never fit. */
  acquire(bytes: number): Promise<void>;
  release(bytes: number): void;
}

interface Waiter {
  readonly bytes: number;
  readonly admit: () => void;
}

export function createByteBudget(bytesMax: number): ByteBudget {
  let bytesInUse = 0;
  const waiters: Waiter[] = [];
  const hasRoom = (bytes: number) => bytesInUse + bytes <= bytesMax;
  return {
    get bytesInUse() {
      return bytesInUse;
    },
    async acquire(bytes) {
      if (bytes > bytesMax) {
        throw new RangeError(`a batch of ${bytes} bytes, limit ${bytesMax}: split it before`);
      }
      // Also behind others in line: a small batch must not overtake a large one for ever.
      if (waiters.length > 0 || !hasRoom(bytes)) {
        await new Promise<void>((admit) => waiters.push({ bytes, admit }));
        return;
      }
      bytesInUse += bytes;
    },
    release(bytes) {
      bytesInUse -= bytes;
      while (waiters.length > 0 && hasRoom(waiters[0]!.bytes)) {
        const { bytes: admitted, admit } = waiters.shift()!;
        // Taken here, not when the waiter runs: someone else could come between.
        bytesInUse += admitted;
        admit();
      }
    },
  };
}
