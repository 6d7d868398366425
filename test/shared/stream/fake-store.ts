// The state store in memory: compares before it applies, as the scripts of the Redis store do.

import type {
  Claim,
  NotAsLeft,
  OwnedPartition,
  PartitionWrite,
  StateStore,
  StoredVehicle,
  WriteOutcome,
} from '#shared/stream/store.ts';
import type { Journal } from './fake-kafka.ts';

interface Hash {
  epoch: number;
  writes: number;
  forgets: number;
  offsets: number[] | null;
  vehicles: Map<string, Buffer>;
}

/** As the scripts of the Redis store do it. */
export class FakeStore implements StateStore {
  readonly journal: Journal;
  readonly #inputCount: number;
  #hashes = new Map<number, Hash>();
  #epoch = 1000;
  #scansGo = Promise.withResolvers<void>();
  isAway = false;
  isClosed = false;
  /** Called before each write; a throw is a command that failed. */
  onWrite: (write: PartitionWrite) => void = () => undefined;
  /** Writes it, and then the answer is lost. */
  areAnswersLost = false;
  loadsCount = 0;
  scansCount = 0;

  constructor(journal: Journal, inputCount: number) {
    this.journal = journal;
    this.#inputCount = inputCount;
    this.letScansGo();
  }

  /** Scans stand still, with what they have found already, until they may go on. */
  holdScans(): void {
    this.#scansGo = Promise.withResolvers();
  }

  letScansGo(): void {
    this.#scansGo.resolve();
  }

  flush(): void {
    this.#hashes = new Map();
  }

  hash(partition: number): Hash {
    const known = this.#hashes.get(partition);
    if (known !== undefined) return known;
    const hash: Hash = { epoch: 0, writes: 0, forgets: 0, offsets: null, vehicles: new Map() };
    this.#hashes.set(partition, hash);
    return hash;
  }

  async claim(partition: number): Promise<Claim> {
    this.#answer();
    const hash = this.hash(partition);
    this.#epoch = Math.max(hash.epoch, this.#epoch) + 1;
    hash.epoch = this.#epoch;
    this.journal.push(`claim ${partition}`);
    return claimOf(hash);
  }

  async load(partition: number, vehicleIds: readonly string[]) {
    this.#answer();
    this.loadsCount += 1;
    const { vehicles } = this.hash(partition);
    return vehicleIds.map((vehicleId) => vehicles.get(vehicleId) ?? null);
  }

  async loadOwned(
    owned: OwnedPartition,
    vehicleIds: readonly string[],
  ): Promise<readonly (Buffer | null)[] | NotAsLeft> {
    const values = await this.load(owned.partition, vehicleIds);
    return this.#differenceOf(owned) ?? values;
  }

  #differenceOf(owned: OwnedPartition): NotAsLeft | null {
    const hash = this.hash(owned.partition);
    if (hash.epoch > owned.epoch) return 'fenced';
    const isWhole = hash.epoch === owned.epoch && hash.offsets !== null;
    if (!isWhole || hash.writes < owned.writeCount) return 'lost';
    if (hash.writes > owned.writeCount) return 'stale';
    return hash.forgets === owned.forgetCount ? null : 'forgotten';
  }

  async write(write: PartitionWrite): Promise<WriteOutcome> {
    this.onWrite(write);
    this.#answer();
    const hash = this.hash(write.partition);
    const { progress } = write;
    const difference = this.#differenceOf(write);
    if (difference !== null) return difference;
    if (progress !== null && progress.offset <= hash.offsets![progress.input]!) return 'stale';
    this.#apply(hash, write);
    if (!this.areAnswersLost) return 'written';
    this.areAnswersLost = false;
    throw new Error('the answer is lost, as the test wants');
  }

  #apply(hash: Hash, { progress, vehicles }: PartitionWrite): void {
    for (const { vehicleId, value } of vehicles) hash.vehicles.set(vehicleId, value);
    if (progress !== null) hash.offsets![progress.input] = progress.offset;
    hash.writes += 1;
    const place = progress === null ? 'tick' : `${progress.input}@${progress.offset}`;
    this.journal.push(`write ${place} ${vehicles.map(({ vehicleId }) => vehicleId).join()}`);
  }

  async *scan(partition: number): AsyncIterable<readonly StoredVehicle[]> {
    this.#answer();
    this.scansCount += 1;
    const vehicles = [...this.hash(partition).vehicles];
    await this.#scansGo.promise;
    for (const [vehicleId, value] of vehicles) yield [{ vehicleId, value }];
  }

  async beginRebuild(partition: number, epoch: number): Promise<'begun' | 'fenced'> {
    this.#answer();
    const hash = this.hash(partition);
    if (hash.epoch > epoch) return 'fenced';
    this.#hashes.set(partition, { ...hash, epoch, writes: 0, offsets: null, vehicles: new Map() });
    this.journal.push(`rebuild ${partition}`);
    return 'begun';
  }

  async fillRebuild(
    partition: number,
    epoch: number,
    vehicles: readonly StoredVehicle[],
  ): Promise<'filled' | 'fenced' | 'lost'> {
    this.#answer();
    const hash = this.hash(partition);
    if (hash.epoch !== epoch) return hash.epoch > epoch ? 'fenced' : 'lost';
    for (const { vehicleId, value } of vehicles) hash.vehicles.set(vehicleId, value);
    hash.writes += 1;
    return 'filled';
  }

  async finishRebuild(
    partition: number,
    epoch: number,
    offsets: readonly number[],
  ): Promise<Claim | 'fenced' | 'lost'> {
    this.#answer();
    const hash = this.hash(partition);
    if (hash.epoch !== epoch) return hash.epoch > epoch ? 'fenced' : 'lost';
    if (offsets.length !== this.#inputCount) throw new RangeError('want an offset an input');
    hash.offsets = [...offsets];
    return claimOf(hash);
  }

  async forget(partition: number, vehicleId: string): Promise<boolean> {
    const hash = this.hash(partition);
    hash.forgets += 1;
    return hash.vehicles.delete(vehicleId);
  }

  async close(): Promise<void> {
    this.journal.push('store closed');
    this.isClosed = true;
  }

  #answer(): void {
    if (this.isAway) throw new Error('Redis is away, as the test wants');
  }
}

function claimOf({ epoch, writes, forgets, offsets }: Hash): Claim {
  return {
    epoch,
    writeCount: writes,
    forgetCount: forgets,
    offsets: offsets === null ? null : [...offsets],
  };
}
