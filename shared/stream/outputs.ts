// Outputs are stored before the state is: nothing that a state says may be missing in its outputs.

import { isClientFault } from '../kafka/failures.ts';
import type { PartitionFailed, ProduceRecord, Producer } from '../kafka/producer.ts';
import type { Logger } from '../runtime/log.ts';
import type { Abandoned, Hold } from './hold.ts';

export interface OutputsOptions {
  readonly producer: Pick<Producer, 'produce'>;
  readonly log: Logger;
  /** Kafka will never store this record as it is; it is dropped. */
  readonly onRefused: () => void;
}

export interface OutputBatch {
  readonly records: readonly ProduceRecord[];
  readonly hold: Hold;
  /** Others may own the partition: asked before each attempt. */
  readonly isFenced: () => boolean;
}

/** With acks=all; half of what topics allow for a batch, whatever compression makes of it. */
const requestBytesMax = 1024 * 1024;

export class Outputs {
  readonly #options: OutputsOptions;
  #isRefusalTold = false;

  constructor(options: OutputsOptions) {
    this.#options = options;
  }

  /** In order within a partition; what failed is sent again until it is stored or refused. */
  async store({ records, hold, isFenced }: OutputBatch): Promise<'stored' | 'fenced' | Abandoned> {
    let rest = records;
    if (rest.length === 0) return 'stored';
    return hold('Kafka', async () => {
      if (isFenced()) return 'fenced';
      let trouble: PartitionFailed | null = null;
      const missing: ProduceRecord[] = [];
      for (const request of requestsOf(rest)) {
        const failed = await this.#produce(request);
        missing.push(...failed.records);
        trouble ??= failed.trouble;
      }
      rest = missing;
      if (trouble !== null) throw new Error(`${trouble.code}: ${trouble.detail}`);
      return 'stored';
    });
  }

  async #produce(records: readonly ProduceRecord[]): Promise<Failed> {
    const results = await this.#options.producer.produce(records);
    const failed: Failed = { records: [], trouble: null };
    for (const result of results) {
      if (result.kind === 'stored') continue;
      const own = records.filter(({ topic, partition }) => {
        return topic === result.topic && partition === result.partition;
      });
      await this.#handle(own, result, failed);
    }
    return failed;
  }

  async #handle(own: readonly ProduceRecord[], result: PartitionFailed, failed: Failed) {
    if (result.isRetriable || isClientFault(result.code)) {
      failed.records.push(...own);
      failed.trouble ??= result;
    } else if (own.length === 1) {
      this.#refuse(result);
    } else {
      // One of them is at fault: alone, each hears of its own.
      for (const record of own) {
        const alone = await this.#produce([record]);
        failed.records.push(...alone.records);
        failed.trouble ??= alone.trouble;
      }
    }
  }

  #refuse({ topic, partition, code, detail }: PartitionFailed): void {
    this.#options.onRefused();
    if (this.#isRefusalTold) return;
    this.#isRefusalTold = true;
    this.#options.log.error(
      { topic, partition, code, detail },
      'Kafka refuses an output for good; it is dropped, and so is each further one.',
    );
  }
}

interface Failed {
  readonly records: ProduceRecord[];
  trouble: PartitionFailed | null;
}

function requestsOf(records: readonly ProduceRecord[]): readonly (readonly ProduceRecord[])[] {
  const requests: ProduceRecord[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of records) {
    const length = record.key.length + record.value.length;
    if (bytes + length > requestBytesMax) {
      requests.push([]);
      bytes = 0;
    }
    bytes += length;
    requests.at(-1)!.push(record);
  }
  return requests;
}
