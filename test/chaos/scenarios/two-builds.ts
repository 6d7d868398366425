// F24: two builds of the bridge at work together, as in every rolling update, and the way back.

import assert from 'node:assert/strict';
import type { Figures, ProofStage } from '../../proof/proof.ts';
import { bridgesRolled } from '../faults/bridges-rolled.ts';
import type { Fault } from '../faults/fault.ts';
import { olderBuild } from './older-build.ts';
import { stageRound } from './stage-round.ts';

const bridges = 2;
/** Of changes to the bridge and what it shares: about a release. */
const changesBack = 20;
const mixedMs = 4_000;
/** All bridges, one after the other. */
const rollMs = 15_000;

export async function twoBuilds(stage: ProofStage): Promise<Figures> {
  const older = await olderBuild(stage, changesBack);
  stage.say(`The older build is that of ${older.commit}.`);
  /** Places that have the older build, or get it when they start next. */
  const olderPlaces = new Set([0]);
  const rollTo = (places: readonly number[]): Fault => ({
    ...bridgesRolled,
    id: 'F24',
    strike: (scene) => {
      olderPlaces.clear();
      for (const place of places) olderPlaces.add(place);
      return bridgesRolled.strike(scene);
    },
  });
  const appointments = [
    { fault: rollTo([]), atMs: mixedMs, durationMs: 0, seed: 1 },
    { fault: rollTo([0, 1]), atMs: mixedMs + rollMs, durationMs: 0, seed: 2 },
  ];
  const olderNames = new Set<string>();
  const { verdict } = await stageRound(stage, {
    brokers: 1,
    bridges,
    // Only what both know: a bridge refuses to start with a setting that it does not know.
    settings: { BRIDGE_BROKER_QUEUE_FRAMES: null },
    seed: 88,
    vehicles: 120,
    messagesPerSecond: 2,
    loadMs: mixedMs + 2 * rollMs,
    appointments,
    prepare: ({ ground }) => older.applySchemas(ground.addresses.registryUrl),
    mainFileOf: (place, name) => {
      if (!olderPlaces.has(place)) return undefined;
      olderNames.add(name);
      return older.mainFile;
    },
  });
  const copies = verdict.fates.all.flatMap((fate) => fate.copies);
  const byOlder = copies.filter(({ origin }) => olderNames.has(nameOf(origin.bridge))).length;
  assert.ok(byOlder > 0 && byOlder < copies.length, `${byOlder} of ${copies.length} records`);
  const lostCount = Object.values(verdict.lost).reduce((sum, count) => sum + count, 0);
  const twiceCount = Object.values(verdict.duplicates).reduce((sum, count) => sum + count, 0);
  assert.deepEqual({ lostCount, twiceCount }, { lostCount: 0, twiceCount: 0 });
  return {
    frames: verdict.frames,
    'older build': older.commit,
    'records of the older build': byOlder,
    'of this one': copies.length - byOlder,
    lost: 0,
    'stored twice': 0,
  };
}

/** Without what tells one life from another. */
function nameOf(originBridge: string): string {
  return originBridge.slice(0, originBridge.lastIndexOf('-'));
}
