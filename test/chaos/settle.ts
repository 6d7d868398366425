// When all that can still arrive has arrived.

import { setTimeout as pause } from 'node:timers/promises';
import type { FleetRun } from '../integration/fleet-run.ts';
import { type MqttWitness, messageKey } from './witness/mqtt-witness.ts';

const lookEveryMs = 100;
/** Longer than a bridge waits before it connects again. */
const quietMsMax = 12_000;
const settleMsMax = 180_000;
const answersMsMax = 5_000;

/**
 * Resolves when bridges have acknowledged every message of the fleet, or when for a long time
 * nothing has moved: then the rest was lost.
 */
export async function whenSettled(fleet: FleetRun, witness: MqttWitness): Promise<void> {
  const pending = pendingOf(fleet);
  const giveUpAt = Date.now() + settleMsMax;
  let seen = -1;
  let stillSince = Date.now();
  while (Date.now() < giveUpAt) {
    for (const [key, wanted] of pending) {
      const acked = witness.deliveries.get(key)?.filter(({ ackedAt }) => ackedAt !== null) ?? [];
      if (acked.length >= wanted) pending.delete(key);
    }
    const isMoving = witness.ackedCount !== seen || witness.outstandingCount > 0;
    seen = witness.ackedCount;
    if (isMoving) stillSince = Date.now();
    if (pending.size === 0 && !isMoving) break;
    if (Date.now() - stillSince > quietMsMax) return;
    await pause(lookEveryMs);
  }
  await whenAnswered(fleet);
}

/** How often each message was sent: heartbeats of a car are all alike. */
function pendingOf({ messages }: FleetRun): Map<string, number> {
  const pending = new Map<string, number>();
  for (const { mqttTopic, payload } of messages) {
    const key = messageKey(mqttTopic, payload);
    pending.set(key, (pending.get(key) ?? 0) + 1);
  }
  return pending;
}

/** They were handed to the broker before the PUBACK. */
async function whenAnswered(fleet: FleetRun): Promise<void> {
  const giveUpAt = Date.now() + answersMsMax;
  while (fleet.answerCount < fleet.answersWantedCount && Date.now() < giveUpAt) {
    await pause(lookEveryMs);
  }
}
