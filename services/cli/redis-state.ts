// One vehicle's state in Redis, read without taking the partition from its owner.

import type { Decoder } from '#shared/avro/decoder.ts';
import type { VehicleState } from '#shared/avro/types.generated.ts';
import type { StateStore } from '#shared/stream/store.ts';
import { recordOfStored } from '#shared/stream/stored-value.ts';

/** unusable: Redis is away, refuses, or holds what cannot be read. */
export type RedisState =
  | { readonly kind: 'found'; readonly state: VehicleState }
  | { readonly kind: 'absent' | 'not_asked' }
  | { readonly kind: 'unusable'; readonly detail: string };

export interface RedisQuestion {
  readonly store: Pick<StateStore, 'load'>;
  readonly decoder: Decoder;
  readonly partition: number;
  readonly vehicleId: string;
}

/** Never rejects: the topic can tell as well. */
export async function readRedisState(question: RedisQuestion): Promise<RedisState> {
  const { store, decoder, partition, vehicleId } = question;
  try {
    const [value] = await store.load(partition, [vehicleId]);
    if (value === null || value === undefined) return { kind: 'absent' };
    const record = recordOfStored(value);
    if (record === null) return unusable('of an unknown layout');
    const decoded = await decoder.decode(record);
    if (decoded.kind === 'state.v1') return { kind: 'found', state: decoded.value };
    return unusable(decoded.kind === 'fault' ? decoded.detail : decoded.kind);
  } catch (error) {
    return { kind: 'unusable', detail: error instanceof Error ? error.message : String(error) };
  }
}

function unusable(found: string): RedisState {
  return { kind: 'unusable', detail: `the value in Redis cannot be read: ${found}` };
}
