// A topic as a loop: `for await (const record of followRecords(…))`.

import { type FollowOptions, follow, type ReadRecord } from '#shared/kafka/reader.ts';

/** Ends when the signal aborts; rejects as `follow` does. What has been read is given out first. */
export async function* followRecords(
  options: Omit<FollowOptions, 'onRecord'>,
): AsyncGenerator<ReadRecord> {
  let records: ReadRecord[] = [];
  let news = Promise.withResolvers<void>();
  let isEnded = false;
  const onRecord = (record: ReadRecord) => {
    records.push(record);
    news.resolve();
  };
  const reading = follow({ ...options, onRecord }).finally(() => {
    isEnded = true;
    news.resolve();
  });
  // It is awaited at the end, and may fail before.
  reading.catch(() => {});
  while (!isEnded) {
    await news.promise;
    news = Promise.withResolvers();
    const taken = records;
    records = [];
    yield* taken;
  }
  await reading;
}
