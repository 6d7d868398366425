// All faults that a chaos run knows. A new one is a file beside this one and a line here.

import { batchesTooLarge } from './batches-too-large.ts';
import { bridgeFrozen } from './bridge-frozen.ts';
import { bridgeKicked } from './bridge-kicked.ts';
import { bridgeKilled } from './bridge-killed.ts';
import { bridgeOutOfMemory } from './bridge-out-of-memory.ts';
import { bridgeTakenOver } from './bridge-taken-over.ts';
import { bridgesRolled } from './bridges-rolled.ts';
import { brokerRepeats } from './broker-repeats.ts';
import { brokerRestarted } from './broker-restarted.ts';
import { clientIdTwice } from './client-id-twice.ts';
import { descriptorsGone } from './descriptors-gone.ts';
import { diskFull } from './disk-full.ts';
import type { Fault } from './fault.ts';
import { kafkaBlackHole } from './kafka-black-hole.ts';
import { kafkaDown } from './kafka-down.ts';
import { kafkaNodeKilled } from './kafka-node-killed.ts';
import { leadersMove } from './leaders-move.ts';
import { namesLost } from './names-lost.ts';
import { producersThrottled } from './producers-throttled.ts';
import { queueOverflow } from './queue-overflow.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { registryAway } from './registry-away.ts';
import { replicasShort } from './replicas-short.ts';
import { replyLost } from './reply-lost.ts';

export const faults: readonly Fault[] = [
  reconnectStorm,
  clientIdTwice,
  brokerRestarted,
  queueOverflow,
  brokerRepeats,
  bridgeKicked,
  bridgeKilled,
  bridgeFrozen,
  bridgeOutOfMemory,
  leadersMove,
  kafkaNodeKilled,
  kafkaDown,
  kafkaBlackHole,
  replyLost,
  registryAway,
  bridgesRolled,
  bridgeTakenOver,
  replicasShort,
  batchesTooLarge,
  producersThrottled,
  descriptorsGone,
  diskFull,
  namesLost,
];

/** By id (F10: all that share it) or by name; empty: all. Throws with what there is. */
export function chooseFaults(wanted: readonly string[]): readonly Fault[] {
  if (wanted.length === 0) return faults;
  const unknown = wanted.filter(
    (word) => !faults.some(({ id, name }) => [id, name].includes(word)),
  );
  if (unknown.length > 0) {
    const known = faults.map(({ id, name }) => `${id} ${name}`).join(', ');
    throw new RangeError(`Wanted faults out of ${known}; found ${unknown.join(', ')}.`);
  }
  return faults.filter(({ id, name }) => wanted.includes(id) || wanted.includes(name));
}
