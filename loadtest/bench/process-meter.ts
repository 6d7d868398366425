// What a process has used so far, as Linux counts it: CPU time of all its threads, peak memory.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** User and system time, ms; as fine as the kernel's tick (10 ms as a rule). */
export function cpuMsOf(pid: number): number {
  return cpuMsIn(`/proc/${pid}/stat`);
}

/** The same of the thread alone in which JavaScript runs. */
export function mainThreadCpuMsOf(pid: number): number {
  return cpuMsIn(`/proc/${pid}/task/${pid}/stat`);
}

function cpuMsIn(file: string): number {
  const stat = readFileSync(file, 'latin1');
  // The name, in brackets, may hold spaces: fields count from behind it. man proc: utime is 14.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond();
}

/** Since the process began, MiB. */
export function rssPeakMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

let knownTicks: number | undefined;

function ticksPerSecond(): number {
  knownTicks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return knownTicks;
}
