// A state topic with many vehicles, and nothing in Redis.

import type { Addresses } from '#loadtest/demo/addresses.ts';
import { createEncoders } from '#shared/avro/encoder.ts';
import { loadSchemaIds } from '#shared/avro/schema-ids.ts';
import { partitionOf } from '#shared/kafka/partitioner.ts';
import type { ProduceRecord } from '#shared/kafka/producer.ts';
import { createKafkaProducer } from '#shared/kafka/session-producer.ts';
import { createLogger } from '#shared/runtime/log.ts';
import { kafkaTopics } from '#shared/topics.ts';
import { openGround } from '../integration/ground.ts';
import type { Scope } from '../integration/scope.ts';
import type { Crew } from './crew.ts';
import { expectedState } from './expected-state.ts';
import { openOracleBed, oracleLimits } from './oracle-bed.ts';
import { storiesOf } from './stories.ts';

export interface RebuildBed {
  readonly crew: Crew;
  /** Of as many vehicles as one likes; those of a small fleet under other names. */
  stateOf(index: number): ProduceRecord;
  produce(records: readonly ProduceRecord[]): Promise<void>;
  /** Vehicles in Redis. */
  storedCount(): Promise<number>;
}

const startAt = Date.UTC(2026, 0, 15, 4);
const plan = { seed: 61, vehicles: 40, hours: 1, reportPeriodMs: 20_000, startAt };

export async function openRebuildBed(
  scope: Scope,
  addresses: Addresses & { readonly redisUrl: string },
): Promise<RebuildBed> {
  const { traffic, crew, places } = await openOracleBed(scope, addresses, plan);
  const { config } = await openGround(addresses, { scope });
  const log = createLogger({ level: 'silent', name: 'oracle' });
  const signal = AbortSignal.timeout(60_000);
  const producer = createKafkaProducer({ config, log });
  scope.after(() => producer.close());
  const topic = kafkaTopics.state;
  await producer.connect([topic], signal);
  const encoders = createEncoders(await loadSchemaIds({ config, log, signal }));
  const stories = await storiesOf(traffic, places.decoder);
  const states = [...stories].map(([vehicleId, records]) => {
    return expectedState({ vehicleId, records, nowMs: traffic.endAt, limits: oracleLimits });
  });
  return {
    crew,
    stateOf(index) {
      const vehicleId = `LREBUILD${String(index).padStart(9, '0')}`;
      const { appliedOffsets, ...state } = states[index % states.length] as (typeof states)[0];
      // Nothing is left to be replayed.
      const provenance = { epoch: 1, appliedOffsets, replayFromOffsets: [0, 0, 0, 0] };
      const value = encoders.encodeVehicleState(topic, { ...state, vehicleId, provenance });
      const key = Buffer.from(vehicleId);
      return { topic, partition: partitionOf(key, places.partitionCount), key, value };
    },
    async produce(records) {
      const results = await producer.produce(records);
      const failed = results.find(({ kind }) => kind === 'failed');
      if (failed) throw new Error(JSON.stringify(failed));
    },
    async storedCount() {
      let count = 0;
      for (let partition = 0; partition < places.partitionCount; partition += 1) {
        for await (const vehicles of places.store.scan(partition)) count += vehicles.length;
      }
      return count;
    },
  };
}
