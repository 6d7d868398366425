// The simulated time of a run, in a file that all of its processes read: one that was stopped sees
// the right time as soon as it goes on.

import { closeSync, openSync, readSync, writeSync } from 'node:fs';

export interface ClockFile {
  readonly path: string;
  /** Epoch ms. */
  set(nowMs: number): void;
  now(): number;
  close(): void;
}

export function createClockFile(path: string, nowMs: number): ClockFile {
  const file = openSync(path, 'w+');
  const set = (at: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(at);
    writeSync(file, bytes, 0, 8, 0);
  };
  set(nowMs);
  return { path, set, now: () => readTime(file), close: () => closeSync(file) };
}

/** For another process, until its end. */
export function openClockFile(path: string): () => number {
  const file = openSync(path, 'r');
  return () => readTime(file);
}

function readTime(file: number): number {
  const bytes = Buffer.allocUnsafe(8);
  readSync(file, bytes, 0, 8, 0);
  return bytes.readDoubleLE(0);
}
