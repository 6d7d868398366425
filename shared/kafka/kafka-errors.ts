// Kafka's error codes and what each means for records that were sent: one table. The numbers are
// Kafka's; the names are those that kafkajs answers with, other names of the same number beside.

export type FailureClass =
  /** It passes by itself, or when somebody mends the cluster: hold, and send again. */
  | 'retriable'
  /** These records will never be stored as they are: split, and quarantine the one at fault. */
  | 'record'
  /** Kafka refuses this client, its rights or settings: hold, and tell somebody, once. */
  | 'refusal'
  /** What this client believes of itself is wrong: a new one is made, and sends again. */
  | 'client';

export interface KafkaError {
  readonly number: number;
  readonly name: string;
  readonly failureClass: FailureClass;
  readonly doc: string;
}

type Row = readonly [number: number, name: string, failureClass: FailureClass, doc: string];

/**
 * What an answer to Produce or Metadata can carry. No answer ends the process: the next bridge
 * would hear the same, and a group that has lost all its members loses frames at once.
 */
const answers: readonly Row[] = [
  [-1, 'UNKNOWN', 'retriable', 'The broker stumbled and does not say over what.'],
  [2, 'CORRUPT_MESSAGE', 'retriable', 'The checksum is wrong: bytes were lost on the way.'],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION', 'retriable', 'A topic is new to this broker, or to be made.'],
  [5, 'LEADER_NOT_AVAILABLE', 'retriable', 'The partition is about to get a leader.'],
  [6, 'NOT_LEADER_FOR_PARTITION', 'retriable', 'The leader has moved; we look where to.'],
  [7, 'REQUEST_TIMED_OUT', 'retriable', 'Some replicas were late; it may be stored.'],
  [8, 'BROKER_NOT_AVAILABLE', 'retriable', 'No broker is there to be asked.'],
  [9, 'REPLICA_NOT_AVAILABLE', 'retriable', 'A replica is down; in Metadata no fault at all.'],
  [10, 'MESSAGE_TOO_LARGE', 'record', 'Over `max.message.bytes`: smaller batches may fit.'],
  [13, 'NETWORK_EXCEPTION', 'retriable', 'The connection broke; the records may be stored.'],
  [17, 'INVALID_TOPIC_EXCEPTION', 'refusal', 'No client may write to a topic of this name.'],
  [18, 'RECORD_LIST_TOO_LARGE', 'record', 'The batch is larger than a segment of the topic.'],
  [19, 'NOT_ENOUGH_REPLICAS', 'retriable', 'Too few replicas in sync; nothing is stored.'],
  [20, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'retriable', 'Stored, but by too few: it will double.'],
  [21, 'INVALID_REQUIRED_ACKS', 'refusal', 'The broker does not know acks=all: not one of ours.'],
  [29, 'TOPIC_AUTHORIZATION_FAILED', 'refusal', 'This user may not write to, or see, the topic.'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED', 'refusal', 'This user lacks a right of the whole cluster.'],
  [32, 'INVALID_TIMESTAMP', 'record', 'A time outside of what the topic allows.'],
  [33, 'UNSUPPORTED_SASL_MECHANISM', 'refusal', 'The listener has another way to sign in.'],
  [34, 'ILLEGAL_SASL_STATE', 'client', 'This connection has not signed in, or twice.'],
  [35, 'UNSUPPORTED_VERSION', 'refusal', 'Broker and client share no version of a request.'],
  [42, 'INVALID_REQUEST', 'refusal', 'The broker cannot read what we send.'],
  [43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 'refusal', 'The topic keeps records in an older format.'],
  [44, 'POLICY_VIOLATION', 'refusal', 'A rule of the cluster’s owner forbids it.'],
  [45, 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'client', 'A gap in an idempotent producer’s numbers.'],
  [46, 'DUPLICATE_SEQUENCE_NUMBER', 'client', 'Numbers used twice: what is stored is not known.'],
  [47, 'INVALID_PRODUCER_EPOCH', 'client', 'Another producer has taken over this one’s id.'],
  [48, 'INVALID_TXN_STATE', 'client', 'A transaction, of which we have none.'],
  [49, 'INVALID_PRODUCER_ID_MAPPING', 'client', 'The producer’s id has expired.'],
  [51, 'CONCURRENT_TRANSACTIONS', 'retriable', 'Another transaction is being ended.'],
  [53, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'refusal', 'This user may use no such id.'],
  [54, 'SECURITY_DISABLED', 'refusal', 'Rights are asked about that the broker does not keep.'],
  [56, 'KAFKA_STORAGE_ERROR', 'retriable', 'A disk of the broker failed; others take over.'],
  [58, 'SASL_AUTHENTICATION_FAILED', 'refusal', 'User or password is wrong, or revoked.'],
  [59, 'UNKNOWN_PRODUCER_ID', 'client', 'The broker has forgotten an idempotent producer.'],
  [65, 'DELEGATION_TOKEN_AUTHORIZATION_FAILED', 'refusal', 'A token without the right.'],
  [66, 'DELEGATION_TOKEN_EXPIRED', 'refusal', 'Somebody must give a new token.'],
  [72, 'LISTENER_NOT_FOUND', 'retriable', 'The leader has not opened this listener yet.'],
  [74, 'FENCED_LEADER_EPOCH', 'retriable', 'We know an older leader; we look again.'],
  [75, 'UNKNOWN_LEADER_EPOCH', 'retriable', 'The broker is behind what we know.'],
  [76, 'UNSUPPORTED_COMPRESSION_TYPE', 'refusal', 'Broker or topic takes no zstd.'],
  [87, 'INVALID_RECORD', 'record', 'The broker refuses what is in a record.'],
  [89, 'THROTTLING_QUOTA_EXCEEDED', 'retriable', 'Above this user’s quota: later.'],
  [90, 'PRODUCER_FENCED', 'client', 'Another producer has taken over this one’s id.'],
  [100, 'UNKNOWN_TOPIC_ID', 'retriable', 'The topic was made anew, and not everywhere yet.'],
  [103, 'INCONSISTENT_TOPIC_ID', 'retriable', 'Two brokers know two lives of the topic.'],
  [120, 'TRANSACTION_ABORTABLE', 'client', 'A transaction, of which we have none.'],
];

/**
 * What only other requests are answered with. On a send it would be as strange as a number that we
 * do not know, and is taken for one: held and sent again. Those of rights stay refusals.
 */
const others: readonly Row[] = [
  [1, 'OFFSET_OUT_OF_RANGE', 'retriable', 'Fetch: the offset is not in the log.'],
  [4, 'INVALID_FETCH_SIZE', 'retriable', 'Fetch.'],
  [11, 'STALE_CONTROLLER_EPOCH', 'retriable', 'Between brokers.'],
  [12, 'OFFSET_METADATA_TOO_LARGE', 'retriable', 'Offset commit.'],
  [14, 'GROUP_LOAD_IN_PROGRESS', 'retriable', 'Consumer group: its coordinator is starting.'],
  [15, 'GROUP_COORDINATOR_NOT_AVAILABLE', 'retriable', 'Consumer group.'],
  [16, 'NOT_COORDINATOR_FOR_GROUP', 'retriable', 'Consumer group: the coordinator has moved.'],
  [22, 'ILLEGAL_GENERATION', 'retriable', 'Consumer group: it was rebalanced meanwhile.'],
  [23, 'INCONSISTENT_GROUP_PROTOCOL', 'retriable', 'Consumer group: members disagree.'],
  [24, 'INVALID_GROUP_ID', 'retriable', 'Consumer group.'],
  [25, 'UNKNOWN_MEMBER_ID', 'retriable', 'Consumer group: the member is out, and joins anew.'],
  [26, 'INVALID_SESSION_TIMEOUT', 'retriable', 'Consumer group.'],
  [27, 'REBALANCE_IN_PROGRESS', 'retriable', 'Consumer group.'],
  [28, 'INVALID_COMMIT_OFFSET_SIZE', 'retriable', 'Offset commit.'],
  [30, 'GROUP_AUTHORIZATION_FAILED', 'refusal', 'Consumer group: this user may not join it.'],
  [36, 'TOPIC_ALREADY_EXISTS', 'retriable', 'Topics.'],
  [37, 'INVALID_PARTITIONS', 'retriable', 'Topics.'],
  [38, 'INVALID_REPLICATION_FACTOR', 'retriable', 'Topics.'],
  [39, 'INVALID_REPLICA_ASSIGNMENT', 'retriable', 'Topics.'],
  [40, 'INVALID_CONFIG', 'retriable', 'Topics.'],
  [41, 'NOT_CONTROLLER', 'retriable', 'Topics: the controller has moved.'],
  [50, 'INVALID_TRANSACTION_TIMEOUT', 'retriable', 'Transactions.'],
  [52, 'TRANSACTION_COORDINATOR_FENCED', 'retriable', 'Between brokers.'],
  [55, 'OPERATION_NOT_ATTEMPTED', 'retriable', 'One of several operations failed before this one.'],
  [57, 'LOG_DIR_NOT_FOUND', 'retriable', 'Replica folders.'],
  [60, 'REASSIGNMENT_IN_PROGRESS', 'retriable', 'Partitions.'],
  [61, 'DELEGATION_TOKEN_AUTH_DISABLED', 'refusal', 'Tokens.'],
  [62, 'DELEGATION_TOKEN_NOT_FOUND', 'refusal', 'Tokens.'],
  [63, 'DELEGATION_TOKEN_OWNER_MISMATCH', 'refusal', 'Tokens.'],
  [64, 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED', 'refusal', 'Tokens.'],
  [67, 'INVALID_PRINCIPAL_TYPE', 'refusal', 'Tokens.'],
  [68, 'NON_EMPTY_GROUP', 'retriable', 'Consumer group.'],
  [69, 'GROUP_ID_NOT_FOUND', 'retriable', 'Consumer group.'],
  [70, 'FETCH_SESSION_ID_NOT_FOUND', 'retriable', 'Fetch.'],
  [71, 'INVALID_FETCH_SESSION_EPOCH', 'retriable', 'Fetch.'],
  [73, 'TOPIC_DELETION_DISABLED', 'retriable', 'Topics.'],
  [77, 'STALE_BROKER_EPOCH', 'retriable', 'Between brokers.'],
  [78, 'OFFSET_NOT_AVAILABLE', 'retriable', 'Fetch: the leader is new.'],
  [79, 'MEMBER_ID_REQUIRED', 'retriable', 'Consumer group: the first half of joining.'],
  [80, 'PREFERRED_LEADER_NOT_AVAILABLE', 'retriable', 'Elections.'],
  [81, 'GROUP_MAX_SIZE_REACHED', 'retriable', 'Consumer group.'],
  [82, 'FENCED_INSTANCE_ID', 'retriable', 'Consumer group.'],
  [83, 'ELIGIBLE_LEADERS_NOT_AVAILABLE', 'retriable', 'Elections.'],
  [84, 'ELECTION_NOT_NEEDED', 'retriable', 'Elections.'],
  [85, 'NO_REASSIGNMENT_IN_PROGRESS', 'retriable', 'Partitions.'],
  [86, 'GROUP_SUBSCRIBED_TO_TOPIC', 'retriable', 'Consumer group.'],
  [88, 'UNSTABLE_OFFSET_COMMIT', 'retriable', 'Offset fetch: a transaction is open.'],
];

/** What no broker answers: the client’s side of a send names it. */
const ours: readonly Row[] = [
  [Number.NaN, 'TLS_REFUSED', 'refusal', 'A certificate that one side does not take.'],
  [Number.NaN, 'UNCOVERED', 'retriable', 'The client answered without naming a partition.'],
  [Number.NaN, 'CLIENT_ERROR', 'client', 'The client library stumbled over itself.'],
];

const toError = ([number, name, failureClass, doc]: Row): KafkaError => {
  return { number, name, failureClass, doc };
};

/** In answers to Produce and Metadata first. */
export const kafkaErrors: readonly KafkaError[] = [...answers, ...others].map(toError);

/** Kafka has renamed some since kafkajs was written. */
const otherNames: Readonly<Record<string, string>> = {
  UNKNOWN_SERVER_ERROR: 'UNKNOWN',
  NOT_LEADER_OR_FOLLOWER: 'NOT_LEADER_FOR_PARTITION',
  COORDINATOR_LOAD_IN_PROGRESS: 'GROUP_LOAD_IN_PROGRESS',
  COORDINATOR_NOT_AVAILABLE: 'GROUP_COORDINATOR_NOT_AVAILABLE',
  NOT_COORDINATOR: 'NOT_COORDINATOR_FOR_GROUP',
};

const byName = new Map([...kafkaErrors, ...ours.map(toError)].map((error) => [error.name, error]));
const byNumber = new Map(kafkaErrors.map((error) => [error.number, error]));

/** Undefined: a name that is in no table. */
export function kafkaErrorOf(name: string): KafkaError | undefined {
  return byName.get(otherNames[name] ?? name);
}

export function kafkaErrorOfNumber(number: number): KafkaError | undefined {
  return byNumber.get(number);
}

/**
 * What is in no table is retriable: holding an acknowledgement loses nothing as long as the broker
 * has room, giving up a record might. It is told like any other trouble, with its name or number.
 */
export function failureClassOf(name: string): FailureClass {
  return kafkaErrorOf(name)?.failureClass ?? 'retriable';
}
