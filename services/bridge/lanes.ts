// All lanes: a record goes to the lane of its partition, so that one vehicle's records of a topic
// stay in order while lanes work side by side.

import type { KafkaTopic } from '#shared/topics.ts';
import { Lane, type LaneOptions } from './lane.ts';
import type { LaneRecord } from './lane-queue.ts';

export interface LanesOptions extends Omit<LaneOptions, 'index'> {
  readonly count: number;
  readonly partitionOf: (topic: KafkaTopic, key: Buffer) => number;
}

export class Lanes {
  readonly #lanes: readonly Lane[];
  readonly #partitionOf: LanesOptions['partitionOf'];

  constructor(options: LanesOptions) {
    this.#lanes = Array.from({ length: options.count }, (_, index) => {
      return new Lane({ ...options, index });
    });
    this.#partitionOf = options.partitionOf;
  }

  add({ topic, key, value, message }: Omit<LaneRecord, 'partition'>): void {
    const partition = this.#partitionOf(topic, key);
    this.#lanes[partition % this.#lanes.length]?.add({ topic, partition, key, value, message });
  }

  flush(): void {
    for (const lane of this.#lanes) lane.flush();
  }

  async idle(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.idle()));
  }

  stop(): void {
    for (const lane of this.#lanes) lane.stop();
  }
}
