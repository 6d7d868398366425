// Batches into the body of a Produce request, written once. Pure.
//
// Produce request, versions 3 to 7 (Kafka's ProduceRequest.json):
//   transactionalId nullable string, acks int16, timeoutMs int32, topics array of
//   topic: name string, partitions array of
//   partition: index int32, records bytes
// A string has an int16 before it, an array and bytes an int32.

export interface ProduceBody {
  readonly acks: number;
  /** For the broker to answer in. */
  readonly timeoutMs: number;
  readonly topics: readonly TopicBatches[];
}

export interface TopicBatches {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    /** As encodeRecordBatch writes it. */
    readonly batch: Buffer;
  }[];
}

/** Of a producer without transactions. */
export function encodeProduceBody({ acks, timeoutMs, topics }: ProduceBody): Buffer {
  const body = Buffer.allocUnsafe(headSize + topics.reduce((sum, each) => sum + sizeOf(each), 0));
  let at = body.writeInt16BE(noTransaction, 0);
  at = body.writeInt16BE(acks, at);
  at = body.writeInt32BE(timeoutMs, at);
  at = body.writeInt32BE(topics.length, at);
  for (const topic of topics) at = writeTopic(body, at, topic);
  return body;
}

const noTransaction = -1;
const headSize = 12;

function sizeOf({ topic, partitions }: TopicBatches): number {
  const name = 2 + Buffer.byteLength(topic);
  return partitions.reduce((sum, { batch }) => sum + 8 + batch.length, name + 4);
}

/** Answers where the next byte goes. */
function writeTopic(body: Buffer, from: number, { topic, partitions }: TopicBatches): number {
  let at = body.writeInt16BE(Buffer.byteLength(topic), from);
  at += body.write(topic, at);
  at = body.writeInt32BE(partitions.length, at);
  for (const { partition, batch } of partitions) {
    at = body.writeInt32BE(partition, at);
    at = body.writeInt32BE(batch.length, at);
    at += batch.copy(body, at);
  }
  return at;
}
