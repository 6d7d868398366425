// Records in the input topics that nobody can read: each must end in quarantine, once or more
// often, and its neighbours must not suffer.

import type { Random } from '#loadtest/fleet/random.ts';
import type { ArrivedRecord } from './traffic.ts';

const share = 0.0005;
const unknownSchemaId = 4_000_000;
const headerBytes = 5;

export class BrokenRecords {
  count = 0;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** None for most records. */
  behind(record: ArrivedRecord): readonly ArrivedRecord[] {
    if (!this.#random.chance(share)) return [];
    this.count += 1;
    return [{ ...record, value: this.#broken(record.value) }];
  }

  #broken(value: Buffer): Buffer {
    const random = this.#random;
    switch (random.integer(0, 3)) {
      case 0:
        return Buffer.alloc(0);
      case 1:
        return Buffer.concat([Buffer.of(1), random.bytes(random.integer(0, 40))]);
      case 2: {
        const foreign = Buffer.from(value);
        foreign.writeInt32BE(unknownSchemaId + random.integer(0, 2), 1);
        return foreign;
      }
      default:
        return value.subarray(0, random.integer(headerBytes, value.length - 1));
    }
  }
}
