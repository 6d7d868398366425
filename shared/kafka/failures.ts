// What a failed send means: Kafka's own error names and the client's, sorted into one table.

import type { AnsweredPartition } from './kafkajs-patched.ts';

export interface Failure {
  readonly code: string;
  readonly isRetriable: boolean;
  readonly detail: string;
}

/** The same records will never be stored: each is too large or malformed. */
const recordFaults = [
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
];

/** No record of this client will be stored until somebody changes rights or settings. */
const clientFaults = [
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_REQUIRED_ACKS',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'UNSUPPORTED_VERSION',
  'POLICY_VIOLATION',
];

const finalCodes: ReadonlySet<string> = new Set([...recordFaults, ...clientFaults]);

/** True for codes that tell of this client's rights or settings, not of the record. */
export function isClientFault(code: string): boolean {
  return clientFaults.includes(code);
}

/** kafkajs's names for what Kafka has a name for. */
const kafkajsNames: Readonly<Record<string, string>> = {
  KafkaJSConnectionError: 'NETWORK_EXCEPTION',
  KafkaJSConnectionClosedError: 'NETWORK_EXCEPTION',
  KafkaJSRequestTimeoutError: 'REQUEST_TIMED_OUT',
  KafkaJSLockTimeout: 'REQUEST_TIMED_OUT',
  KafkaJSTimeout: 'REQUEST_TIMED_OUT',
  KafkaJSBrokerNotFound: 'BROKER_NOT_AVAILABLE',
  KafkaJSNoBrokerAvailableError: 'BROKER_NOT_AVAILABLE',
  KafkaJSMetadataNotLoaded: 'LEADER_NOT_AVAILABLE',
  KafkaJSTopicMetadataNotLoaded: 'LEADER_NOT_AVAILABLE',
  KafkaJSSASLAuthenticationError: 'SASL_AUTHENTICATION_FAILED',
};

/**
 * What we don't know is retriable: holding an acknowledgement loses nothing, giving up might.
 * kafkajs's own `retriable` is not asked: it calls BROKER_NOT_AVAILABLE and its own bugs final.
 */
export function failureOf(error: unknown): Failure {
  const { name = 'Error', message = String(error), type } = rootOf(error) as Partial<KafkajsError>;
  const code = type ?? kafkajsNames[name] ?? 'CLIENT_ERROR';
  const detail = code === 'CLIENT_ERROR' ? `${name}: ${message}` : message;
  return { code, isRetriable: !finalCodes.has(code), detail };
}

/** What each partition of the refused request was answered; undefined when nothing was. */
export function answersOf(error: unknown): readonly AnsweredPartition[] | undefined {
  return (rootOf(error) as Partial<KafkajsError>).answers;
}

interface KafkajsError {
  readonly name: string;
  readonly message: string;
  /** Kafka's error name; only errors that a broker answered have it. */
  readonly type: string;
  readonly answers: readonly AnsweredPartition[];
}

const causesMax = 8;

/** kafkajs wraps what happened into "retries exceeded" and "non-retriable", often twice. */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < causesMax; depth++) {
    const inner = innerOf(root);
    if (!(inner instanceof Error)) break;
    root = inner;
  }
  return root;
}

/** The admin gathers one error a topic; the first is as good as any. */
function innerOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  const { errors } = error as { readonly errors?: unknown };
  return error.cause ?? (Array.isArray(errors) ? errors[0] : undefined);
}
