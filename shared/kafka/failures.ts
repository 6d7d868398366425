// What a failed send means: kafkajs's errors, however they are wrapped, by the one table of
// kafka-errors.ts.

import { type FailureClass, failureClassOf, kafkaErrorOfNumber } from './kafka-errors.ts';
import type { AnsweredPartition } from './producer-session.ts';

export interface Failure {
  readonly code: string;
  /** False: of the classes `record` and `refusal`. */
  readonly isRetriable: boolean;
  readonly detail: string;
}

const finalClasses: ReadonlySet<FailureClass> = new Set(['record', 'refusal']);

/** True for codes that tell of this client's rights or settings, not of the record. */
export function isClientFault(code: string): boolean {
  return failureClassOf(code) === 'refusal';
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
 * kafkajs's own `retriable` is not asked: it calls BROKER_NOT_AVAILABLE and its own bugs final.
 */
export function failureOf(error: unknown): Failure {
  const root = rootOf(error) as Partial<KafkajsError>;
  const { name = 'Error', message = String(error) } = root;
  const code = codeOf(root);
  const detail = code === 'CLIENT_ERROR' ? `${name}: ${message}` : message;
  return { code, isRetriable: !finalClasses.has(failureClassOf(code)), detail };
}

function codeOf({ name = 'Error', message = '', type, code }: Partial<KafkajsError>): string {
  if (type === unknownNumberType) return nameOfNumber(message);
  if (type !== undefined) return type;
  if (typeof code === 'string' && isOfTls(code)) return 'TLS_REFUSED';
  return kafkajsNames[name] ?? 'CLIENT_ERROR';
}

const unknownNumberType = 'KAFKAJS_UNKNOWN_ERROR_CODE';

/** kafkajs's table ends at 88, and what is beyond stands in its sentence alone. */
function nameOfNumber(message: string): string {
  const number = Number(/-?\d+$/.exec(message)?.[0]);
  return kafkaErrorOfNumber(number)?.name ?? `KAFKA_ERROR_${number}`;
}

/** Node's names for a certificate that we do not take, and OpenSSL's for one that the broker. */
function isOfTls(code: string): boolean {
  return /^ERR_(SSL|TLS|OSSL)_|CERT|_ISSUER|_SIGNATURE$|^HOSTNAME_MISMATCH$/.test(code);
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
  /** Kafka's number, or what Node says of the socket. */
  readonly code: number | string;
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
