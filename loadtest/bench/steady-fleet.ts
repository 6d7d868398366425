// A fleet that reports at a steady pace, straight into Kafka: one report a second for each vehicle,
// spread over the second.

import { kafkaTopics } from '#shared/topics.ts';
import { type ProcessorStage, partitionCount } from './processor-stage.ts';
import { produceAll, recordsOf } from './report-records.ts';
import { createCars } from './typical-report.ts';

export interface SteadyFleet {
  /** Resolves when the last report is stored; rejects when one could not be. Safe to call twice. */
  stop(): Promise<void>;
}

export interface SteadyFleetOptions {
  readonly stage: ProcessorStage;
  readonly vehicles: number;
  readonly seed: number;
}

const periodMs = 1000;
const tickMs = 50;

export function startSteadyFleet({ stage, vehicles, seed }: SteadyFleetOptions): SteadyFleet {
  const reportOf = createCars({ vehicles, seed });
  const startAt = Math.ceil(Date.now() / periodMs) * periodMs;
  let sentCount = 0;
  /**
   * Report n is due n / vehicles periods after the start and carries the whole second in which it
   * was due, so that reports of a vehicle never share one, however late the timer comes.
   */
  const tick = async (): Promise<void> => {
    const dueCount = Math.floor(((Date.now() - startAt) / periodMs) * vehicles);
    const frames = [];
    for (; sentCount < dueCount; sentCount += 1) {
      const second = Math.floor(sentCount / vehicles);
      frames.push(reportOf(sentCount % vehicles, startAt + second * periodMs));
    }
    const { ingest, producer } = stage;
    const plan = { topic: kafkaTopics.telemetry, partitions: partitionCount };
    await produceAll(producer, recordsOf(frames, { ...plan, ingest, receivedAt: Date.now() }));
  };
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = last.then(tick);
    // Told by `stop`, which is always called.
    last.catch(() => undefined);
  }, tickMs);
  return {
    stop() {
      clearInterval(timer);
      return last;
    },
  };
}
