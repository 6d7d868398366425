// The keys of a JSON payload by their bytes: finds one that stands twice in its object, and those
// that mean something to JavaScript. Arrays of fixed size, made once; nothing is built per key.

import { membersMaxMax } from './limits.ts';

export interface KeyRange {
  /** Between the quotes. */
  readonly at: number;
  readonly end: number;
  /** Number of the object that holds the key. */
  readonly owner: number;
  readonly isEscaped: boolean;
}

/** Twice the keys: a chain of full slots stays short. */
const slotCount = membersMaxMax * 2;

// Unknown outside this process, so that nobody can choose keys that meet in one slot.
const seed = Math.floor(Math.random() * 2 ** 32);

const forbidden = ['__proto__', 'constructor', 'prototype'];

class KeyTable {
  /** Number of a key, from 1; 0 where none is. */
  readonly #slots = new Int32Array(slotCount);
  readonly #ranges = new Int32Array(membersMaxMax * 2);
  readonly #owners = new Int32Array(membersMaxMax);
  readonly #hashes = new Int32Array(membersMaxMax);
  readonly #usedSlots = new Int32Array(membersMaxMax);
  #count = 0;

  /** What is wrong with the key; null when nothing is. */
  add(bytes: Uint8Array, { at, end, owner, isEscaped }: KeyRange): string | null {
    const plain = isEscaped ? plainBytes(bytes, at, end) : bytes;
    const [plainAt, plainEnd] = isEscaped ? [0, plain.length] : [at, end];
    if (isForbidden(plain, plainAt, plainEnd)) {
      const key = textOf(plain, plainAt, plainEnd);
      return `a key other than ${forbidden.join(', ')} wanted, found ${key}`;
    }
    const hash = hashOf(plain, plainAt, plainEnd, owner);
    let slot = hash & (slotCount - 1);
    for (let number = this.#slots[slot]; number !== 0; number = this.#slots[slot]) {
      if (this.#isSame((number as number) - 1, { bytes, hash, owner, at, end, isEscaped })) {
        const key = JSON.stringify(textOf(plain, plainAt, plainEnd));
        return `each key once wanted, found ${key} again`;
      }
      slot = (slot + 1) & (slotCount - 1);
    }
    const index = this.#count;
    this.#ranges[index * 2] = at;
    this.#ranges[index * 2 + 1] = end;
    this.#owners[index] = owner;
    this.#hashes[index] = hash;
    this.#usedSlots[index] = slot;
    this.#count += 1;
    this.#slots[slot] = this.#count;
    return null;
  }

  clear(): void {
    for (let index = 0; index < this.#count; index += 1) {
      this.#slots[this.#usedSlots[index] as number] = 0;
    }
    this.#count = 0;
  }

  #isSame(index: number, { bytes, hash, owner, at, end, isEscaped }: Candidate): boolean {
    if (this.#hashes[index] !== hash || this.#owners[index] !== owner) return false;
    const knownAt = this.#ranges[index * 2] as number;
    const knownEnd = this.#ranges[index * 2 + 1] as number;
    if (isEscaped || hasEscape(bytes, knownAt, knownEnd)) {
      const known = plainBytes(bytes, knownAt, knownEnd);
      const plain = plainBytes(bytes, at, end);
      return textOf(known, 0, known.length) === textOf(plain, 0, plain.length);
    }
    if (end - at !== knownEnd - knownAt) return false;
    for (let offset = 0; offset < end - at; offset += 1) {
      if (bytes[at + offset] !== bytes[knownAt + offset]) return false;
    }
    return true;
  }
}

interface Candidate extends KeyRange {
  readonly bytes: Uint8Array;
  readonly hash: number;
}

/** Used by one scan at a time, which clears it at its end. */
export const keyTable = new KeyTable();

/** FNV-1a, over a seed and the object's number. */
function hashOf(bytes: Uint8Array, from: number, to: number, owner: number): number {
  let hash = seed ^ Math.imul(owner, 0x9e3779b1);
  for (let at = from; at < to; at += 1) {
    hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

function hasEscape(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] === 0x5c) return true;
  return false;
}

/** Without escapes. The scan has found the text to be good. */
function plainBytes(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return Buffer.from(JSON.parse(`"${textOf(bytes, from, to)}"`) as string, 'utf8');
}

function isForbidden(bytes: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length !== 9 && length !== 11) return false;
  return forbidden.includes(textOf(bytes, from, to));
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
}
