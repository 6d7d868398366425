// A reading as a loop: `for await (const record of recordsOf(…))`.

import type { ReadRecord } from '#shared/kafka/reader.ts';

export type Reading = (onRecord: (record: ReadRecord) => void) => Promise<void>;

/** Ends and rejects as the reading does; what has been read is given out first. */
export async function* recordsOf(read: Reading): AsyncGenerator<ReadRecord> {
  let records: ReadRecord[] = [];
  let news = Promise.withResolvers<void>();
  let isEnded = false;
  const reading = read((record) => {
    records.push(record);
    news.resolve();
  }).finally(() => {
    isEnded = true;
    news.resolve();
  });
  // It is awaited at the end, and may fail before.
  reading.catch(() => {});
  while (!isEnded || records.length > 0) {
    await news.promise;
    news = Promise.withResolvers();
    if (isEnded) news.resolve();
    const taken = records;
    records = [];
    yield* taken;
  }
  await reading;
}
