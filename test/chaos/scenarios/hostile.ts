// F21: cars that send what is made to hurt, beside a fleet and under faults. All of it ends in
// quarantine with every byte; nobody else notices.

import assert from 'node:assert/strict';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { createExpectations, type Expectations } from '#loadtest/fleet/expectations.ts';
import type { PlannedMessage } from '#loadtest/fleet/planned.ts';
import { createRandom } from '#loadtest/fleet/random.ts';
import { vinOf } from '#loadtest/fleet/vin.ts';
import type { Figures, ProofStage } from '../../proof/proof.ts';
import { bridgeKilled } from '../faults/bridge-killed.ts';
import { kafkaBlackHole } from '../faults/kafka-black-hole.ts';
import { stageRound } from './stage-round.ts';

const kibibyte = 1024;
/** BRIDGE_PAYLOAD_BYTES_MAX: larger ones are refused unread. */
const payloadBytesMax = 64 * kibibyte;
const loadMs = 20_000;
const appointments = [
  { fault: bridgeKilled, atMs: 2_000, durationMs: 1_000, seed: 1 },
  { fault: kafkaBlackHole, atMs: 9_000, durationMs: 4_000, seed: 2 },
];
/** Of each hostile car. */
const everyMs = 500;

interface Weapon {
  readonly name: string;
  readonly reason: 'frame_start' | 'payload_oversize';
  /** Another one each time, so that each has a place of its own in the ledger. */
  bytes(at: number): Buffer;
}

const weapons: readonly Weapon[] = [
  {
    name: 'a JSON list 30,000 deep',
    reason: 'frame_start',
    bytes: (at) => Buffer.from(`${'['.repeat(30_000)}${at}${']'.repeat(30_000)}`),
  },
  {
    name: 'JSON that names a prototype',
    reason: 'frame_start',
    bytes: (at) => Buffer.from(`{"__proto__":{"constructor":{"prototype":${at}}}}`),
  },
  {
    name: 'a megabyte that looks like nothing in gzip',
    reason: 'frame_start',
    bytes: (at) => unframed(gzipSync(Buffer.concat([zeros, Buffer.from(String(at))]))),
  },
  {
    name: 'and like less in brotli',
    reason: 'frame_start',
    bytes: (at) => unframed(brotliCompressSync(Buffer.concat([zeros, Buffer.from(String(at))]))),
  },
  {
    name: 'the largest payload that is read',
    reason: 'frame_start',
    bytes: (at) => unframed(createRandom(at).bytes(payloadBytesMax)),
  },
  {
    name: 'one byte more',
    reason: 'payload_oversize',
    bytes: (at) => createRandom(at).bytes(payloadBytesMax + 1),
  },
  {
    name: 'a megabyte',
    reason: 'payload_oversize',
    bytes: (at) => Buffer.alloc(kibibyte * kibibyte, createRandom(at).bytes(997)),
  },
];

const zeros = Buffer.alloc(kibibyte * kibibyte);

/** Without any byte of a start, so that the whole is one refused frame. */
function unframed(bytes: Buffer): Buffer {
  return bytes.map((byte) => (byte === 0x23 || byte === 0x24 ? byte + 2 : byte)) as Buffer;
}

export async function hostile(stage: ProofStage): Promise<Figures> {
  const expectations = await createExpectations();
  const { verdict } = await stageRound(stage, {
    brokers: 1,
    bridges: 2,
    seed: 87,
    vehicles: 100,
    messagesPerSecond: 1,
    loadMs,
    appointments,
    guests: (startAt) => weapons.map((_, index) => attack(index, { expectations, startAt })),
  });
  const { lost, frames, quarantined } = verdict;
  assert.deepEqual(lost, { beforeBroker: 0, inBroker: 0, inBrokerUnexplained: 0, afterBridge: 0 });
  const hostileCount = verdict.fates.all.filter(({ vehicleId }) => isHostile(vehicleId)).length;
  assert.ok(hostileCount > weapons.length, `${hostileCount} hostile payloads`);
  return { frames, 'hostile payloads': hostileCount, 'in quarantine': quarantined, altered: 0 };
}

interface Attack {
  readonly expectations: Expectations;
  readonly startAt: number;
}

function* attack(index: number, { expectations, startAt }: Attack): Generator<PlannedMessage> {
  const { reason, bytes } = weapons[index] as Weapon;
  const vehicleId = vinOf(hostileModel, index);
  const mqttTopic = `v1/up/${vehicleId}/gb32960`;
  for (let at = 0; at * everyMs < loadMs; at += 1) {
    const payload = bytes(index * 1_000 + at);
    const kind = reason === 'payload_oversize' ? 'oversize' : 'garbage';
    const refused = expectations.refused(vehicleId, payload, { kind, reason, mqttTopic });
    yield { vehicleId, mqttTopic, payload, dueAt: startAt + at * everyMs, frames: [refused] };
  }
}

const hostileModel = 'HARMS';

function isHostile(vehicleId: string): boolean {
  return vehicleId.includes(hostileModel);
}
