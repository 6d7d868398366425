// The identity of a frame's content: what makes a duplicate or a reissue recognisable.

import xxhash from 'xxhash-wasm';

/**
 * XXH64, seed 0, big-endian, over vehicleId, 0x00, protocol family, 0x00 and `content`.
 * `prefix` is what `framePrefix` made of the first four. The buffer is the caller's to keep.
 */
export type HashFrame = (prefix: Uint8Array, content: Uint8Array) => Buffer;

/** XXH64, seed 0, of the prefix and the content behind it. */
export type Hash64 = (prefix: Uint8Array, content: Uint8Array) => bigint;

// Holds any frame of the standard (64 KiB) with its prefix.
const scratchBytes = 128 * 1024;

export async function createFrameHash(): Promise<HashFrame> {
  return frameHashOf(await createHash64());
}

export function frameHashOf(hash64: Hash64): HashFrame {
  return (prefix, content) => {
    const id = Buffer.allocUnsafe(8);
    id.writeBigUInt64BE(hash64(prefix, content));
    return id;
  };
}

export async function createHash64(): Promise<Hash64> {
  const { h64Raw, create64 } = await xxhash();
  const scratch = new Uint8Array(scratchBytes);

  function hash(prefix: Uint8Array, content: Uint8Array): bigint {
    const length = prefix.length + content.length;
    if (length > scratchBytes) return hashInPieces(prefix, content);
    scratch.set(prefix, 0);
    scratch.set(content, prefix.length);
    return h64Raw(scratch.subarray(0, length));
  }

  // xxhash-wasm never gives memory back, so a huge payload must not pass through it in one piece.
  function hashInPieces(prefix: Uint8Array, content: Uint8Array): bigint {
    const state = create64();
    for (let at = 0; at < prefix.length; at += scratchBytes) {
      state.update(prefix.subarray(at, at + scratchBytes));
    }
    for (let at = 0; at < content.length; at += scratchBytes) {
      state.update(content.subarray(at, at + scratchBytes));
    }
    return state.digest();
  }

  return hash;
}

/** The part that all frames of one vehicle share. */
export function framePrefix(vehicleId: string, family: string): Buffer {
  return Buffer.from(`${vehicleId}\0${family}\0`, 'utf8');
}
