// The state store port: one Redis hash a partition, fenced by an epoch, compared before applied.

/**
 * One partition = one key `<group>:{<group>:<partition>}`; the braces keep it in one slot of a
 * Redis Cluster. Its fields: `e` epoch, `n` count of writes, `f` count of forgets, `o<input>`
 * offset of the last record applied of each input (absent while the partition is being rebuilt),
 * `v<vehicleId>` a vehicle's value.
 */
export interface StateStore {
  /**
   * Takes the partition: the epoch becomes the greater of (stored + 1) and Redis's own time in ms,
   * so that it grows also when Redis has lost everything. Earlier owners are fenced from now on.
   */
  claim(partition: number): Promise<Claim>;
  /**
   * In the order of `vehicleIds`; null where there is none. One round trip. For onlookers: a
   * partition that was flushed has nobody.
   */
  load(partition: number, vehicleIds: readonly string[]): Promise<readonly (Buffer | null)[]>;
  /**
   * The same for the owner, and only while the partition is as the owner left it: nobody is new
   * because a store has lost what it had. Without ids it asks just that.
   */
  loadOwned(
    owned: OwnedPartition,
    vehicleIds: readonly string[],
  ): Promise<readonly (Buffer | null)[] | NotAsLeft>;
  /** One round trip, all or nothing. */
  write(write: PartitionWrite): Promise<WriteOutcome>;
  /** Some hundred at a time, in no order; one that is changed meanwhile may come old or new. */
  scan(partition: number): AsyncIterable<readonly StoredVehicle[]>;
  /** Empties the partition and marks it as being rebuilt. */
  beginRebuild(partition: number, epoch: number): Promise<'begun' | 'fenced'>;
  fillRebuild(
    partition: number,
    epoch: number,
    vehicles: readonly StoredVehicle[],
  ): Promise<'filled' | 'fenced' | 'lost'>;
  /** From now on the partition is whole: a claim finds these offsets. */
  finishRebuild(
    partition: number,
    epoch: number,
    offsets: readonly number[],
  ): Promise<Claim | 'fenced' | 'lost'>;
  /** Removes one vehicle; the owner is made to drop what it remembers. False: there was none. */
  forget(partition: number, vehicleId: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface Claim {
  readonly epoch: number;
  readonly writeCount: number;
  readonly forgetCount: number;
  /** In the order of the inputs, -1 for none; null: nothing there, or a rebuild that broke off. */
  readonly offsets: readonly number[] | null;
}

export interface OwnedPartition {
  readonly partition: number;
  /** As claimed. */
  readonly epoch: number;
  /** As the latest claim or write left it: a store that has lost writes is found out by it. */
  readonly writeCount: number;
  readonly forgetCount: number;
}

export interface PartitionWrite extends OwnedPartition {
  /** Null: time has passed, no record was applied. */
  readonly progress: { readonly input: number; readonly offset: number } | null;
  readonly vehicles: readonly StoredVehicle[];
}

export interface StoredVehicle {
  readonly vehicleId: string;
  readonly value: Buffer;
}

/**
 * written: and `writeCount` is one more. fenced: a later owner has claimed. lost: the store does
 * not have what it had (flushed, or a failover lost writes). stale: the offset is not greater than
 * the stored one. forgotten: a vehicle was removed meanwhile, drop what is remembered, read anew.
 */
export type WriteOutcome = 'written' | NotAsLeft;

/** What has become of a partition that is not as its owner left it; see WriteOutcome. */
export type NotAsLeft = 'fenced' | 'lost' | 'stale' | 'forgotten';
