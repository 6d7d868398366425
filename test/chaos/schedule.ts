// Which fault strikes when: drawn from a seed, so that a run that failed can be made again.

import { createRandom } from '#loadtest/fleet/random.ts';
import type { FaultBag } from './fault-bag.ts';
import type { Fault } from './faults/fault.ts';

export interface Appointment {
  readonly fault: Fault;
  /** From the begin of the round. */
  readonly atMs: number;
  readonly durationMs: number;
  /** Of the fault's own chance. */
  readonly seed: number;
}

export interface SchedulePlan {
  readonly bag: FaultBag;
  readonly seed: number;
  /** Faults begin within it and may end after it. */
  readonly roundMs: number;
  /** Between two draws, on average. */
  readonly gapMs: number;
}

/** Calm before the first fault, so that all bridges are at work. */
const firstAtMs = 1_000;
/** After a fault, before another one may want the same part of the world. */
const restMs = 1_500;

/** In the order in which they begin; those that share a claim never overlap. */
export function drawSchedule({ bag, seed, roundMs, gapMs }: SchedulePlan): Appointment[] {
  const random = createRandom(seed);
  const appointments: Appointment[] = [];
  const freeAt = new Map<string, number>();
  for (let atMs = firstAtMs; atMs < roundMs; atMs += random.between(0.4, 1.6) * gapMs) {
    const fault = bag.draw();
    const [least, most] = fault.durationMs;
    const durationMs = Math.round(random.between(least, most));
    // It waits for what it claims: else a fault that claims much would hardly ever come.
    const frees = fault.claims.map((claim) => freeAt.get(claim) ?? 0);
    const beginMs = Math.round(Math.max(atMs, ...frees));
    if (beginMs >= roundMs) {
      bag.giveBack(fault);
      continue;
    }
    appointments.push({ fault, atMs: beginMs, durationMs, seed: random.integer(1, 2e9) });
    for (const claim of fault.claims) freeAt.set(claim, beginMs + durationMs + restMs);
  }
  return appointments.sort((a, b) => a.atMs - b.atMs);
}

/** Each of them once, in their order, one after the other: for a test that wants them all. */
export function inTurn(faults: readonly Fault[], seed: number): Appointment[] {
  let atMs = firstAtMs;
  return faults.map((fault, at) => {
    const [durationMs] = fault.durationMs;
    const appointment = { fault, atMs, durationMs, seed: seed + at };
    atMs += durationMs + restMs;
    return appointment;
  });
}

export interface Company {
  /** Of each group all are broken at the same time; no two of it claim the same. */
  readonly groups: readonly (readonly Fault[])[];
  readonly seed: number;
}

/**
 * Group after group, each fault for its least time: the first of a group begins, and the others
 * while it lasts, when the seed says. No more than a group is ever broken at once, so what explains
 * a copy is as narrow as its faults.
 */
export function inCompany({ groups, seed }: Company): Appointment[] {
  const random = createRandom(seed);
  let groupAtMs = firstAtMs;
  return groups.flatMap((group) => {
    const claims = group.flatMap((fault) => fault.claims);
    if (new Set(claims).size < claims.length) {
      const names = group.map(({ name }) => name).join(', ');
      throw new RangeError(`wanted faults that claim nothing alike, found ${names}`);
    }
    const lastMs = group[0]?.durationMs[0] ?? 0;
    const appointments = group.map((fault, at) => {
      const [durationMs] = fault.durationMs;
      const share = at === 0 ? 0 : random.between(0.2, 0.8);
      const atMs = groupAtMs + Math.round(share * lastMs);
      return { fault, atMs, durationMs, seed: random.integer(1, 2e9) };
    });
    groupAtMs = Math.max(...appointments.map((one) => one.atMs + one.durationMs)) + restMs;
    return appointments.sort((a, b) => a.atMs - b.atMs);
  });
}
