// Which fault strikes when: drawn from a seed, so that a run that failed can be made again. Pure.

import { createRandom, type Random } from '#loadtest/fleet/random.ts';
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
  readonly faults: readonly Fault[];
  readonly seed: number;
  /** Faults begin within it and may end after it. */
  readonly roundMs: number;
  /** Between the begin of one and of the next, on average. */
  readonly gapMs: number;
}

/** Calm before the first fault, so that all bridges are at work. */
const firstAtMs = 1_000;
/** After a fault, before another one may want the same part of the world. */
const restMs = 1_500;

/** In the order in which they begin; those that share a claim never overlap. */
export function drawSchedule({ faults, seed, roundMs, gapMs }: SchedulePlan): Appointment[] {
  const random = createRandom(seed);
  const appointments: Appointment[] = [];
  const freeAt = new Map<string, number>();
  const isFree = (fault: Fault, atMs: number) =>
    fault.claims.every((claim) => (freeAt.get(claim) ?? 0) <= atMs);
  for (let atMs = firstAtMs; atMs < roundMs; atMs += random.between(0.4, 1.6) * gapMs) {
    const fault = pickByWeight(
      faults.filter((one) => isFree(one, atMs)),
      random,
    );
    if (fault === null) continue;
    const [least, most] = fault.durationMs;
    const durationMs = Math.round(random.between(least, most));
    const appointment = { fault, atMs: Math.round(atMs), durationMs, seed: random.integer(1, 2e9) };
    appointments.push(appointment);
    for (const claim of fault.claims) freeAt.set(claim, atMs + durationMs + restMs);
  }
  return appointments;
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

function pickByWeight(faults: readonly Fault[], random: Random): Fault | null {
  const total = faults.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  for (const fault of faults) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  return null;
}
