// F23: somebody adds partitions to a topic while bridges write to it. Keys would move, and with
// them the order of each vehicle.

import assert from 'node:assert/strict';
import { createKafkaClient } from '#shared/kafka/client.ts';
import type { KafkaConfig } from '#shared/kafka/settings.ts';
import { withAdmin } from '#shared/kafka/with-admin.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { kafkaTopics } from '#shared/topics.ts';
import type { BridgeProcess } from '../../integration/bridge-process.ts';
import type { Figures, ProofStage } from '../../proof/proof.ts';
import type { Fault } from '../faults/fault.ts';
import { stageRound } from './stage-round.ts';

const topic = kafkaTopics.telemetry;
const count = 18;

const partitionsAdded: Fault = {
  id: 'F23',
  name: 'partitions-added',
  sentence:
    'Partitions are added to one topic: bridges that run keep the count that they began with,' +
    ' notice within 10 s, and are not ready; one that starts takes no frames and says why.',
  weight: 0,
  durationMs: [12_000, 12_000],
  claims: ['bridge', 'kafka nodes'],
  excuses: { connectionsEnd: true, sentAgain: true },
  async strike({ bed, crew, random }) {
    await addPartitions(bed.ground.config);
    const place = random.pick(crew.places);
    await crew.kill(place);
    const running = crew.places.map((at) => crew.at(at));
    const bridge = await crew.spawn(place);
    return {
      what: `${topic} has ${count} when ${bridge.name} starts`,
      check: async () => {
        const said = await bridge.logged(/^Kafka topics differ in their partition counts/);
        assert.equal(said.level, 'error');
        const { status, report } = await bridge.askReady();
        assert.equal(status, 503);
        assert.ok(report.unready.includes('kafka'), JSON.stringify(report));
        const own = bed.witness.sessions.filter(({ clientId }) => clientId.startsWith(bridge.name));
        assert.equal(own.length, 0, 'it has subscribed');
        for (const other of running) await hasNoticed(other);
      },
      // Partitions are never taken away again: its place stays empty.
      heal: () => crew.kill(place),
    };
  },
};

async function hasNoticed(bridge: BridgeProcess): Promise<void> {
  const told = bridge.log.filter(({ msg }) => msg.startsWith('Partitions were added'));
  assert.deepEqual(
    told.map(({ level, trouble }) => [level, trouble]),
    [['error', `${topic} has ${count} partitions, 12 are in use`]],
  );
  const { status, report } = await bridge.askReady();
  assert.deepEqual([status, report.unready], [503, ['kafka']]);
}

export async function addedPartitions(stage: ProofStage): Promise<Figures> {
  const { verdict } = await stageRound(stage, {
    brokers: 1,
    bridges: 2,
    seed: 90,
    vehicles: 100,
    messagesPerSecond: 2,
    loadMs: 18_000,
    appointments: [{ fault: partitionsAdded, atMs: 3_000, durationMs: 12_000, seed: 1 }],
  });
  const copies = verdict.fates.all.flatMap((fate) => fate.copies);
  const strayCount = copies.filter(({ partition }) => partition >= 12).length;
  assert.equal(strayCount, 0, 'records in the partitions that were added');
  return { frames: verdict.frames, 'in another partition than before': strayCount, lost: 0 };
}

async function addPartitions(config: KafkaConfig): Promise<void> {
  const client = createKafkaClient(config, createLogger({ level: 'silent', name: 'chaos' }));
  try {
    await withAdmin(client, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic, count }] }),
    );
  } finally {
    client.destroy();
  }
}
