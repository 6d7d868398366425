// The state store in Redis. What is compared before it is applied stands in scripts/; here are the
// arguments and the answers.

import type { RedisArgument, RedisClient } from './redis-client.ts';
import { type RedisScript, redisScripts, runScript } from './redis-scripts.ts';
import type {
  Claim,
  NotAsLeft,
  OwnedPartition,
  PartitionWrite,
  StateStore,
  StoredVehicle,
  WriteOutcome,
} from './store.ts';

export interface RedisStoreOptions {
  /** The store closes it. */
  readonly redis: RedisClient;
  /** The Kafka consumer group, first word of every key. */
  readonly group: string;
  readonly inputCount: number;
}

export function createRedisStore(options: RedisStoreOptions): StateStore {
  return new RedisStore(options);
}

// About half a MiB with values of 1 KiB: Redis stops for a millisecond or two.
const scanVehicles = 500;

class RedisStore implements StateStore {
  readonly #redis: RedisClient;
  readonly #group: string;
  readonly #inputCount: number;
  /** Of any partition: epochs grow also within one ms, and when Redis's clock is set back. */
  #epochMax = 0;
  /** Chunks filled since the rebuild of a partition began. */
  readonly #chunks = new Map<number, number>();

  constructor({ redis, group, inputCount }: RedisStoreOptions) {
    this.#redis = redis;
    this.#group = group;
    this.#inputCount = inputCount;
  }

  async claim(partition: number): Promise<Claim> {
    const { claim } = redisScripts;
    const reply = await this.#run(partition, claim, [this.#epochMax + 1, this.#inputCount]);
    const [epoch, writeCount, forgetCount, ...offsets] = (reply as Buffer[]).map(Number);
    this.#epochMax = Math.max(this.#epochMax, epoch!);
    return {
      epoch: epoch!,
      writeCount: writeCount!,
      forgetCount: forgetCount!,
      offsets: offsets.length > 0 ? offsets : null,
    };
  }

  async load(
    partition: number,
    vehicleIds: readonly string[],
  ): Promise<readonly (Buffer | null)[]> {
    if (vehicleIds.length === 0) return [];
    const args = [this.#keyOf(partition), ...vehicleIds.map(fieldOf)];
    return (await this.#redis.call('hmget', args)) as (Buffer | null)[];
  }

  async loadOwned(
    owned: OwnedPartition,
    vehicleIds: readonly string[],
  ): Promise<readonly (Buffer | null)[] | NotAsLeft> {
    const args = [this.#keyOf(owned.partition), ...ownerFields, ...vehicleIds.map(fieldOf)];
    const reply = (await this.#redis.call('hmget', args)) as (Buffer | null)[];
    const values = reply.slice(ownerFields.length);
    return differenceOf(owned, reply) ?? values;
  }

  async write(write: PartitionWrite): Promise<WriteOutcome> {
    const { partition, epoch, writeCount, forgetCount, progress } = write;
    const { input, offset } = progress ?? { input: '', offset: '' };
    const args = [epoch, writeCount, forgetCount, input, offset, ...pairsOf(write.vehicles)];
    return wordOf<WriteOutcome>(await this.#run(partition, redisScripts.write, args));
  }

  async *scan(partition: number): AsyncIterable<readonly StoredVehicle[]> {
    const key = this.#keyOf(partition);
    let cursor = '0';
    do {
      const args = [key, cursor, 'match', 'v*', 'count', scanVehicles];
      const [next, pairs] = (await this.#redis.call('hscan', args)) as [Buffer, Buffer[]];
      cursor = next.toString();
      if (pairs.length > 0) yield vehiclesOf(pairs);
    } while (cursor !== '0');
  }

  async beginRebuild(partition: number, epoch: number): Promise<'begun' | 'fenced'> {
    this.#chunks.set(partition, 0);
    const reply = await this.#run(partition, redisScripts.beginRebuild, [epoch]);
    return wordOf<'begun' | 'fenced'>(reply);
  }

  async fillRebuild(
    partition: number,
    epoch: number,
    vehicles: readonly StoredVehicle[],
  ): Promise<'filled' | 'fenced' | 'lost'> {
    const chunks = this.#chunks.get(partition) ?? 0;
    const args = [epoch, chunks, ...pairsOf(vehicles)];
    const reply = await this.#run(partition, redisScripts.fillRebuild, args);
    const outcome = wordOf<'filled' | 'fenced' | 'lost'>(reply);
    if (outcome === 'filled') this.#chunks.set(partition, chunks + 1);
    return outcome;
  }

  async finishRebuild(
    partition: number,
    epoch: number,
    offsets: readonly number[],
  ): Promise<Claim | 'fenced' | 'lost'> {
    const chunks = this.#chunks.get(partition) ?? 0;
    const args = [epoch, chunks, ...offsets];
    const reply = (await this.#run(partition, redisScripts.finishRebuild, args)) as Buffer[];
    const word = wordOf<'whole' | 'fenced' | 'lost'>(reply[0]);
    if (word !== 'whole') return word;
    return { epoch, writeCount: Number(reply[1]), forgetCount: Number(reply[2]), offsets };
  }

  async forget(partition: number, vehicleId: string): Promise<boolean> {
    return (await this.#run(partition, redisScripts.forget, [fieldOf(vehicleId)])) === 1;
  }

  close(): Promise<void> {
    return this.#redis.close();
  }

  #run(partition: number, script: RedisScript, args: readonly RedisArgument[]): Promise<unknown> {
    return runScript(this.#redis, { script, key: this.#keyOf(partition), args });
  }

  #keyOf(partition: number): string {
    return `${this.#group}:{${this.#group}:${partition}}`;
  }
}

const ownerFields = ['e', 'n', 'f', 'o0'] as const;

/** The comparison of scripts/write.lua, for a reading of one command. */
function differenceOf(owned: OwnedPartition, fields: readonly (Buffer | null)[]): NotAsLeft | null {
  const [epoch, writes, forgets] = fields.slice(0, 3).map((field) => Number(field ?? 0));
  if (epoch! > owned.epoch) return 'fenced';
  const isWhole = epoch === owned.epoch && fields[3] !== null;
  if (!isWhole || writes! < owned.writeCount) return 'lost';
  if (writes! > owned.writeCount) return 'stale';
  return forgets === owned.forgetCount ? null : 'forgotten';
}

function fieldOf(vehicleId: string): string {
  return `v${vehicleId}`;
}

function pairsOf(vehicles: readonly StoredVehicle[]): RedisArgument[] {
  const pairs: RedisArgument[] = [];
  for (const { vehicleId, value } of vehicles) pairs.push(fieldOf(vehicleId), value);
  return pairs;
}

function vehiclesOf(pairs: readonly Buffer[]): StoredVehicle[] {
  const vehicles: StoredVehicle[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    vehicles.push({ vehicleId: pairs[at]!.toString('utf8', 1), value: pairs[at + 1]! });
  }
  return vehicles;
}

function wordOf<Word extends string>(reply: unknown): Word {
  return String(reply) as Word;
}
