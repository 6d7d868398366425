// Beyond what a broker promises, frames are lost in it; then what it counts and what the ledger
// misses must be the same number.

import assert from 'node:assert/strict';
import type { CounterName } from '../../emqx-model/counters.ts';
import type { Figures, ProofStage } from '../../proof/proof.ts';
import type { Bed } from '../bed.ts';
import { bridgeKicked } from '../faults/bridge-kicked.ts';
import type { Fault } from '../faults/fault.ts';
import { queueOverflow } from '../faults/queue-overflow.ts';
import { stageRound } from './stage-round.ts';

/** Small, so that both overflow within seconds. */
const model = { maxInflight: 50, maxMqueueLen: 300 };
const load = { bridges: 2, vehicles: 100, messagesPerSecond: 4 };

/** F5. */
export async function overflow(stage: ProofStage): Promise<Figures> {
  const appointments = [{ fault: queueOverflow, atMs: 1_500, durationMs: 9_000, seed: 1 }];
  const { bed, verdict } = await play(stage, { appointments, loadMs: 12_000, seed: 84 });
  const dropped = countOf(bed, 'delivery.dropped.queue_full');
  assert.ok(dropped > 0, 'nothing overflowed');
  assert.equal(verdict.messagesLostInBroker.size, dropped);
  return { frames: verdict.frames, 'dropped by the broker': dropped, 'missing in Kafka': dropped };
}

/** F6. What a bridge had got is stored all the same; what nobody had got is missing. */
export async function kicked(stage: ProofStage): Promise<Figures> {
  const appointments = [1, 2, 3].map((seed, at) => {
    return { fault: bridgeKicked as Fault, atMs: 1_500 + at * 5_000, durationMs: 500, seed };
  });
  const { bed, verdict } = await play(stage, { appointments, loadMs: 17_000, seed: 85 });
  const { messagesLostInBroker, fates } = verdict;
  // Heartbeats of a car are all alike: nobody knows which of them is missing.
  const unique = fates.all.filter(({ sends }) => sends.length === 1);
  const handedOn = unique.filter(({ deliveries, copies }) => {
    return deliveries.length > 0 && copies.length === 0;
  });
  assert.equal(handedOn.length, 0, 'a bridge had got them, and they are missing');
  const gone = countOf(bed, 'model.lost_with_session');
  const missing = messagesLostInBroker.size;
  const held = gone - missing;
  // What a session has with its bridge is at most its window, PUBACKs on their way included.
  const { unacked, sessions } = heldBy(bed);
  const heldMax = sessions * model.maxInflight;
  assert.ok(missing > 0 && unacked <= held && held <= heldMax, `${held}, ${unacked}, ${heldMax}`);
  return {
    frames: verdict.frames,
    'gone with sessions': gone,
    'of them held by a bridge, and stored': held,
    'missing in Kafka': missing,
  };
}

/** Of the connections that were ended: how many, and what their bridges had not acknowledged. */
function heldBy({ witness }: Bed): { readonly unacked: number; readonly sessions: number } {
  const ended = witness.sessions.filter(({ closedAt, isLeft }) => closedAt !== null && !isLeft);
  const deliveries = [...witness.deliveries.values()].flat();
  const unacked = deliveries.filter(({ ackedAt, session }) => {
    return ackedAt === null && ended.includes(session);
  });
  return { unacked: unacked.length, sessions: ended.length };
}

type Play = Pick<Parameters<typeof stageRound>[1], 'appointments' | 'loadMs' | 'seed'>;

async function play(stage: ProofStage, own: Play) {
  let bed: Bed | null = null;
  const onReady = (ready: Bed) => {
    bed = ready;
  };
  const { verdict } = await stageRound(stage, { brokers: 1, model, onReady, ...load, ...own });
  return { bed: bed as unknown as Bed, verdict };
}

function countOf({ mqtt }: Bed, name: CounterName): number {
  return mqtt.model?.counters[name] ?? 0;
}
