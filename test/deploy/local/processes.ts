// What runs below a process, and whether it still does: read from /proc, since a bare machine may
// lack ps.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** The process and all below it, shells that guard others included. */
export function familyOf(pid: number): readonly number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((name) => [Number(name), statOf(Number(name))?.parent]));
  const family = [pid];
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child);
  }
  return family;
}

/** Resolves when none of them runs; throws with those that still do at the deadline. */
export async function allGone(pids: readonly number[], deadlineMs = 15_000): Promise<void> {
  const endAt = performance.now() + deadlineMs;
  for (;;) {
    const left = pids.filter(isRunning);
    if (left.length === 0) return;
    if (performance.now() > endAt) throw new Error(`Still running: ${left.join(', ')}`);
    await pause(20);
  }
}

/** A zombie has ended; that nobody has collected it is its new parent's matter. */
export function isRunning(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.state !== 'Z';
}

function statOf(pid: number): { state: string; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
