// One round with its own brokers and bridges: what scenarios and tests of a single fault have in
// common.

import assert from 'node:assert/strict';
import type { ModelSettings } from '../../emqx-model/settings.ts';
import type { ProofStage } from '../../proof/proof.ts';
import { type Bed, openBed } from '../bed.ts';
import { chaosSettings } from '../chaos.ts';
import { Crew, type CrewOptions } from '../crew.ts';
import { playRound, type RoundOptions, type RoundResult } from '../round.ts';
import type { Appointment } from '../schedule.ts';
import { addRound, emptySum, lineOf } from '../sum.ts';

export interface StagedRound {
  /** Kafka nodes. */
  readonly brokers: 1 | 3;
  readonly bridges: number;
  readonly model?: Partial<ModelSettings>;
  /** Over those of a chaos run; null takes one away. */
  readonly settings?: CrewOptions['settings'];
  readonly seed: number;
  readonly vehicles: number;
  /** Of each vehicle. */
  readonly messagesPerSecond: number;
  readonly loadMs: number;
  readonly appointments: readonly Appointment[];
  /** See `RoundOptions`. */
  readonly guests?: NonNullable<RoundOptions['guests']>;
  /** See `CrewOptions`. */
  readonly mainFileOf?: NonNullable<CrewOptions['mainFileOf']>;
  /** Brokers are up, no bridge is. */
  readonly prepare?: (bed: Bed) => Promise<void>;
  /** Bridges are up, the fleet is not. */
  readonly onReady?: (bed: Bed, crew: Crew) => void;
}

/** Rejects with the report where a promise was broken. */
export async function stageRound(
  { say, ...scope }: ProofStage,
  round: StagedRound,
): Promise<RoundResult> {
  const { brokers, bridges, model, settings, mainFileOf, prepare, onReady, ...load } = round;
  const open = { brokers, bridges, scope, say, ...(model && { model }) };
  const bed = await openBed(open);
  await prepare?.(bed);
  const all = { ...chaosSettings, ...settings };
  const crew = new Crew({ bed, scope, settings: all, ...(mainFileOf && { mainFileOf }) });
  await crew.fill();
  onReady?.(bed, crew);
  const result = await playRound({ bed, crew, scope, say, ...load });
  await crew.watch.stop();
  say(lineOf(addRound(emptySum, result)));
  if (result.report.length > 0) say(`Logs of the bridges: ${await crew.writeLogs()}`);
  assert.equal(result.report.length, 0, result.report.join('\n'));
  return result;
}
