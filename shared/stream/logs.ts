// The port through which the stream looks at topics beside consuming them: where they begin and
// end, and the whole of one partition for a rebuild.

import type { ReadRecord } from '../kafka/reader.ts';

export interface StreamLogs {
  /** One entry per partition of each topic. Rejects while Kafka is away. */
  spans(topics: readonly string[]): Promise<readonly LogSpan[]>;
  /**
   * Every record that is there at the call, in order. Rejects while Kafka is away; `onRecord` may
   * then be called again from the first record by the next call.
   */
  readPartition(place: LogPlace, onRecord: (record: ReadRecord) => void): Promise<void>;
}

export interface LogPlace {
  readonly topic: string;
  readonly partition: number;
}

export interface LogSpan extends LogPlace {
  /** Offset of the first record there is. */
  readonly low: number;
  /** Offset of the record that comes next. */
  readonly high: number;
}
