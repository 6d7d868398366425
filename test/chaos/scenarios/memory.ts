// F9: Kafka hangs while large payloads come faster than any car sends: the bridge reads until its
// bound of bytes is reached, and no further.

import assert from 'node:assert/strict';
import { createExpectations, type Expectations } from '#loadtest/fleet/expectations.ts';
import type { PlannedMessage } from '#loadtest/fleet/planned.ts';
import { createRandom } from '#loadtest/fleet/random.ts';
import { vinOf } from '#loadtest/fleet/vin.ts';
import type { Figures, ProofStage } from '../../proof/proof.ts';
import { kafkaBlackHole } from '../faults/kafka-black-hole.ts';
import { type Most, mebibyte, rssBytesMax, watchMemory } from './resident.ts';
import { stageRound } from './stage-round.ts';

const calmMs = 1_500;
const awayMs = 15_000;
const loadMs = calmMs + awayMs + 3_000;
const cars = 10;
const payloadBytes = 64 * 1024;
/** All together five times what the bridge may hold. */
const payloadsPerSecond = (5 * 48 * mebibyte) / payloadBytes / (awayMs / 1_000);
/** Of BRIDGE_HELD_BYTES_MAX: it stops at the brim, not before. */
const heldBytesMax = 48 * mebibyte;

export async function memoryBound(stage: ProofStage): Promise<Figures> {
  const expectations = await createExpectations();
  let most: Most = { rssBytes: 0, heldBytes: 0 };
  const { verdict } = await stageRound(stage, {
    brokers: 1,
    bridges: 1,
    // A broker that keeps all of it, whatever it weighs.
    model: { maxInflight: 4_000, maxMqueueLen: 100_000 },
    seed: 89,
    vehicles: 50,
    messagesPerSecond: 1,
    loadMs,
    appointments: [{ fault: kafkaBlackHole, atMs: calmMs, durationMs: awayMs, seed: 1 }],
    guests: (startAt) =>
      Array.from({ length: cars }, (_, index) => flood(index, { expectations, startAt })),
    onReady: (_, crew) => {
      most = watchMemory(stage, crew);
    },
  });
  const told = `${inMebibytes(most.rssBytes)} resident, ${inMebibytes(most.heldBytes)} held`;
  assert.ok(most.heldBytes > heldBytesMax * 0.9, `the bound was never reached: ${told}`);
  // One message may lie across the brim.
  assert.ok(most.heldBytes < heldBytesMax + 2 * mebibyte, told);
  assert.ok(most.rssBytes < rssBytesMax, told);
  const { lost, frames } = verdict;
  assert.deepEqual(lost, { beforeBroker: 0, inBroker: 0, inBrokerUnexplained: 0, afterBridge: 0 });
  return {
    frames,
    'sent, in mebibytes': Math.round((payloadsPerSecond * loadMs * payloadBytes) / 1e3 / mebibyte),
    'held at most': inMebibytes(most.heldBytes),
    'resident at most': inMebibytes(most.rssBytes),
    lost: 0,
  };
}

interface Flood {
  readonly expectations: Expectations;
  readonly startAt: number;
}

function* flood(index: number, { expectations, startAt }: Flood): Generator<PlannedMessage> {
  const vehicleId = vinOf('FLUDS', index);
  const mqttTopic = `v1/up/${vehicleId}/gb32960`;
  const noise = noiseOf(index);
  const everyMs = (cars / payloadsPerSecond) * 1_000;
  for (let at = 0; at * everyMs < loadMs; at += 1) {
    const payload = Buffer.from(noise);
    payload.write(String(at), 'latin1');
    const facts = { kind: 'garbage', reason: 'frame_start', mqttTopic } as const;
    const refused = expectations.refused(vehicleId, payload, facts);
    yield { vehicleId, mqttTopic, payload, dueAt: startAt + at * everyMs, frames: [refused] };
  }
}

/** Without any byte of a start, so that the whole is one refused frame. */
function noiseOf(index: number): Buffer {
  return createRandom(89, index)
    .bytes(payloadBytes)
    .map((byte) => byte & 0xdf) as Buffer;
}

function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / mebibyte)} MiB`;
}
